/// The prices of ticks from a table that fills itself: the same numbers as sim/math/tick_math,
/// sooner.
#pragma once

#include "rules/math/u256.hpp"

#include <cstdint>

namespace sluice {

/// sqrt_ratio_at_tick: |tick| must be at most max_tick.
u256 tick_price(int32_t tick);

/// tick_at_sqrt_ratio: the price must be in [min_sqrt_ratio, max_sqrt_ratio).
int32_t tick_at_price(const u256& sqrt_price_x96);

/// Ticks up to this one have prices of at most 128 bits.
inline constexpr int32_t narrow_tick_max = 443'636;

/// sqrt_ratio_at_tick up to narrow_tick_max.
u128 narrow_tick_price(int32_t tick);

/// tick_at_sqrt_ratio of a price of at least min_sqrt_ratio, which is probably at tick `near`.
int32_t tick_at_narrow_price(u128 sqrt_price_x96, int32_t near);

} // namespace sluice
