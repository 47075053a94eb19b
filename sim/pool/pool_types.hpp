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

/// Smallest units of both tokens, 0 to 2^256 - 1; for growth, Q128.128 per unit of L.
struct token_amounts {
  u256 amount0;
  u256 amount1;
  bool operator==(const token_amounts&) const = default;
};

/// What the contract's ticks(i) answers. Liquidity is L: gross 0 to 2^128 - 1, net what an upwards
/// crossing adds, in size at most the gross. Growth is Q128.128 per unit of L; the growths and the
/// last three numbers wrap and count from any start, only differences mean something.
struct tick_info {
  u128 liquidity_gross = 0;
  i128 liquidity_net = 0;
  u256 fee_growth_outside0_x128;
  u256 fee_growth_outside1_x128;
  int64_t tick_cumulative_outside = 0;     // tick * seconds; int56 in the contract, wraps there
  u256 seconds_per_liquidity_outside_x128; // seconds / L, times 2^128; uint160
  uint32_t seconds_outside = 0;            // seconds, modulo 2^32
  bool initialized = false;
  bool operator==(const tick_info&) const = default;
};

/// Ticks are -887272 to 887272, multiples of the spacing, tick_lower < tick_upper.
struct position_key {
  address owner{};
  int32_t tick_lower = 0;
  int32_t tick_upper = 0;
  friend auto operator<=>(const position_key&, const position_key&) = default;
};

/// What the contract's positions(key) answers: L, 0 to 2^128 - 1; fee growth inside the range at
/// the last touch, Q128.128 modulo 2^256; smallest units that are owed, which wrap at 2^128 as in
/// the contract.
struct position_info {
  u128 liquidity = 0;
  u256 fee_growth_inside0_last_x128;
  u256 fee_growth_inside1_last_x128;
  u128 tokens_owed0 = 0;
  u128 tokens_owed1 = 0;
  bool operator==(const position_info&) const = default;
};

/// What the contract's observations(i) answers; both sums wrap.
struct observation {
  uint32_t block_timestamp = 0;               // unix seconds modulo 2^32
  int64_t tick_cumulative = 0;                // sum of tick * seconds; int56
  u256 seconds_per_liquidity_cumulative_x128; // sum of seconds / L, times 2^128; uint160
  bool initialized = false;
  bool operator==(const observation&) const = default;
};

/// Everything outside ticks, positions and observations. Before initialize all is zero. Balances (0
/// to 2^256 - 1) and protocol fees (wrap at 2^128) are smallest units, growth is Q128.128 per unit
/// of L modulo 2^256.
struct pool_state {
  u256 sqrt_price_x96;                       // Q64.96, min_sqrt_ratio to below max_sqrt_ratio
  int32_t tick = 0;                          // -887272 to 887271
  uint16_t observation_index = 0;            // of the newest one; 0 to cardinality - 1
  uint16_t observation_cardinality = 0;      // slots in use, 1 to 65535
  uint16_t observation_cardinality_next = 0; // slots that there is space for, 1 to 65535
  uint8_t fee_protocol = 0; // token0 in the low 4 bits: 1/4 to 1/10 of fees; 0 on Slipstream
  bool unlocked = false;    // false before initialize
  u128 liquidity = 0;       // L in range, 0 to 2^128 - 1
  u256 fee_growth_global0_x128;
  u256 fee_growth_global1_x128;
  u128 protocol_fees0 = 0; // the gauge's fees on Slipstream
  u128 protocol_fees1 = 0;
  u256 balance0;
  u256 balance1;
  bool operator==(const pool_state&) const = default;
};

/// A whole pool as plain values, to build one from a state that was read elsewhere; pool::restore
/// checks the ranges.
struct pool_parts {
  uint32_t fee = 0;         // hundredths of a basis point, 0 to 999999
  int32_t tick_spacing = 0; // 1 to 16383
  pool_state state;
  std::vector<std::pair<int32_t, tick_info>> ticks;              // ascending, initialized ones
  std::vector<std::pair<position_key, position_info>> positions; // any order, no key twice
  std::vector<observation> observations;      // those written so far, from slot 0
  std::optional<slipstream_parts> slipstream; // none for Uniswap V3
};

} // namespace sluice
