/// Prices between which the swaps of a pool meet no stop.
#pragma once

#include "sim/math/tick_prices.hpp"

namespace sluice {

/// What all swaps have in common that start at one of the ticks `tick_low` to `tick_high` - 1 and
/// end strictly between their prices. It depends on the pool's initialized ticks and what is minted
/// there, so it holds until one of these changes. Ticks are -887272 to narrow_tick_max, prices
/// sqrtPriceX96.
struct swap_segment {
  int32_t tick_low = 0; // no tick at first
  int32_t tick_high = 0;
  u128 low = 0;
  u128 high = 0;
  bool whole_input0 = false; // see whole_input0, whole_input1 (sim/math/narrow_step.hpp)
  bool whole_input1 = false;
  double per_input0 = 0; // low / (L * 2^96), nearly
  recent_tick last;
  bool is_worth_finding = true; // the last swap that took steps ended near by

  bool holds(int32_t tick) const { return tick_low <= tick && tick < tick_high; }
  /// What is kept follows from the pool's state.
  bool operator==(const swap_segment& /*other*/) const { return true; }
};

} // namespace sluice
