#include "rules/miner_gateway/sessions.hpp"

namespace sluice {

session_book::opened session_book::open(const hotkey& key) {
  opened made{++last_, find(key)};
  sessions_[key] = made.session;
  return made;
}

bool session_book::leave(const hotkey& key, uint64_t session) {
  const auto at = sessions_.find(key);
  if (at == sessions_.end() || at->second != session)
    return false;
  sessions_.erase(at);
  return true;
}

std::optional<uint64_t> session_book::find(const hotkey& key) const {
  const auto at = sessions_.find(key);
  return at == sessions_.end() ? std::nullopt : std::optional{at->second};
}

} // namespace sluice
