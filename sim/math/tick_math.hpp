/// Ticks and square-root prices (Uniswap's TickMath), Q64.96.
#pragma once

#include "rules/math/u256.hpp"

#include <cstdint>

namespace sluice {

/// The lowest tick, allowed as a bound of a range and as the tick of a pool.
inline constexpr int32_t min_tick = -887272;
/// The highest tick, allowed as a bound of a range; a pool itself stays below it.
inline constexpr int32_t max_tick = 887272;
/// The price at min_tick, sqrtPriceX96: the lowest a pool can have.
inline constexpr u256 min_sqrt_ratio = 4295128739U;
/// The price at max_tick, sqrtPriceX96: a pool stays below it.
inline constexpr u256 max_sqrt_ratio
  = *u256::parse("1461446703485210103287273052203988822378723970342");

/// TickMath.getSqrtRatioAtTick: sqrt(1.0001^tick) * 2^96, rounded up as the contract does, from
/// min_sqrt_ratio to max_sqrt_ratio. |tick| must be at most max_tick (not checked: where the
/// contract reverts with T the number means nothing).
u256 sqrt_ratio_at_tick(int32_t tick);

/// TickMath.getTickAtSqrtRatio: the greatest tick, min_tick to max_tick - 1, whose price is not
/// above `sqrt_price_x96`, which must be in [min_sqrt_ratio, max_sqrt_ratio) (not checked: where
/// the contract reverts with R the number means nothing).
int32_t tick_at_sqrt_ratio(const u256& sqrt_price_x96);

} // namespace sluice
