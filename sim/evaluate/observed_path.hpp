/// The steps and swaps of a window, numbers of one kind side by side, as many plans read them.
#pragma once

#include "sim/evaluate/path_extents.hpp"

namespace sluice {

/// Made once for a window, which must live on and have fewer than 2^32 steps. Ticks stand for
/// prices: a bound of a position is the price of its tick, so whether a step is inside of two
/// bounds is a question about whole numbers. Ticks are -887272 to 887272, fees smallest units,
/// liquidity is L.
struct observed_path {
  explicit observed_path(const window& market);

  path_extents extents;
  std::vector<size_t> block_steps; // before each block, and all of them
  std::vector<size_t> block_swaps;

  std::vector<const path_step*> steps;
  std::vector<int32_t> floor_tick;   // the highest whose price is at or below the step's lowest
  std::vector<int32_t> ceiling_tick; // the lowest whose price is at or above the step's highest
  std::vector<u128> fee0;            // 0 where it does not fit
  std::vector<u128> fee1;
  std::vector<uint32_t> level;       // which of `liquidity`
  std::vector<uint32_t> level_until; // the step that has another level, or their number
  std::vector<u128> liquidity;       // every one that a step has, once
  bool narrow = true;                // no fee has more than 64 bits
  bool fits = true;                  // no fee has more than 128 bits

  std::vector<int32_t> swap_tick;   // after each swap
  std::vector<u256> swap_price;     // Q64.96
  std::vector<uint32_t> swap_steps; // steps up to and including it
};

} // namespace sluice
