#include "sim/math/liquidity_math.hpp"
#include "sim/pool/pool.hpp"

namespace sluice {

pool::pool(const slipstream_terms& terms) : pool(terms.fee, terms.tick_spacing) {
  ticks_ = pool_ticks(true);
  slipstream_.emplace();
  slipstream_->gauge = terms.gauge;
  slipstream_->position_manager = terms.position_manager;
  slipstream_->unstaked_fee = terms.unstaked_fee;
}

void pool::set_fees(uint32_t fee, uint32_t unstaked_fee) {
  fee_ = fee;
  slipstream_->unstaked_fee = unstaked_fee;
}

namespace {

/// Tick.updateStake of a tick that is initialized; none where it reverts.
std::optional<tick_stake> restaked(tick_stake stake, i128 delta, bool upper) {
  bool overflows = upper ? __builtin_sub_overflow(stake.liquidity_net, delta, &stake.liquidity_net)
                         : __builtin_add_overflow(stake.liquidity_net, delta, &stake.liquidity_net);
  return overflows ? std::nullopt : std::optional(stake);
}

} // namespace

or_revert<nothing> pool::stake(const address& caller, i128 delta, int32_t tick_lower,
                               int32_t tick_upper, bool move_position, uint32_t now) {
  if (!state_.unlocked)
    return revert::LOK;
  if (caller != slipstream_->gauge)
    return revert::NG;
  slipstream_state next = *slipstream_;
  if (tick_lower <= state_.tick && state_.tick < tick_upper) {
    if (!next.rewards.update(now, next.staked_liquidity))
      return revert::reasonless;
    auto sum = add_delta(next.staked_liquidity, delta);
    if (!sum)
      return delta < 0 ? revert::LS : revert::LA;
    next.staked_liquidity = *sum;
  }
  const position_key from{next.position_manager, tick_lower, tick_upper};
  const position_key to{next.gauge, tick_lower, tick_upper};
  position_info moved_from;
  position_info moved_to;
  if (move_position) {
    growth_view growth{state_.tick, state_.fee_growth_global0_x128, state_.fee_growth_global1_x128};
    auto inside = growth_inside(tick_lower, ticks_.get(tick_lower), tick_upper,
                                ticks_.get(tick_upper), growth);
    auto less = plan_position(from, -delta, inside);
    if (!less)
      return less.why();
    auto more = plan_position(to, delta, inside);
    if (!more)
      return more.why();
    moved_from = *less;
    moved_to = *more;
  }
  auto lower = restaked(ticks_.stake(tick_lower), delta, false);
  auto upper = restaked(ticks_.stake(tick_upper), delta, true);
  if (!lower || !upper)
    return revert::reasonless;
  if (move_position) {
    positions_.put(from, moved_from);
    positions_.put(to, moved_to);
  }
  ticks_.put_stake(tick_lower, *lower);
  ticks_.put_stake(tick_upper, *upper);
  slipstream_ = next;
  return nothing{};
}

or_revert<nothing> pool::sync_reward(const address& caller, const u256& rate, const u256& reserve,
                                     const u256& period_finish) {
  if (!state_.unlocked)
    return revert::LOK;
  if (caller != slipstream_->gauge)
    return revert::NG;
  auto& rewards = slipstream_->rewards;
  rewards.rate = rate;
  rewards.reserve = reserve;
  rewards.period_finish = period_finish;
  rewards.rollover = 0;
  return nothing{};
}

or_revert<nothing> pool::update_rewards(const address& caller, uint32_t now) {
  if (!state_.unlocked)
    return revert::LOK;
  if (caller != slipstream_->gauge)
    return revert::NG;
  auto next = slipstream_->rewards;
  if (!next.update(now, slipstream_->staked_liquidity))
    return revert::reasonless;
  slipstream_->rewards = next;
  return nothing{};
}

or_revert<token_amounts> pool::collect_gauge_fees(const address& caller) {
  if (!state_.unlocked)
    return revert::LOK;
  if (caller != slipstream_->gauge)
    return revert::NG;
  auto take = [](u128 fees) { return fees > 1 ? fees - 1 : fees; }; // the slot is never cleared
  u128 amount0 = take(state_.protocol_fees0);
  u128 amount1 = take(state_.protocol_fees1);
  u128 paid0 = state_.protocol_fees0 > 1 ? amount0 : 0;
  u128 paid1 = state_.protocol_fees1 > 1 ? amount1 : 0;
  if (paid0 > state_.balance0 || paid1 > state_.balance1)
    return revert::TF;
  state_.protocol_fees0 -= paid0;
  state_.protocol_fees1 -= paid1;
  state_.balance0 -= paid0;
  state_.balance1 -= paid1;
  return token_amounts{amount0, amount1};
}

or_revert<token_amounts>
pool::burn_for(const address& caller, const address& owner, int32_t tick_lower, int32_t tick_upper,
               u128 amount, uint32_t now) {
  if (!state_.unlocked)
    return revert::LOK;
  if (caller != slipstream_->position_manager)
    return revert::NNFT;
  return burn(owner, tick_lower, tick_upper, amount, now);
}

or_revert<token_amounts>
pool::collect_for(const address& caller, const address& owner, int32_t tick_lower,
                  int32_t tick_upper, u128 amount0_requested, u128 amount1_requested) {
  if (!state_.unlocked)
    return revert::LOK;
  if (caller != slipstream_->position_manager)
    return revert::NNFT;
  return collect(owner, tick_lower, tick_upper, amount0_requested, amount1_requested);
}

u256 pool::reward_growth_inside(int32_t tick_lower, int32_t tick_upper) const {
  return growth_between(state_.tick, slipstream_->rewards.growth_global_x128, tick_lower,
                        ticks_.stake(tick_lower).reward_growth_outside_x128, tick_upper,
                        ticks_.stake(tick_upper).reward_growth_outside_x128);
}

} // namespace sluice
