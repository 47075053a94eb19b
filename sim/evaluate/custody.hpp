/// Recorded burns on a Slipstream pool, where staked liquidity changes its owner unreported.
#pragma once

#include "sim/pool/pool.hpp"

namespace sluice {

/// Executes a burn as it was recorded. On a Slipstream pool a stake moves liquidity from the
/// position manager to the gauge with no event of the pool; when either burns more than the stream
/// has shown it to have, the rest of it is the other's and moves first, what is staked staying what
/// it is (docs/decisions/0012). A burn of nothing from such a position does nothing.
/// `burn.liquidity` is L, `now` the block time in unix seconds modulo 2^32. Answers smallest units;
/// the reverts are those of pool::burn, and LS when nobody has the rest.
or_revert<token_amounts> burn_recorded(pool& at, const pool_event& burn, uint32_t now);

/// Executes a stake of any of the four kinds, as the gauge of a Slipstream pool; L of 0 to 2^127 -
/// 1. The reverts are those of pool::stake, reasonless for more.
or_revert<nothing> stake_recorded(pool& at, const pool_event& stake, uint32_t now);

/// What the gauge of a Slipstream pool pays for rewards (units as in pool_event), and when it
/// accounts for them. The reverts are those of pool::sync_reward and pool::update_rewards.
or_revert<nothing> reward_recorded(pool& at, const pool_event& reward, uint32_t now);

} // namespace sluice
