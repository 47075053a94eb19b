/// How a strategy turns what it owns into positions.
#pragma once

#include "rules/liquidity/query.hpp"

#include <optional>
#include <vector>

namespace sluice {

/// Ticks of -887272 to 887272, lower < upper.
struct tick_range {
  int32_t lower = 0;
  int32_t upper = 0;
  /// The lower end belongs to it, the upper one does not; any tick.
  bool contains(int32_t tick) const { return lower <= tick && tick < upper; }
  bool operator==(const tick_range&) const = default;
};

/// Ticks that a price moves through when its natural logarithm changes by `log_change` (its sign
/// does not count), rounded up, 1 to 1774544, the whole tick range; 1 for what is no number. No
/// error.
int32_t ticks_of(double log_change);

/// The aligned range that reaches at least `below` and `above` ticks from `tick`, cut at the bounds
/// (+-887272). None when the spacing leaves no space for a range: it is not 1 to 887272.
std::optional<tick_range> range_around(int32_t tick, int32_t below, int32_t above, int32_t spacing);

/// Free tokens, positions and uncollected fees together, in smallest units; a sum above 2^256 - 1
/// counts as that. No error.
inventory everything(const rebalance_query& query);

/// What is asked for to leave everything as it is; equal ranges are asked for once. At most
/// limits::positions_max of them. Allocations are smallest units and saturate at 2^256 - 1; no
/// error.
std::vector<desired_position> as_it_stands(const rebalance_query& query);

/// One position with all that the miner owns, `below` and `above` ticks wide: equal values of both
/// tokens, as far as it has them. When one token makes up less than a tenth of the value, a range
/// on the other token's side of the price takes that one alone. Empty when there is nothing to
/// deploy. Allocations are smallest units, never above what is owned; no error.
std::vector<desired_position> deploy(const rebalance_query& query, int32_t below, int32_t above);

} // namespace sluice
