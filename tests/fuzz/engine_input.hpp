/// Any bytes as operations on a pool: what the fuzzer of the engine runs.
#pragma once

#include "tests/support/swap_paths.hpp"

#include <string_view>

namespace sluice::test {

/// What came of an input.
struct engine_game_end {
  std::string wrong; // empty: engine and straight form agree, and the books are right
  int done = 0;      // operations that went through
  int reverted = 0;
  int swaps = 0;    // among those that went through
  path_count paths; // ways in which swaps were made again
};

/// Makes a pool, Uniswap's or Slipstream's, and does to it what the bytes define. Every swap is
/// made in every way that there is, by the straight form too; after every operation ticks,
/// positions, balances and staked liquidity have to add up, and a revert must have changed nothing.
engine_game_end play_engine(std::string_view bytes);

} // namespace sluice::test
