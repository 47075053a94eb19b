/// How long to wait before connecting again.
#pragma once

#include <cstdint>

namespace sluice {

/// Milliseconds, 0 <= least_ms <= most_ms (not checked).
struct back_off_terms {
  uint64_t least_ms = 1'000;
  uint64_t most_ms = 60'000;
};

/// The pause before attempt `failures` + 1 (`failures` in a row, from 1). Doubles from twice the
/// least up to the most, and is anywhere between the least and that, so that the miners of a node
/// that restarts do not all come at the same moment. `chance` is any number. The other side's wish
/// (`retry_ms`, 0: none) is added to, never undercut. Milliseconds, least_ms to most_ms, with a
/// wish of the other side to some ten times most_ms. No error.
uint64_t
back_off_ms(const back_off_terms& terms, uint64_t failures, uint64_t chance, uint64_t retry_ms = 0);

} // namespace sluice
