#include "rules/trading/chain_slots.hpp"

#include <map>

namespace sluice {

namespace {

/// Is `a` rather than `b` the one that the chain means?
bool is_rather(const trading_identity& a, const trading_identity& b) {
  if (a.registered != b.registered)
    return a.registered;
  return a.first_seen_us > b.first_seen_us;
}

} // namespace

size_t take_slots(trading_world& world, std::span<const chain_slot> slots) {
  std::map<std::string_view, uint16_t> uids;
  for (const auto& x : slots)
    uids.emplace(x.hotkey, x.uid);
  std::map<std::string_view, trading_identity*> chosen;
  for (auto& x : world.identities)
    if (uids.contains(x.hotkey)) {
      auto& best = chosen[x.hotkey];
      if (!best || is_rather(x, *best))
        best = &x;
    }
  for (auto& x : world.identities) {
    const auto at = chosen.find(x.hotkey);
    x.registered = at != chosen.end() && at->second == &x;
    if (x.registered)
      x.last_uid = uids.at(x.hotkey);
  }
  size_t unknown = 0;
  for (const auto& x : slots)
    unknown += chosen.contains(x.hotkey) ? 0 : 1;
  return unknown;
}

} // namespace sluice
