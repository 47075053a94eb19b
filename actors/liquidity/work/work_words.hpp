/// What a node and its workers send each other: windows in parts, plans, outcomes.
#pragma once

#include "rules/result.hpp"
#include "sim/evaluate/window.hpp"

#include <optional>
#include <string>
#include <vector>

namespace sluice {

/// How much of it travels and stays.
namespace work_bounds {
inline constexpr size_t markets_max = 128;             // that a worker keeps
inline constexpr size_t block_bytes = size_t{1} << 20; // of one frame of blocks, about
inline constexpr uint32_t batches_per_core = 2;        // unanswered
inline constexpr size_t kept_bytes = size_t{1} << 30;  // by a worker, as they travelled
} // namespace work_bounds

/// A market as a window opens on it; its blocks follow.
struct market_words {
  uint64_t market = 0; // the node's number for it
  pool_terms terms;
  uint64_t from = 0;
  u256 sqrt_price_x96;
  int32_t tick = 0;
  std::string start_pool; // pool::save; empty for bars
  SLUICE_FIELDS(market, terms, from, sqrt_price_x96, tick, start_pool)
};

// What a block_record is made of, with its fields listed for the way.
struct step_words : path_step {
  SLUICE_FIELDS(sqrt_price_from_x96, sqrt_price_to_x96, liquidity, fee0, fee1)
};
struct swap_words : path_swap {
  SLUICE_FIELDS(steps_until, sqrt_price_x96, tick, asked, fee)
};
struct block_words {
  feed_block block;
  std::vector<step_words> steps;
  std::vector<swap_words> swaps;
  u256 sqrt_price_x96;
  int32_t tick = 0;
  u256 reward;
  u128 staked = 0;
  SLUICE_FIELDS(block, steps, swaps, sqrt_price_x96, tick, reward, staked)
};

block_words to_words(const block_record& record);
block_record from_words(block_words words);

/// Blocks behind those that were sent before.
struct blocks_words {
  uint64_t market = 0;
  std::vector<block_words> blocks;
  SLUICE_FIELDS(market, blocks)
};

/// The market is over; the worker may forget it.
struct market_end_words {
  uint64_t market = 0;
  SLUICE_FIELDS(market)
};

/// Plans to be played in the first `blocks` blocks of a market.
struct work_words {
  uint64_t batch = 0;
  uint64_t market = 0;
  uint64_t to = 0;
  uint64_t blocks = 0;
  pool_model model = pool_model::observed;
  uint32_t positions_max = 0;
  std::vector<plan> plans;
  SLUICE_FIELDS(batch, market, to, blocks, model, positions_max, plans)
};

/// One plan's outcome, or why there is none.
struct outcome_words {
  uint8_t code = 0; // ec; 0 with an outcome
  std::string what;
  std::optional<plan_outcome> outcome;
  SLUICE_FIELDS(code, what, outcome)
};

/// The answer to a batch.
struct done_words {
  uint64_t batch = 0;
  std::vector<outcome_words> outcomes;
  SLUICE_FIELDS(batch, outcomes)
};

/// The worker does not have the market of this batch (any more), or fell over it.
struct undone_words {
  uint64_t batch = 0;
  uint64_t market = 0;
  SLUICE_FIELDS(batch, market)
};

std::vector<outcome_words> to_words(const std::vector<result<plan_outcome>>& outcomes);

/// corrupt_data when there are not `count`, or one is neither an outcome nor a fault.
result<std::vector<result<plan_outcome>>>
from_words(std::vector<outcome_words> words, size_t count);

} // namespace sluice
