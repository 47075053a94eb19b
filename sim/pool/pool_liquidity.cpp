#include "sim/math/full_math.hpp"
#include "sim/math/liquidity_math.hpp"
#include "sim/math/sqrt_price_math.hpp"
#include "sim/math/tick_math.hpp"
#include "sim/math/tick_prices.hpp"
#include "sim/pool/pool.hpp"

#include <algorithm>

namespace sluice {

struct pool::change {
  position_key key;
  i128 delta = 0;
  uint32_t now = 0;
};

struct pool::planned {
  tick_record lower;
  tick_record upper;
  position_info position;
  bool in_range = false; // the pool's own liquidity moves too
  u128 liquidity = 0;
  u256 amount0; // sizes: paid in by a mint, owed after a burn
  u256 amount1;
};

namespace {

constexpr u128 i128_max = u128_max >> 1;

} // namespace

/// Tick.update: what the tick becomes.
or_revert<tick_record>
pool::plan_tick(int32_t tick, const change& what, bool upper, const cumulatives& past) const {
  tick_record record = ticks_.get(tick);
  auto gross = add_delta(record.liquidity_gross, what.delta);
  if (!gross)
    return what.delta < 0 ? revert::LS : revert::LA;
  if (*gross > max_liquidity_per_tick_)
    return revert::LO;
  if (record.liquidity_gross == 0 && tick <= state_.tick) {
    // By convention all growth before the tick existed happened below it.
    record.fee_growth_outside0_x128 = state_.fee_growth_global0_x128;
    record.fee_growth_outside1_x128 = state_.fee_growth_global1_x128;
    record.seconds_per_liquidity_outside_x128 = stored_u160(past.seconds_per_liquidity_x128);
    record.tick_cumulative_outside = past.tick_cumulative;
    record.seconds_outside = what.now;
  }
  record.liquidity_gross = *gross;
  i128 net = 0;
  bool overflows = upper ? __builtin_sub_overflow(record.liquidity_net, what.delta, &net)
                         : __builtin_add_overflow(record.liquidity_net, what.delta, &net);
  if (overflows)
    return revert::reasonless;
  record.liquidity_net = net;
  return record;
}

/// Position.update: fees earned since the last time become owed, except to what is staked.
or_revert<position_info>
pool::plan_position(const position_key& key, i128 delta, const token_amounts& inside) const {
  position_info next = position(key);
  u128 liquidity = next.liquidity;
  if (delta == 0) {
    if (liquidity == 0)
      return revert::NP;
  } else {
    auto sum = add_delta(liquidity, delta);
    if (!sum)
      return delta < 0 ? revert::LS : revert::LA;
    next.liquidity = *sum;
  }
  const bool staked = slipstream_ && key.owner == slipstream_->gauge;
  auto owed = [liquidity](const u256& now, const u256& last) {
    return static_cast<u128>(*mul_div(now - last, liquidity, q128)); // the contract drops high bits
  };
  if (!staked) {
    next.tokens_owed0 += owed(inside.amount0, next.fee_growth_inside0_last_x128);
    next.tokens_owed1 += owed(inside.amount1, next.fee_growth_inside1_last_x128);
  }
  next.fee_growth_inside0_last_x128 = inside.amount0;
  next.fee_growth_inside1_last_x128 = inside.amount1;
  return next;
}

/// The tokens that move, by where the price stands.
void pool::plan_amounts(const change& what, planned& outcome) const {
  if (what.delta == 0)
    return;
  u256 low = tick_price(what.key.tick_lower);
  u256 high = tick_price(what.key.tick_upper);
  const u256& price = state_.sqrt_price_x96;
  u128 liquidity = magnitude(what.delta);
  bool up = what.delta > 0;
  if (state_.tick < what.key.tick_lower) {
    outcome.amount0 = amount0_delta(low, high, liquidity, up);
  } else if (state_.tick < what.key.tick_upper) {
    outcome.in_range = true;
    outcome.amount0 = amount0_delta(price, high, liquidity, up);
    outcome.amount1 = amount1_delta(low, price, liquidity, up);
  } else {
    outcome.amount1 = amount1_delta(low, high, liquidity, up);
  }
}

/// _modifyPosition without its effects, its checks in the contract's order.
or_revert<pool::planned> pool::plan(const change& what) const {
  int32_t tick_lower = what.key.tick_lower;
  int32_t tick_upper = what.key.tick_upper;
  if (tick_lower >= tick_upper)
    return revert::TLU;
  if (tick_lower < min_tick)
    return revert::TLM;
  if (tick_upper > max_tick)
    return revert::TUM;
  planned outcome;
  if (what.delta != 0) {
    auto past = oracle_.observe_now(view(what.now));
    auto lower = plan_tick(tick_lower, what, false, past);
    if (!lower)
      return lower.why();
    auto upper = plan_tick(tick_upper, what, true, past);
    if (!upper)
      return upper.why();
    outcome.lower = *lower;
    outcome.upper = *upper;
    // Only a tick that flips meets the bitmap's check; one that had liquidity has passed it.
    if (tick_lower % tick_spacing_ != 0 || tick_upper % tick_spacing_ != 0)
      return revert::reasonless;
  } else {
    outcome.lower = ticks_.get(tick_lower);
    outcome.upper = ticks_.get(tick_upper);
  }
  growth_view growth{state_.tick, state_.fee_growth_global0_x128, state_.fee_growth_global1_x128};
  auto inside = growth_inside(tick_lower, outcome.lower, tick_upper, outcome.upper, growth);
  auto position = plan_position(what.key, what.delta, inside);
  if (!position)
    return position.why();
  outcome.position = *position;
  plan_amounts(what, outcome);
  if (outcome.in_range) {
    auto liquidity = add_delta(state_.liquidity, what.delta);
    if (!liquidity)
      return what.delta < 0 ? revert::LS : revert::LA;
    outcome.liquidity = *liquidity;
  }
  return outcome;
}

void pool::commit(const change& what, const planned& outcome) {
  positions_.put(what.key, outcome.position);
  if (what.delta == 0)
    return;
  ticks_.put(what.key.tick_lower, outcome.lower);
  ticks_.put(what.key.tick_upper, outcome.upper);
  if (outcome.in_range) {
    write_observation(what.now); // with the liquidity from before
    state_.liquidity = outcome.liquidity;
  }
  find_place();
}

or_revert<token_amounts> pool::mint(const address& owner, int32_t tick_lower, int32_t tick_upper,
                                    u128 amount, uint32_t now, payment pay) {
  if (!state_.unlocked)
    return revert::LOK;
  if (amount == 0 || amount > i128_max)
    return revert::reasonless;
  change what{{owner, tick_lower, tick_upper}, static_cast<i128>(amount), now};
  auto outcome = plan(what);
  if (!outcome)
    return outcome.why();
  if (pay.reenter)
    return revert::LOK;
  u256 balance0 = state_.balance0 + outcome->amount0;
  u256 balance1 = state_.balance1 + outcome->amount1;
  if (balance0 < outcome->amount0 || balance1 < outcome->amount1)
    return revert::reasonless;
  if (pay.short0 && !outcome->amount0.is_zero())
    return revert::M0;
  if (pay.short1 && !outcome->amount1.is_zero())
    return revert::M1;
  commit(what, *outcome);
  state_.balance0 = balance0;
  state_.balance1 = balance1;
  return token_amounts{outcome->amount0, outcome->amount1};
}

or_revert<token_amounts> pool::burn(const address& owner, int32_t tick_lower, int32_t tick_upper,
                                    u128 amount, uint32_t now) {
  if (!state_.unlocked)
    return revert::LOK;
  if (amount > i128_max)
    return revert::reasonless;
  change what{{owner, tick_lower, tick_upper}, -static_cast<i128>(amount), now};
  auto outcome = plan(what);
  if (!outcome)
    return outcome.why();
  auto& position = (*outcome).position;
  position.tokens_owed0 += static_cast<u128>(outcome->amount0);
  position.tokens_owed1 += static_cast<u128>(outcome->amount1);
  commit(what, *outcome);
  return token_amounts{outcome->amount0, outcome->amount1};
}

or_revert<token_amounts> pool::collect(const address& owner, int32_t tick_lower, int32_t tick_upper,
                                       u128 amount0_requested, u128 amount1_requested) {
  if (!state_.unlocked)
    return revert::LOK;
  const position_key key{owner, tick_lower, tick_upper};
  const auto* known = positions_.find(key);
  if (known == nullptr)
    return token_amounts{};
  position_info position = *known;
  u128 amount0 = std::min(amount0_requested, position.tokens_owed0);
  u128 amount1 = std::min(amount1_requested, position.tokens_owed1);
  if (amount0 > state_.balance0 || amount1 > state_.balance1)
    return revert::TF;
  position.tokens_owed0 -= amount0;
  position.tokens_owed1 -= amount1;
  positions_.put(key, position);
  state_.balance0 -= amount0;
  state_.balance1 -= amount1;
  return token_amounts{amount0, amount1};
}

} // namespace sluice
