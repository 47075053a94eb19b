/// Plans of a shared pool that take the same swaps side by side.
#pragma once

#include "sim/evaluate/overlay.hpp"
#include "sim/lanes/lanes.hpp"

namespace sluice {

/// A plan and where its swaps are counted.
struct lane_rider {
  overlay* plan = nullptr;
  swap_count* swaps = nullptr;
};

/// A swap as it was asked for, when it is narrow as one step takes it, and when its input is exact
/// as lanes take it.
struct shared_order {
  swap_request asked;
  lane_order quick{};
  // As one narrow step takes it beside a lane:
  u128 size = 0;  // of the amount in smallest units, below 2^108; 0 when no step can take it
  u128 limit = 0; // sqrtPriceX96, cut off at 2^128 - 1

  /// Splits the order for the pool's fee; no error.
  shared_order(const swap_request& asked, const shared_pool& pool);
};

/// Does what overlay::play does for each of them: in lanes while the price stays between two stops,
/// by the plan's own loop where it does not.
void play_side_by_side(std::span<const lane_rider> riders, std::span<const shared_order> orders,
                       lane_mode mode = fastest_mode());

} // namespace sluice
