/// Which connection speaks for which hotkey: the newer wins.
#pragma once

#include "rules/ids.hpp"

#include <cstdint>
#include <map>
#include <optional>

namespace sluice {

/// One session per hotkey, so never more of them than the roster has hotkeys. Sessions are numbered
/// from 1; no function here fails.
class session_book {
public:
  /// A session that has just been admitted.
  struct opened {
    uint64_t session = 0;            // its number, from 1, never used again
    std::optional<uint64_t> older{}; // the one that it replaces: notify it, close it
    bool operator==(const opened&) const = default;
  };
  opened open(const hotkey& key);

  /// Only the session that speaks for the hotkey may take it along: the end of an older one, which
  /// comes late, changes nothing. True when the hotkey has no session any more.
  bool leave(const hotkey& key, uint64_t session);

  /// The number of the hotkey's session, from 1; none when it has none.
  std::optional<uint64_t> find(const hotkey& key) const;
  /// Sessions, one per hotkey.
  size_t size() const { return sessions_.size(); }

private:
  std::map<hotkey, uint64_t> sessions_;
  uint64_t last_ = 0;
};

} // namespace sluice
