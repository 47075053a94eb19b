/// What a node and its workers send each other: windows in parts, plans, outcomes.
#pragma once

#include "rules/result.hpp"
#include "sim/evaluate/window.hpp"

#include <optional>
#include <string>
#include <vector>

namespace sluice {

/// How much of it travels and stays. Counts and bytes, inclusive. What is beyond one waits, goes
/// into another frame, or is forgotten.
namespace work_bounds {
inline constexpr size_t markets_max = 128;             // that a worker keeps
inline constexpr size_t block_bytes = size_t{1} << 20; // of one frame of blocks, about
inline constexpr uint32_t batches_per_core = 2;        // unanswered
inline constexpr size_t kept_bytes = size_t{1} << 30;  // by a worker, as they travelled
} // namespace work_bounds

/// A market as a window opens on it; its blocks follow. `from` is a block of the feed; the price is
/// Q64.96, token1 per token0 in smallest units, with its tick. A pool that cannot be loaded: the
/// batch comes back undone.
struct market_message {
  uint64_t market = 0; // the node's number for it
  pool_terms terms;
  uint64_t from = 0;
  u256 sqrt_price_x96;
  int32_t tick = 0;
  std::string start_pool; // pool::save; empty for bars
  SLUICE_FIELDS(market, terms, from, sqrt_price_x96, tick, start_pool)
};

// What a block_record is made of, with its fields listed for the transfer.
/// Units as there (sim/evaluate/window.hpp).
struct wire_step : path_step {
  SLUICE_FIELDS(sqrt_price_from_x96, sqrt_price_to_x96, liquidity, fee0, fee1)
};
struct wire_swap : path_swap {
  SLUICE_FIELDS(steps_until, sqrt_price_x96, tick, asked, fee)
};
/// Prices are Q64.96, `reward` is in the reward token's smallest unit, `staked` is liquidity. Bytes
/// that are none are logged and left out, so that the batch comes back undone.
struct wire_block {
  feed_block block;
  std::vector<wire_step> steps;
  std::vector<wire_swap> swaps;
  u256 sqrt_price_x96;
  int32_t tick = 0;
  u256 reward;
  u128 staked = 0;
  SLUICE_FIELDS(block, steps, swaps, sqrt_price_x96, tick, reward, staked)
};

wire_block to_wire(const block_record& record);
block_record from_wire(wire_block message);

/// Blocks behind those that were sent before. `market`: the number that came before, from 1. One of
/// a market that was forgotten is passed over.
struct blocks_message {
  uint64_t market = 0;
  std::vector<wire_block> blocks;
  SLUICE_FIELDS(market, blocks)
};

/// The market is over; the worker may forget it. `market`: its number, from 1. One that was
/// forgotten is passed over.
struct market_end_message {
  uint64_t market = 0;
  SLUICE_FIELDS(market)
};

/// Plans to be played in the first `blocks` blocks of a market. `batch` and `market` are the node's
/// numbers, from 1; `to` is the last block of the window, `blocks` a count; `positions_max` as in
/// `simulation`. A market or blocks that are not there: the batch comes back undone.
struct work_message {
  uint64_t batch = 0;
  uint64_t market = 0;
  uint64_t to = 0;
  uint64_t blocks = 0;
  pool_model model = pool_model::observed;
  uint32_t positions_max = 0;
  std::vector<plan> plans;
  evaluation_options how;
  SLUICE_FIELDS(batch, market, to, blocks, model, positions_max, plans, how)
};

/// One plan's outcome, or why there is none. `code`: a number of ec, 0 to 255; one that names none
/// is corrupt_data.
struct wire_outcome {
  uint8_t code = 0; // ec; 0 with an outcome
  std::string what;
  std::optional<plan_outcome> outcome;
  SLUICE_FIELDS(code, what, outcome)
};

/// The answer to a batch. `batch`: as in the work. One that nobody waits for is passed over.
struct work_done_message {
  uint64_t batch = 0;
  std::vector<wire_outcome> outcomes;
  SLUICE_FIELDS(batch, outcomes)
};

/// The worker does not have the market of this batch (any more), or failed at it. `batch` and
/// `market`: as in the work. One that nobody waits for is passed over.
struct work_undone_message {
  uint64_t batch = 0;
  uint64_t market = 0;
  SLUICE_FIELDS(batch, market)
};

std::vector<wire_outcome> to_wire(const std::vector<result<plan_outcome>>& outcomes);

/// corrupt_data when there are not `count`, or one is neither an outcome nor a fault. `count`: how
/// many plans the batch had.
result<std::vector<result<plan_outcome>>>
from_wire(std::vector<wire_outcome> message, size_t count);

} // namespace sluice
