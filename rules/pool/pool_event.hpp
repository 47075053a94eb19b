/// What happened on a pool, block by block, from whichever feed it came.
#pragma once

#include "rules/fields.hpp"
#include "rules/math/u256.hpp"

#include <array>
#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

namespace sluice {

/// Twenty bytes, as on the chain.
using address = std::array<uint8_t, 20>;

enum class pool_event_kind : uint8_t {
  initialize = 0,
  mint,
  burn,
  collect,
  swap,
  // Of Slipstream pools; none is an event of the pool itself, a recorder may report them or not.
  fees,         // what the factory sets from here on: amount0 the fee, amount1 the unstaked fee
  stake,        // liquidity of a range goes from the position manager to the gauge
  unstake,      // and back
  stake_only,   // the gauge minted it, no position moves
  unstake_only, // the gauge burned it
  reward,       // the gauge's rewards: amount0 per second, amount1 to give, until time `liquidity`
  reward_update // what has accrued is given to what is staked
};

/// Which contract a pool is.
enum class pool_kind : uint8_t {
  uniswap = 0, // Uniswap V3
  slipstream,  // Aerodrome, Velodrome
};

/// How a swap was asked for, when the feed knows (a market does, a recorded log does not).
struct swap_request {
  bool zero_for_one = false;
  i256 amount_specified;     // smallest units: > 0 exact input, < 0 exact output
  u256 sqrt_price_limit_x96; // Q64.96; MIN + 1 or MAX - 1 of the contract for no limit
  SLUICE_FIELDS(zero_for_one, amount_specified, sqrt_price_limit_x96)
  bool operator==(const swap_request&) const = default;
};

/// One event in the units of the chain: ticks -887272 to 887272, prices as sqrtPriceX96, liquidity
/// L of 0 to 2^128 - 1. Amounts are smallest units of their token; of `fees` hundredths of a basis
/// point, of `reward` smallest units of the reward token. What a reader of a feed accepts is
/// written there; execution checks the rest.
struct pool_event {
  pool_event_kind kind = pool_event_kind::swap;
  uint32_t log_index = 0; // order inside the block, from 0
  uint32_t line = 0;      // line of the input file, 0 when there is none
  address owner{};        // mint, burn, collect: whose position
  int32_t tick_lower = 0; // mint, burn, collect, stakes
  int32_t tick_upper = 0;
  u128 liquidity = 0; // mint, burn, stakes: liquidity moved; swap: the pool's after it
  i256 amount0;       // swap: signed, pool's view; else never negative
  i256 amount1;
  u256 sqrt_price_x96; // initialize: the start; swap: after it
  int32_t tick = 0;    // swap: after it
  std::optional<swap_request> asked;
  SLUICE_FIELDS(kind, log_index, line, owner, tick_lower, tick_upper, liquidity, amount0, amount1,
                sqrt_price_x96, tick, asked)
  bool operator==(const pool_event&) const = default;
};

/// One bar: a whole minute of swaps as one step from open to close. Ticks are -887272 to 887271.
struct price_bar {
  int32_t open_tick = 0;
  int32_t close_tick = 0;
  u128 liquidity = 0; // L in range during the bar, 0 to 2^128 - 1
  u256 in_amount0;    // smallest units paid into the pool, fees included, below 2^224
  u256 in_amount1;    // the same of token1
  uint32_t line = 0;  // of the input file, from 1; 0 when there is none
  SLUICE_FIELDS(open_tick, close_tick, liquidity, in_amount0, in_amount1, line)
  bool operator==(const price_bar&) const = default;
};

/// All that a feed reports of one block. Bars: a block is a minute, its number unix time / 60.
struct feed_block {
  uint64_t number = 0; // block number, from 0
  uint64_t time = 0;   // unix seconds; 0 when the feed does not know
  std::vector<pool_event> events;
  std::optional<price_bar> bar;
  SLUICE_FIELDS(number, time, events, bar)
  bool operator==(const feed_block&) const = default;
};

/// What of a pool never changes; of a Slipstream pool the fees are those that it starts with. Fees
/// are hundredths of a basis point.
struct pool_terms {
  static constexpr size_t fields_in_schema_1 = 4;

  uint32_t fee = 500;        // 0 to 999999
  int32_t tick_spacing = 10; // ticks, 1 to 16383
  uint8_t decimals0 = 18;    // of a whole token: 10^18 smallest units; 0 to 255
  uint8_t decimals1 = 18;    // the same of token1
  pool_kind kind = pool_kind::uniswap;
  uint32_t unstaked_fee = 0;  // Slipstream: the gauge's part of what unstaked L earns, 0 to 1e6
  address gauge{};            // Slipstream, as all below
  address position_manager{}; // whose positions are staked
  SLUICE_FIELDS(fee, tick_spacing, decimals0, decimals1, kind, unstaked_fee, gauge,
                position_manager)
  bool operator==(const pool_terms&) const = default;
};

/// Aerodrome's and Velodrome's fees in hundredths of a basis point: never above 10 %; the gauge
/// takes 10 % of what is not staked.
inline constexpr uint32_t slipstream_fee_max = 100'000;
/// Hundredths of a basis point: 10 %.
inline constexpr uint32_t slipstream_unstaked_fee = 100'000;

constexpr bool is_stake(pool_event_kind kind) {
  return kind >= pool_event_kind::stake && kind <= pool_event_kind::unstake_only;
}

constexpr std::string_view to_string(pool_event_kind kind) {
  constexpr std::array<std::string_view, 12> names{
    "initialize", "mint",    "burn",       "collect",      "swap",   "fees",
    "stake",      "unstake", "stake_only", "unstake_only", "reward", "reward_update"};
  return names[static_cast<size_t>(kind)];
}

} // namespace sluice
