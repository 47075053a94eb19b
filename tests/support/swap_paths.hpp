/// One swap through every piece of code that can make it.
#pragma once

#include "sim/pool/pool.hpp"

#include <string>

namespace sluice::test {

/// How many swaps each way took; the last two only those that they take. All from 0. Errors: none.
struct path_count {
  uint64_t straight = 0;
  uint64_t watched = 0;
  uint64_t overlay = 0;
  uint64_t in_turns = 0;
  uint64_t in_registers = 0;
  uint64_t earned = 0; // fees that an overlay's position came to, compared to the wei
};

/// `engine` swapped from `before` to `after` (or reverted). Does the straight form? Does the engine
/// with an observer? Do plans on a shared pool, alone and on lanes, one of which holds a position
/// of the pool's as its own, the one that `pick` selects? Empty, or who does not. `now`: seconds of
/// block time; `pick`: any number.
std::string swap_paths_differ(const pool& before, const swap_request& order, uint32_t now,
                              const or_revert<swap_amounts>& engine, const pool& after,
                              uint64_t pick, path_count& count);

} // namespace sluice::test
