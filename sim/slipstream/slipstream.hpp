/// What a Slipstream pool (Aerodrome, Velodrome) keeps and reckons beyond a Uniswap V3 pool.
#pragma once

#include "rules/math/u256.hpp"
#include "rules/pool/pool_event.hpp"

#include <cstdint>
#include <optional>
#include <vector>

namespace sluice {

/// What a pool is created with, and who its two privileged callers are. Fees are hundredths of a
/// basis point.
struct slipstream_terms {
  uint32_t fee = 0;           // < 1e6; may change at any time, see pool::set_fees
  uint32_t unstaked_fee = 0;  // <= 1e6: the gauge's part of what unstaked liquidity earns
  int32_t tick_spacing = 0;   // 1 to 16383
  address gauge{};            // owns what is staked
  address position_manager{}; // owns what is not
};

/// What becomes of a fee.
struct fee_split {
  u256 gauge;       // smallest units: what staked liquidity would have earned, and the unstaked fee
  u256 growth_x128; // Q128.128 of each unit of unstaked liquidity
};

/// CLPool.calculateFees for `liquidity` > 0 (L in range, of which `staked_liquidity` is staked),
/// modulo 2^256 as the contract is. `fee` is in smallest units of the input token, `unstaked_fee`
/// in hundredths of a basis point, 0 to 1e6 (not checked). None where the contract reverts: the
/// growth exceeds 256 bits.
std::optional<fee_split>
split_fee(const u256& fee, u128 liquidity, u128 staked_liquidity, uint32_t unstaked_fee);

/// What a fee would leave to liquidity if none were staked: 0 to `fee`, in its smallest units,
/// rounded down. An unstaked share of all liquidity in range earns this share of it, however much
/// is staked. `unstaked_fee` is in hundredths of a basis point, 0 to 1e6 (more is undefined).
u256 unstaked_part(const u256& fee, uint32_t unstaked_fee);

/// The rewards of a pool; amounts are smallest units of the reward token, 0 to 2^256 - 1, times
/// unix seconds.
struct slipstream_rewards {
  u256 growth_global_x128; // Q128.128 per unit of staked liquidity, wraps
  u256 rate;               // per second
  u256 reserve;            // not yet given
  u256 period_finish;
  u256 rollover;             // what accrued while nothing was staked
  uint32_t last_updated = 0; // modulo 2^32; 0: never
  bool operator==(const slipstream_rewards&) const = default;

  /// CLPool._updateRewardsGrowthGlobal at block time `now` (unix seconds modulo 2^32) with this
  /// much staked L in range; false where the contract reverts (the growth exceeds 256 bits), then
  /// nothing has changed.
  bool update(uint32_t now, u128 staked_liquidity);
};

/// All of it beside `pool_state` and the ticks.
struct slipstream_state {
  address gauge{};
  address position_manager{};
  uint32_t unstaked_fee = 0; // hundredths of a basis point, 0 to 1e6
  u128 staked_liquidity = 0; // L in range, part of the pool's liquidity
  slipstream_rewards rewards;
  bool operator==(const slipstream_state&) const = default;
};

/// What a tick knows beyond `tick_info`: staked L that an upwards crossing adds, and the reward
/// growth outside, Q128.128 modulo 2^256.
struct tick_stake {
  i128 liquidity_net = 0; // -2^127 to 2^127 - 1, of what is staked
  u256 reward_growth_outside_x128;
  bool operator==(const tick_stake&) const = default;
};

/// The same as plain values.
struct slipstream_parts {
  slipstream_state state;
  std::vector<tick_stake> stakes; // of the pool's ticks, in their order
};

} // namespace sluice
