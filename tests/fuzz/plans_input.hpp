/// Any bytes as a market and plans in it: what the fuzzer of shared pools and lanes runs.
#pragma once

#include <string>
#include <string_view>

namespace sluice::test {

/// What came of an input.
struct plans_end {
  std::string wrong; // empty: every plan earns the same in every way of playing it
  size_t swaps = 0;  // of the market
  size_t plans = 0;
  size_t paid = 0;    // plans that earned fees inside the pool
  size_t refused = 0; // plans that cannot be played
};

/// A pool, blocks of swaps, mints and burns, and up to 12 plans. The market is replayed from its
/// events; then plans that share a pool, on lanes in turns and in registers, have to earn what each
/// earns in a pool of its own, and plans beside the market what they earn without skipping blocks.
plans_end play_plans(std::string_view bytes);

} // namespace sluice::test
