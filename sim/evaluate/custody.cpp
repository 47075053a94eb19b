#include "sim/evaluate/custody.hpp"

namespace sluice {

namespace {

constexpr u128 i128_max = u128_max >> 1;

/// Moves what `burn` lacks from the other of gauge and position manager, if that has it.
or_revert<nothing> fetch(pool& at, const pool_event& burn, u128 missing, uint32_t now) {
  const address gauge = at.slipstream()->gauge;
  const bool to_gauge = burn.owner == gauge;
  const auto& other = to_gauge ? at.slipstream()->position_manager : gauge;
  const auto lower = burn.tick_lower, upper = burn.tick_upper;
  if (missing > i128_max || at.position({other, lower, upper}).liquidity < missing)
    return revert::LS;
  const auto delta = static_cast<i128>(missing);
  const auto first = at.stake(gauge, delta, lower, upper, to_gauge, now);
  return first ? at.stake(gauge, -delta, lower, upper, !to_gauge, now) : first;
}

} // namespace

or_revert<token_amounts> burn_recorded(pool& at, const pool_event& burn, uint32_t now) {
  const auto lower = burn.tick_lower, upper = burn.tick_upper;
  const auto* staking = at.slipstream();
  if (staking && (burn.owner == staking->gauge || burn.owner == staking->position_manager)) {
    const u128 has = at.position({burn.owner, lower, upper}).liquidity;
    if (has == 0 && burn.liquidity == 0)
      return token_amounts{};
    if (has < burn.liquidity)
      if (auto moved = fetch(at, burn, burn.liquidity - has, now); !moved)
        return moved.why();
  }
  return at.burn(burn.owner, lower, upper, burn.liquidity, now);
}

or_revert<nothing> stake_recorded(pool& at, const pool_event& stake, uint32_t now) {
  if (stake.liquidity > i128_max)
    return revert::reasonless;
  const bool out
    = stake.kind == pool_event_kind::unstake || stake.kind == pool_event_kind::unstake_only;
  const bool moves = stake.kind == pool_event_kind::stake || stake.kind == pool_event_kind::unstake;
  const auto delta = static_cast<i128>(stake.liquidity);
  return at.stake(at.slipstream()->gauge, out ? -delta : delta, stake.tick_lower, stake.tick_upper,
                  moves, now);
}

or_revert<nothing> reward_recorded(pool& at, const pool_event& reward, uint32_t now) {
  const address gauge = at.slipstream()->gauge;
  if (reward.kind == pool_event_kind::reward_update)
    return at.update_rewards(gauge, now);
  return at.sync_reward(gauge, reward.amount0.bits(), reward.amount1.bits(),
                        u256{reward.liquidity});
}

} // namespace sluice
