/// Ticks and square-root prices (Uniswap's TickMath), Q64.96.
#pragma once

#include "rules/math/u256.hpp"

#include <cstdint>

namespace sluice {

inline constexpr int32_t min_tick = -887272;
inline constexpr int32_t max_tick = 887272;
/// The price at min_tick: the lowest a pool can have.
inline constexpr u256 min_sqrt_ratio = 4295128739U;
/// The price at max_tick: a pool stays below it.
inline constexpr u256 max_sqrt_ratio
  = *u256::parse("1461446703485210103287273052203988822378723970342");

/// sqrt(1.0001^tick) * 2^96, rounded up as the contract does; |tick| must be at most max_tick.
u256 sqrt_ratio_at_tick(int32_t tick);

/// The greatest tick whose price is not above `sqrt_price_x96`, which must be in
/// [min_sqrt_ratio, max_sqrt_ratio).
int32_t tick_at_sqrt_ratio(const u256& sqrt_price_x96);

} // namespace sluice
