#include "straight_pool.hpp"

#include "sim/math/fee_growth.hpp"
#include "sim/math/liquidity_math.hpp"
#include "sim/math/swap_math.hpp"
#include "sim/math/tick_bitmap.hpp"
#include "sim/math/tick_math.hpp"

#include <algorithm>

namespace sluice::test {

/// The contract's SwapCache and SwapState.
struct straight_pool::run {
  const swap_request& order;
  uint32_t now = 0;
  bool exact_input = false;
  u256 specified{};
  u256 remaining{};
  u256 calculated{};
  u256 price{};
  int32_t tick = 0;
  u256 fee_growth{};
  u128 protocol_fee = 0;
  u128 liquidity = 0;
  bool has_past = false;
  cumulatives past{};
  u128 staked = 0;
  slipstream_rewards rewards{};
  struct before {
    size_t index = 0;
    tick_record record{};
    tick_stake stake{};
  };
  std::vector<before> crossed{};
};

straight_pool::straight_pool(const pool& at)
  : fee_(at.fee()), tick_spacing_(at.tick_spacing()), state_(at.state()) {
  for (const auto& [tick, info] : at.ticks()) {
    keys_.push_back(tick);
    ticks_.push_back({info.liquidity_gross, info.liquidity_net, info.fee_growth_outside0_x128,
                      info.fee_growth_outside1_x128, info.tick_cumulative_outside,
                      stored_u160(info.seconds_per_liquidity_outside_x128), info.seconds_outside});
    stakes_.push_back(at.stake_of(tick));
  }
  std::vector<observation> written;
  for (uint32_t i = 0; i < state_.observation_cardinality; ++i)
    if (auto x = at.observation_at(static_cast<uint16_t>(i)); x.initialized)
      written.push_back(x);
  oracle_.restore(written, state_.observation_cardinality_next);
  if (at.slipstream() != nullptr)
    slipstream_ = *at.slipstream();
}

oracle_view straight_pool::view(uint32_t now) const {
  return {now, state_.tick, state_.liquidity, state_.observation_index,
          state_.observation_cardinality};
}

void straight_pool::change_tick(int32_t tick, i128 gross, i128 net) {
  const auto at = std::lower_bound(keys_.begin(), keys_.end(), tick) - keys_.begin();
  if (at == std::ssize(keys_) || keys_[static_cast<size_t>(at)] != tick) {
    tick_record fresh;
    if (tick <= state_.tick) {
      fresh.fee_growth_outside0_x128 = state_.fee_growth_global0_x128;
      fresh.fee_growth_outside1_x128 = state_.fee_growth_global1_x128;
    }
    keys_.insert(keys_.begin() + at, tick);
    ticks_.insert(ticks_.begin() + at, fresh);
    stakes_.insert(stakes_.begin() + at, tick_stake{});
  }
  auto& record = ticks_[static_cast<size_t>(at)];
  record.liquidity_gross += static_cast<u128>(gross);
  record.liquidity_net += net;
  if (record.liquidity_gross == 0) {
    keys_.erase(keys_.begin() + at);
    ticks_.erase(ticks_.begin() + at);
    stakes_.erase(stakes_.begin() + at);
  }
}

u256 straight_pool::growth_inside(int32_t tick_lower, int32_t tick_upper, bool token1) const {
  const auto outside = [&](int32_t tick) {
    const auto& record = ticks_[count_up_to(keys_, tick) - 1];
    return token1 ? record.fee_growth_outside1_x128 : record.fee_growth_outside0_x128;
  };
  const auto& global = token1 ? state_.fee_growth_global1_x128 : state_.fee_growth_global0_x128;
  return growth_between(state_.tick, global, tick_lower, outside(tick_lower), tick_upper,
                        outside(tick_upper));
}

revert straight_pool::share(run& at, u256& lp_fee) const {
  const bool z = at.order.zero_for_one;
  if (slipstream_) {
    if (at.liquidity > 0) {
      auto split = split_fee(lp_fee, at.liquidity, at.staked, slipstream_->unstaked_fee);
      if (!split)
        return revert::reasonless;
      at.protocol_fee += static_cast<u128>(split->gauge);
      at.fee_growth += split->growth_x128;
    }
    lp_fee = unstaked_part(lp_fee, slipstream_->unstaked_fee);
    return revert::none;
  }
  const unsigned protocol = z ? state_.fee_protocol % 16U : state_.fee_protocol / 16U;
  if (protocol > 0) {
    const u256 cut = lp_fee / protocol;
    lp_fee -= cut;
    at.protocol_fee += static_cast<u128>(cut);
  }
  if (at.liquidity > 0) {
    auto growth = growth_of(lp_fee, at.liquidity);
    if (!growth)
      return revert::reasonless;
    at.fee_growth += *growth;
  }
  return revert::none;
}

revert straight_pool::cross(run& at) {
  const bool z = at.order.zero_for_one;
  if (!at.has_past) {
    at.past = oracle_.observe_now(view(at.now));
    at.has_past = true;
    if (slipstream_ && !at.rewards.update(at.now, at.staked))
      return revert::reasonless;
  }
  const size_t count = count_up_to(keys_, at.tick);
  const size_t index = z ? count - 1 : count;
  auto& record = ticks_[index];
  auto& stake = stakes_[index];
  auto liquidity = add_delta(at.liquidity, z ? -record.liquidity_net : record.liquidity_net);
  if (!liquidity)
    return (z ? -record.liquidity_net : record.liquidity_net) < 0 ? revert::LS : revert::LA;
  at.crossed.push_back({index, record, stake});
  if (slipstream_) {
    const i128 net = z ? -stake.liquidity_net : stake.liquidity_net;
    auto staked = add_delta(at.staked, net);
    if (!staked)
      return net < 0 ? revert::LS : revert::LA;
    at.staked = *staked;
    stake.reward_growth_outside_x128
      = at.rewards.growth_global_x128 - stake.reward_growth_outside_x128;
  }
  const u256& growth0 = z ? at.fee_growth : state_.fee_growth_global0_x128;
  const u256& growth1 = z ? state_.fee_growth_global1_x128 : at.fee_growth;
  record.fee_growth_outside0_x128 = growth0 - record.fee_growth_outside0_x128;
  record.fee_growth_outside1_x128 = growth1 - record.fee_growth_outside1_x128;
  record.seconds_per_liquidity_outside_x128 = stored_u160(
    at.past.seconds_per_liquidity_x128 - record.seconds_per_liquidity_outside_x128.value());
  record.tick_cumulative_outside
    = wrap_int56(at.past.tick_cumulative - record.tick_cumulative_outside);
  record.seconds_outside = at.now - record.seconds_outside;
  at.liquidity = *liquidity;
  return revert::none;
}

revert straight_pool::walk(run& at, swap_observer* observer) {
  const bool z = at.order.zero_for_one;
  const u256& limit = at.order.sqrt_price_limit_x96;
  while (!at.remaining.is_zero() && at.price != limit) {
    const auto next
      = next_tick_within_one_word(keys_, count_up_to(keys_, at.tick), at.tick, tick_spacing_, z);
    const int32_t next_tick = std::clamp(next.tick, min_tick, max_tick);
    const u256 next_price = sqrt_ratio_at_tick(next_tick);
    const bool limited = z ? next_price < limit : next_price > limit;
    auto step = compute_swap_step(at.price, limited ? limit : next_price, at.liquidity,
                                  at.remaining, at.exact_input, fee_);
    if (!step)
      return revert::reasonless;
    const u256 paid = step->amount_in + step->fee_amount;
    at.remaining -= at.exact_input ? paid : step->amount_out;
    at.calculated += at.exact_input ? step->amount_out : paid;
    if (at.calculated > i256::max().bits())
      return revert::reasonless;
    u256 lp_fee = step->fee_amount;
    if (revert why = share(at, lp_fee); why != revert::none)
      return why;
    if (observer != nullptr)
      observer->on_step({at.price, step->price_next, at.liquidity, step->amount_in,
                         step->amount_out, step->fee_amount, lp_fee});
    const bool moved = step->price_next != at.price;
    at.price = step->price_next;
    if (at.price == next_price) {
      if (next.initialized) {
        if (revert why = cross(at); why != revert::none)
          return why;
        if (observer != nullptr)
          observer->on_cross(next_tick);
      }
      at.tick = z ? next_tick - 1 : next_tick;
    } else if (moved) {
      at.tick = tick_at_sqrt_ratio(at.price);
    }
  }
  return revert::none;
}

void straight_pool::commit(const run& at, const swap_amounts& moved) {
  if (at.tick != state_.tick) {
    const auto [index, cardinality] = oracle_.write(view(at.now));
    state_.observation_index = index;
    state_.observation_cardinality = cardinality;
  }
  const bool z = at.order.zero_for_one;
  state_.sqrt_price_x96 = at.price;
  state_.tick = at.tick;
  state_.liquidity = at.liquidity;
  (z ? state_.fee_growth_global0_x128 : state_.fee_growth_global1_x128) = at.fee_growth;
  (z ? state_.protocol_fees0 : state_.protocol_fees1) += at.protocol_fee;
  state_.balance0 += moved.amount0.bits();
  state_.balance1 += moved.amount1.bits();
  if (slipstream_) {
    slipstream_->staked_liquidity = at.staked;
    slipstream_->rewards = at.rewards;
  }
}

or_revert<swap_amounts>
straight_pool::swap(const swap_request& order, uint32_t now, swap_observer* observer) {
  const bool z = order.zero_for_one;
  const u256& limit = order.sqrt_price_limit_x96;
  const u256& price = state_.sqrt_price_x96;
  if (order.amount_specified.is_zero())
    return revert::AS;
  if (!state_.unlocked)
    return revert::LOK;
  if (!(z ? limit < price && limit > min_sqrt_ratio : limit > price && limit < max_sqrt_ratio))
    return revert::SPL;
  run at{order};
  at.now = now;
  at.exact_input = !order.amount_specified.is_negative();
  at.specified = at.remaining = order.amount_specified.magnitude();
  at.price = price;
  at.tick = state_.tick;
  at.fee_growth = z ? state_.fee_growth_global0_x128 : state_.fee_growth_global1_x128;
  at.liquidity = state_.liquidity;
  if (slipstream_) {
    at.staked = slipstream_->staked_liquidity;
    at.rewards = slipstream_->rewards;
  }
  revert why = walk(at, observer);
  const u256 used = at.specified - at.remaining;
  const u256& in = at.exact_input ? used : at.calculated;
  const u256& out = at.exact_input ? at.calculated : used;
  const u256& in_balance = z ? state_.balance0 : state_.balance1;
  if (why == revert::none && out > (z ? state_.balance1 : state_.balance0))
    why = revert::TF;
  if (why == revert::none && in_balance + in < in)
    why = revert::reasonless;
  if (why != revert::none) { // as if nothing had happened
    for (auto crossed = at.crossed.rbegin(); crossed != at.crossed.rend(); ++crossed) {
      ticks_[crossed->index] = crossed->record;
      stakes_[crossed->index] = crossed->stake;
    }
    return why;
  }
  const auto paid_in = i256::from_u256(in);
  const auto paid_out = i256::from_u256(-out);
  const auto moved = z ? swap_amounts{paid_in, paid_out} : swap_amounts{paid_out, paid_in};
  commit(at, moved);
  return moved;
}

std::string straight_pool::difference(const pool& other) const {
  const auto& mine = state_;
  const auto& theirs = other.state();
  const auto of = [](const char* what, const u256& a, const u256& b) {
    return std::string{what} + " " + to_string(a) + " against " + to_string(b);
  };
  if (mine.sqrt_price_x96 != theirs.sqrt_price_x96)
    return of("price", mine.sqrt_price_x96, theirs.sqrt_price_x96);
  if (mine.tick != theirs.tick)
    return "tick " + std::to_string(mine.tick) + " against " + std::to_string(theirs.tick);
  if (mine.liquidity != theirs.liquidity)
    return of("liquidity", mine.liquidity, theirs.liquidity);
  if (mine.fee_growth_global0_x128 != theirs.fee_growth_global0_x128)
    return of("growth0", mine.fee_growth_global0_x128, theirs.fee_growth_global0_x128);
  if (mine.fee_growth_global1_x128 != theirs.fee_growth_global1_x128)
    return of("growth1", mine.fee_growth_global1_x128, theirs.fee_growth_global1_x128);
  if (mine != theirs)
    return "balances, protocol fees or observations";
  for (size_t i = 0; i < keys_.size(); ++i) {
    const auto info = other.tick(keys_[i]);
    const tick_record record{
      info.liquidity_gross,          info.liquidity_net,
      info.fee_growth_outside0_x128, info.fee_growth_outside1_x128,
      info.tick_cumulative_outside,  stored_u160(info.seconds_per_liquidity_outside_x128),
      info.seconds_outside};
    if (record != ticks_[i] || other.stake_of(keys_[i]) != stakes_[i])
      return "tick " + std::to_string(keys_[i]);
  }
  if (slipstream_ && *slipstream_ != *other.slipstream())
    return "what is staked";
  if (other.observation_at(mine.observation_index) != oracle_.at(mine.observation_index))
    return "the newest observation";
  return {};
}

} // namespace sluice::test
