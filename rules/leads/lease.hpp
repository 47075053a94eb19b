/// How an item of a queue is handed out: leased for a time, again when the lease expires, until it
/// is acknowledged or was handed out too often.
#pragma once

#include "rules/fields.hpp"
#include "rules/ids.hpp"

#include <cstdint>
#include <string>
#include <string_view>

namespace sluice {

/// `lease_ms`: milliseconds from 1 that a holder has; `deliveries_max`: from 1. Not checked.
struct lease_terms {
  uint64_t lease_ms = 300'000;
  uint64_t deliveries_max = 3; // then it is set aside: kept, not handed out
};

/// Where one item stands. Stored; times are milliseconds since 1970-01-01 UTC.
struct lease_state {
  std::string lease;       // "": never handed out
  hotkey holder;           // of the last delivery
  uint64_t until_ms = 0;   // of the last lease; from this moment on it has expired
  uint64_t deliveries = 0; // from 0
  SLUICE_FIELDS(lease, holder, until_ms, deliveries)
  bool operator==(const lease_state&) const = default;
};

enum class lease_status : uint8_t {
  waiting = 0, // may be handed out: never was, or the lease has expired
  leased,
  set_aside, // every delivery expired: for the operator, until its place is needed
};

/// `now_ms`: milliseconds since 1970-01-01 UTC, here and below. A clock that went back makes a
/// lease longer, never shorter. No error.
lease_status status_of(const lease_state& x, uint64_t now_ms, const lease_terms& terms);

/// The state after one more delivery to this wallet; `item` makes the lease's name unique. Only for
/// what is waiting (not checked).
lease_state handed_out(const lease_state& x, std::string_view item, const hotkey& to,
                       uint64_t now_ms, const lease_terms& terms);

/// Does this lease of this wallet acknowledge the item? Not when it expired: somebody else may have
/// the item by now.
bool acknowledges(const lease_state& x, const hotkey& who, std::string_view lease, uint64_t now_ms);

} // namespace sluice
