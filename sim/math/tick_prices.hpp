/// The prices of ticks from a table that fills itself: the same numbers as sim/math/tick_math,
/// sooner.
#pragma once

#include "rules/math/u256.hpp"

#include <cstdint>

namespace sluice {

/// sqrt_ratio_at_tick, Q64.96: |tick| must be at most max_tick (not checked: undefined).
u256 tick_price(int32_t tick);

/// tick_at_sqrt_ratio, min_tick to max_tick - 1: the price (Q64.96) must be in
/// [min_sqrt_ratio, max_sqrt_ratio) (not checked: undefined).
int32_t tick_at_price(const u256& sqrt_price_x96);

/// The highest tick whose price has at most 128 bits: sqrtPriceX96 below 2^128.
inline constexpr int32_t narrow_tick_max = 443'636;

/// sqrt_ratio_at_tick, Q64.96, below 2^128, for ticks of min_tick to narrow_tick_max (not checked:
/// undefined).
u128 narrow_tick_price(int32_t tick);

/// tick_at_sqrt_ratio, min_tick to narrow_tick_max, of a price (Q64.96) of at least min_sqrt_ratio
/// (not checked: undefined), which is probably at tick `near`; any `near` gives the same answer.
int32_t tick_at_narrow_price(u128 sqrt_price_x96, int32_t near);

/// The tick that was asked for last, and its two prices: the next one is mostly the same.
class recent_tick {
public:
  /// tick_at_narrow_price.
  int32_t at(u128 sqrt_price_x96, int32_t near) {
    if (sqrt_price_x96 < low_ || sqrt_price_x96 >= high_) {
      tick_ = tick_at_narrow_price(sqrt_price_x96, near);
      low_ = narrow_tick_price(tick_);
      high_ = tick_ < narrow_tick_max ? narrow_tick_price(tick_ + 1) : low_; // else: never again
    }
    return tick_;
  }

private:
  int32_t tick_ = 0;
  u128 low_ = 0;  // prices from here
  u128 high_ = 0; // to below this one are at the tick
};

} // namespace sluice
