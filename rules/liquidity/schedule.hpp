/// Rounds and checkpoints as functions of the block number: every validator runs the same.
#pragma once

#include "rules/liquidity/ids.hpp"

#include <cstdint>
#include <vector>

namespace sluice {

/// A round as block numbers, the end included.
struct round_span {
  round_no number;
  uint64_t start_block = 0;
  uint64_t end_block = 0; // included
  bool operator==(const round_span&) const = default;
};

/// Never 0. `round_seconds / block_seconds` (both in seconds), rounded down, 1 to
/// limits::round_blocks_max; 1 for what is no number. No error.
uint64_t blocks_per_round(uint64_t round_seconds, double block_seconds);

/// number = block / blocks_per_round; 0 blocks per round count as 1. No error; the end of a round
/// beyond 2^64 wraps.
round_span round_at(uint64_t block, uint64_t blocks_per_round);
/// The round with this number, with the same bounds; blocks beyond 2^64 wrap. No error.
round_span round_by_number(round_no number, uint64_t blocks_per_round);

/// The first round of a job, or where to look for it next.
struct first_round {
  round_no number;
  bool here = false;      // it begins with the next block
  uint64_t look_from = 0; // otherwise: the block to which the feed has to be moved
  bool operator==(const first_round&) const = default;
};

/// The first round is the first one that begins when its pool has a price. `at`: the feed stands
/// after this block; `alive`: there is a price; `wanted`: the block that the first round should
/// contain. Blocks are the feed's. No error.
first_round first_round_from(uint64_t at, bool alive, uint64_t wanted, uint64_t blocks_per_round);

/// Block numbers, ascending: the blocks after whose last event miners are asked again: start + k *
/// every, k >= 1, before the end block; none for `every` 0. (The first question of a round is its
/// opening, before the start block's first event.) No error.
std::vector<uint64_t> checkpoints(const round_span& round, uint64_t every);

/// Days since 1970-01-01 UTC, modulo 2^32; no error.
uint32_t utc_day(uint64_t unix_seconds);

} // namespace sluice
