/// The values a pool is made of, named as in the contract.
#pragma once

#include "rules/math/u256.hpp"
#include "rules/pool/pool_event.hpp"
#include "sim/slipstream/slipstream.hpp"

#include <cstdint>
#include <optional>
#include <utility>
#include <vector>

namespace sluice {

struct token_amounts {
  u256 amount0;
  u256 amount1;
  bool operator==(const token_amounts&) const = default;
};

struct tick_info {
  u128 liquidity_gross = 0;
  i128 liquidity_net = 0;
  u256 fee_growth_outside0_x128;
  u256 fee_growth_outside1_x128;
  int64_t tick_cumulative_outside = 0;     // int56 in the contract, wraps there
  u256 seconds_per_liquidity_outside_x128; // uint160
  uint32_t seconds_outside = 0;
  bool initialized = false;
  bool operator==(const tick_info&) const = default;
};

struct position_key {
  address owner{};
  int32_t tick_lower = 0;
  int32_t tick_upper = 0;
  friend auto operator<=>(const position_key&, const position_key&) = default;
};

struct position_info {
  u128 liquidity = 0;
  u256 fee_growth_inside0_last_x128;
  u256 fee_growth_inside1_last_x128;
  u128 tokens_owed0 = 0;
  u128 tokens_owed1 = 0;
  bool operator==(const position_info&) const = default;
};

struct observation {
  uint32_t block_timestamp = 0;
  int64_t tick_cumulative = 0;                // int56
  u256 seconds_per_liquidity_cumulative_x128; // uint160
  bool initialized = false;
  bool operator==(const observation&) const = default;
};

/// Everything outside ticks, positions and observations.
struct pool_state {
  u256 sqrt_price_x96;
  int32_t tick = 0;
  uint16_t observation_index = 0;
  uint16_t observation_cardinality = 0;
  uint16_t observation_cardinality_next = 0;
  uint8_t fee_protocol = 0; // token0 in the low 4 bits; 0 on Slipstream
  bool unlocked = false;
  u128 liquidity = 0;
  u256 fee_growth_global0_x128;
  u256 fee_growth_global1_x128;
  u128 protocol_fees0 = 0; // the gauge's fees on Slipstream
  u128 protocol_fees1 = 0;
  u256 balance0;
  u256 balance1;
  bool operator==(const pool_state&) const = default;
};

/// A whole pool as plain values, to build one from a state that was read elsewhere.
struct pool_parts {
  uint32_t fee = 0;
  int32_t tick_spacing = 0;
  pool_state state;
  std::vector<std::pair<int32_t, tick_info>> ticks;              // ascending, initialized ones
  std::vector<std::pair<position_key, position_info>> positions; // any order, no key twice
  std::vector<observation> observations;      // those written so far, from slot 0
  std::optional<slipstream_parts> slipstream; // none for Uniswap V3
};

} // namespace sluice
