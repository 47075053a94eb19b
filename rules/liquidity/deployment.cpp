#include "rules/liquidity/deployment.hpp"

#include "rules/limits.hpp"
#include "rules/liquidity/score.hpp"

#include <algorithm>
#include <cmath>

namespace sluice {

namespace {

u256 saturating_sum(const u256& a, const u256& b) {
  const u256 sum = a + b;
  return sum < a ? u256::max() : sum;
}

int32_t align_down(int64_t tick, int32_t spacing) {
  int64_t steps = tick / spacing;
  if (tick % spacing < 0)
    --steps;
  return static_cast<int32_t>(steps * spacing);
}

int32_t align_up(int64_t tick, int32_t spacing) {
  return -align_down(-tick, spacing);
}

/// floor(x * part / whole) for part <= whole, in the leading 128 bits: never above x.
u256 part_of(const u256& x, const u256& part, const u256& whole) {
  const auto spare = [](const u256& y) {
    const auto bits = static_cast<unsigned>(y.bit_width());
    return bits > 128 ? bits - 128 : 0U;
  };
  const unsigned shift = spare(whole);
  const unsigned shift_x = spare(x);
  return (((x >> shift_x) * (part >> shift)) / (whole >> shift)) << shift_x;
}

} // namespace

int32_t ticks_of(double log_change) {
  const double ticks = std::ceil(std::abs(log_change) / std::log(1.0001));
  if (!(ticks >= 1))
    return 1;
  return static_cast<int32_t>(std::min(ticks, 2.0 * limits::tick_max));
}

std::optional<tick_range>
range_around(int32_t tick, int32_t below, int32_t above, int32_t spacing) {
  if (spacing < 1 || spacing > limits::tick_max)
    return std::nullopt;
  const int32_t top = align_down(limits::tick_max, spacing);
  tick_range range{std::clamp(align_down(int64_t{tick} - below, spacing), -top, top),
                   std::clamp(align_up(int64_t{tick} + above, spacing), -top, top)};
  if (range.lower < range.upper)
    return range;
  if (range.lower == top)
    range.lower = top - spacing;
  else
    range.upper = range.lower + spacing;
  return range;
}

inventory everything(const rebalance_query& query) {
  inventory sum = query.inventory_remaining;
  for (const auto& x : query.current_positions) {
    sum.amount0 = saturating_sum(sum.amount0, saturating_sum(x.amount0, x.fees0));
    sum.amount1 = saturating_sum(sum.amount1, saturating_sum(x.amount1, x.fees1));
  }
  return sum;
}

std::vector<desired_position> as_it_stands(const rebalance_query& query) {
  std::vector<desired_position> desired;
  for (const auto& x : query.current_positions) {
    const auto twin = std::find_if(desired.begin(), desired.end(), [&](const auto& y) {
      return x.tick_lower == y.tick_lower && x.tick_upper == y.tick_upper;
    });
    if (twin != desired.end()) {
      twin->allocation0 = saturating_sum(twin->allocation0, x.amount0);
      twin->allocation1 = saturating_sum(twin->allocation1, x.amount1);
    } else if (desired.size() < limits::positions_max) {
      desired.push_back({x.tick_lower, x.tick_upper, x.amount0, x.amount1, std::nullopt});
    }
  }
  return desired;
}

std::vector<desired_position> deploy(const rebalance_query& query, int32_t below, int32_t above) {
  const auto owned = everything(query);
  if (owned.amount0.is_zero() && owned.amount1.is_zero())
    return {};
  const u256 value0 = value_in_token1(owned.amount0, 0, query.sqrt_price_x96);
  const u256& value1 = owned.amount1;
  const auto scarce = [](const u256& x, const u256& other) { return x < other / 9; };
  const bool only0 = value1.is_zero() || scarce(value1, value0);
  const bool only1 = !only0 && (value0.is_zero() || scarce(value0, value1));

  const int32_t spacing = query.terms.tick_spacing;
  const int32_t tick = query.tick;
  // Token0 alone starts at the next aligned tick, token1 alone ends at the last one.
  const auto range = only0   ? range_around(tick, -std::max(spacing, 1), above, spacing)
                     : only1 ? range_around(tick, below, 1 - std::max(spacing, 1), spacing)
                             : range_around(tick, below, above, spacing);
  if (!range)
    return {};
  desired_position wanted{range->lower, range->upper, 0, 0, std::nullopt};
  if (only0) {
    wanted.allocation0 = owned.amount0;
  } else if (only1) {
    wanted.allocation1 = owned.amount1;
  } else {
    const bool more0 = value0 > value1;
    wanted.allocation0 = more0 ? part_of(owned.amount0, value1, value0) : owned.amount0;
    wanted.allocation1 = more0 ? owned.amount1 : value0;
  }
  return {wanted};
}

} // namespace sluice
