/// A miner's plan for one window and what it earned, number by number.
#pragma once

#include "rules/pool/position.hpp"

namespace sluice {

/// How a plan is played against the recorded market (facts/liquidity §3).
enum class pool_model : uint8_t {
  observed = 0, // the price path is the one that happened
  replayed,     // the plan is played into a private copy of the pool
};

/// What `in_range_ratio` is the mean of, over the swaps of a window.
enum class range_measure : uint8_t {
  count = 0, // 1 where a position contains the tick, else 0: the original rule
  value,     // what the positions that contain the tick are worth, of all that the plan has
};

/// At which price the private pool of the replayed model is valued at the end of a window.
enum class valuing_price : uint8_t {
  own = 0, // the pool's own, which the plan has moved: the original rule
  market,  // the market's: a swap to that limit comes first
};

/// How plans are measured; the default is the original rule.
struct evaluation_options {
  range_measure range = range_measure::count;
  valuing_price valuing = valuing_price::own;
  SLUICE_FIELDS(range, valuing)
  bool operator==(const evaluation_options&) const = default;
};

/// A position that exists when the window opens. Ticks are -887272 to 887272, multiples of the
/// spacing, ascending, liquidity is L from 1 on; else plan_fault names it.
struct start_position {
  int32_t tick_lower = 0;
  int32_t tick_upper = 0;
  u128 liquidity = 0;
  SLUICE_FIELDS(tick_lower, tick_upper, liquidity)
  bool operator==(const start_position&) const = default;
};

/// Takes effect after the last event of the block with this number.
struct rebalance {
  uint64_t block = 0;
  std::vector<desired_position> desired_positions;
  SLUICE_FIELDS(block, desired_positions)
  bool operator==(const rebalance&) const = default;
};

/// What a miner has at the start and asks for in a window; amounts are smallest units, 0 to 2^128 -
/// 1 at the start.
struct plan {
  static constexpr size_t fields_in_schema_1 = 4;

  inventory start;
  std::vector<start_position> positions;
  /// Applied before the first event of the window (a round's first answer).
  std::optional<std::vector<desired_position>> opening;
  std::vector<rebalance> rebalances; // by block, ascending
  /// Slipstream: every position is staked while it exists, and earns rewards instead of fees.
  bool staked = false;
  SLUICE_FIELDS(start, positions, opening, rebalances, staked)
  bool operator==(const plan&) const = default;
};

/// The metrics of facts/liquidity §3. Values are in token1's smallest unit, fees in that of their
/// token, 0 to 2^256 - 1; a value above saturates.
struct plan_metrics {
  static constexpr size_t fields_in_schema_1 = 12;

  u256 initial_value;
  u256 final_value;
  u256 hodl_value;
  u256 fees0;
  u256 fees1;
  u256 fees_value;
  double impermanent_loss = 0; // share of hodl_value, 0 or more
  i256 net_pnl_vs_hodl;        // final - hodl value, wraps at 2^255
  double in_range_ratio = 0;   // by the range_measure, 0 to 1; 0 without swaps
  uint32_t rebalances = 0;     // executed ones
  uint64_t swaps = 0;          // in the window
  uint64_t swaps_in_range = 0; // after which a position contained the tick
  u256 rewards{};              // of a staked plan, in the reward token; in no value above
  SLUICE_FIELDS(initial_value, final_value, hodl_value, fees0, fees1, fees_value, impermanent_loss,
                net_pnl_vs_hodl, in_range_ratio, rebalances, swaps, swaps_in_range, rewards)
  bool operator==(const plan_metrics&) const = default;
};

/// The lifetime of one position inside the window. Ticks are -887272 to 887272, liquidity is L,
/// from_block and to_block are block numbers, amounts and fees smallest units of their token,
/// rewards of the reward token, 0 to 2^256 - 1.
struct position_breakdown {
  static constexpr size_t fields_in_schema_1 = 11;

  int32_t tick_lower = 0;
  int32_t tick_upper = 0;
  u128 liquidity = 0;
  uint64_t from_block = 0; // minted (or window start)
  uint64_t to_block = 0;   // burned (or window end)
  u256 spent0;             // at the mint, rounded up; what it held for a start position
  u256 spent1;
  u256 returned0; // at the burn or at the end, rounded down, without fees
  u256 returned1;
  u256 fees0;
  u256 fees1;
  u256 rewards{}; // while it was staked
  SLUICE_FIELDS(tick_lower, tick_upper, liquidity, from_block, to_block, spent0, spent1, returned0,
                returned1, fees0, fees1, rewards)
  bool operator==(const position_breakdown&) const = default;
};

/// What became of one rebalance. kept, burned and minted count positions; `after` is in smallest
/// units. `block` is a block number.
struct rebalance_breakdown {
  uint64_t block = 0;
  bool executed = false; // false: refused, or nothing to change
  std::string note;      // "kept", or why it was refused
  uint32_t kept = 0;
  uint32_t burned = 0;
  uint32_t minted = 0;
  u256 sqrt_price_x96; // Q64.96, when it was executed or refused
  inventory after;     // free inventory after it
  SLUICE_FIELDS(block, executed, note, kept, burned, minted, sqrt_price_x96, after)
  bool operator==(const rebalance_breakdown&) const = default;
};

/// Prices are sqrtPriceX96, ticks -887272 to 887271.
struct plan_outcome {
  plan_metrics metrics;
  holdings end;        // at the window's end, nothing withdrawn
  u256 sqrt_price_x96; // at the window's end
  int32_t tick = 0;
  std::vector<position_breakdown> positions;
  std::vector<rebalance_breakdown> rebalances;
  SLUICE_FIELDS(metrics, end, sqrt_price_x96, tick, positions, rebalances)
  bool operator==(const plan_outcome&) const = default;
};

} // namespace sluice
