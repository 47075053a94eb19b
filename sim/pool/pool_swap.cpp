#include "sim/math/fee_growth.hpp"
#include "sim/math/liquidity_math.hpp"
#include "sim/math/narrow_swap.hpp"
#include "sim/math/sqrt_price_math.hpp"
#include "sim/math/swap_step.hpp"
#include "sim/math/tick_bitmap.hpp"
#include "sim/math/tick_math.hpp"
#include "sim/math/tick_prices.hpp"
#include "sim/pool/pool.hpp"

#include <algorithm>

namespace sluice {

/// The contract's SwapCache and SwapState. Amounts are sizes; the signs follow from the order.
struct pool::swap_run {
  const swap_request& order;
  uint32_t now = 0;
  bool exact_input = false;
  u256 specified{};
  u256 remaining{};  // of `specified`
  u256 calculated{}; // the other side so far
  u256 price{};
  int32_t tick = 0;
  u256 fee_growth{}; // of the input token
  u128 protocol_fee = 0;
  stretch here{};
  size_t ticks_below = 0; // initialized ones at or below `tick`
  bool has_past = false;
  cumulatives past{}; // read at the first crossing, as the contract does
};

[[gnu::always_inline]] inline pool::swap_run
pool::start_swap(const swap_request& order, uint32_t now) const {
  const u256 specified = order.amount_specified.magnitude();
  return {order, // each member once: zeros first would cost more than all of these
          now,
          !order.amount_specified.is_negative(),
          specified,
          specified,
          {},
          state_.sqrt_price_x96,
          state_.tick,
          order.zero_for_one ? state_.fee_growth_global0_x128 : state_.fee_growth_global1_x128,
          0,
          here_,
          ticks_below_,
          false,
          {}};
}

/// Uniswap: the protocol takes a part of each fee, all liquidity in range earns the rest.
struct pool::uniswap_rules {
  unsigned protocol; // takes 1/protocol, or nothing when 0

  uniswap_rules(const pool& at, bool zero_for_one)
    : protocol(zero_for_one ? at.state_.fee_protocol % 16U : at.state_.fee_protocol / 16U) {}

  /// Books a step's fee in `run` and leaves what liquidity gets of it; false where it reverts.
  [[gnu::always_inline]] bool share(swap_run& run, u256& lp_fee) const {
    if (protocol > 0) {
      u256 cut = lp_fee / protocol;
      lp_fee -= cut;
      run.protocol_fee += static_cast<u128>(cut);
    }
    if (run.here.value() > 0) {
      auto growth = growth_of(lp_fee, run.here);
      if (!growth)
        return false;
      run.fee_growth += *growth;
    }
    return true;
  }
  /// At the first crossing of a swap; false where it reverts.
  bool open(uint32_t /*now*/) const { return true; }
  /// Crosses what is staked at a tick.
  revert cross(pool& /*at*/, size_t /*index*/, bool /*zero_for_one*/) const { return revert::none; }
  void commit(pool& /*at*/) const {}
};

/// Slipstream: the gauge takes what staked liquidity would earn and a part of the rest.
struct pool::slipstream_rules {
  uint32_t unstaked_fee;
  u128 staked;
  slipstream_rewards rewards;

  slipstream_rules(const pool& at, bool /*zero_for_one*/)
    : unstaked_fee(at.slipstream_->unstaked_fee), staked(at.slipstream_->staked_liquidity),
      rewards(at.slipstream_->rewards) {}

  bool share(swap_run& run, u256& lp_fee) const {
    if (run.here.value() > 0) {
      auto split = split_fee(lp_fee, run.here.value(), staked, unstaked_fee);
      if (!split)
        return false;
      run.protocol_fee += static_cast<u128>(split->gauge);
      run.fee_growth += split->growth_x128;
    }
    lp_fee = unstaked_part(lp_fee, unstaked_fee);
    return true;
  }
  bool open(uint32_t now) { return rewards.update(now, staked); }
  revert cross(pool& at, size_t index, bool zero_for_one) {
    auto& stake = at.ticks_.stake_at_index(index);
    i128 net = zero_for_one ? -stake.liquidity_net : stake.liquidity_net;
    auto sum = add_delta(staked, net);
    if (!sum)
      return net < 0 ? revert::LS : revert::LA;
    staked = *sum;
    stake.reward_growth_outside_x128
      = rewards.growth_global_x128 - stake.reward_growth_outside_x128;
    return revert::none;
  }
  void commit(pool& at) const {
    at.slipstream_->staked_liquidity = staked;
    at.slipstream_->rewards = rewards;
  }
};

/// Tick.cross; a second time with the same run takes it back.
void pool::flip(const swap_run& run, size_t index) {
  bool z = run.order.zero_for_one;
  const u256& growth0 = z ? run.fee_growth : state_.fee_growth_global0_x128;
  const u256& growth1 = z ? state_.fee_growth_global1_x128 : run.fee_growth;
  ticks_.cross_at_index(index, growth0, growth1, run.past, run.now);
}

/// Crosses the tick that `run` has reached; where it reverts, the tick stays as it was.
template <class Rules>
revert pool::cross(swap_run& run, Rules& rules) {
  bool z = run.order.zero_for_one;
  if (!run.has_past) {
    run.past = oracle_.observe_now(view(run.now));
    run.has_past = true;
    if (!rules.open(run.now))
      return revert::reasonless;
  }
  size_t index = z ? run.ticks_below - 1 : run.ticks_below;
  i128 net = ticks_.net_at_index(index);
  auto liquidity = add_delta(run.here.value(), z ? -net : net);
  if (!liquidity)
    return (z ? -net : net) < 0 ? revert::LS : revert::LA;
  if (revert why = rules.cross(*this, index, z); why != revert::none)
    return why;
  flip(run, index);
  run.here = stretch(*liquidity);
  z ? --run.ticks_below : ++run.ticks_below;
  return revert::none;
}

/// A pool as the narrow loop sees it.
template <class Rules>
struct pool::narrow_place {
  pool& at;
  swap_run& run;
  Rules& rules;
  revert why = revert::none;

  const stretch& here() const { return run.here; }
  bool next_stop(int32_t tick, narrow_stop& stop) const {
    const auto next = next_tick_within_one_word(at.ticks_.keys(), run.ticks_below, tick,
                                                at.tick_spacing_, run.order.zero_for_one);
    if (next.tick > narrow_tick_max)
      return false;
    stop.tick = std::max(next.tick, min_tick);
    stop.initialized = next.initialized;
    stop.price = narrow_tick_price(stop.tick);
    return true;
  }
  bool earn(u128 fee) {
    u256 lp_fee = fee;
    if (!rules.share(run, lp_fee))
      why = revert::reasonless;
    return why == revert::none;
  }
  bool cross(const narrow_stop& /*stop*/) {
    why = at.cross(run, rules);
    return why == revert::none;
  }
};

/// The same, with somebody who sees every step.
template <class Rules>
struct pool::observed_place : narrow_place<Rules> {
  swap_observer& observer;
  u256 lp_fee{}; // of the step on its way

  bool earn(u128 fee) {
    lp_fee = fee;
    if (!this->rules.share(this->run, lp_fee))
      this->why = revert::reasonless;
    return this->why == revert::none;
  }
  void stepped(u128 from, u128 to, u128 in, u128 out, u128 fee) {
    observer.on_step({from, to, this->here().value(), in, out, fee, lp_fee});
    lp_fee = {};
  }
  bool cross(const narrow_stop& stop) {
    const bool crossed = narrow_place<Rules>::cross(stop);
    if (crossed)
      observer.on_cross(stop.tick);
    return crossed;
  }
};

/// As much of the swap as is narrow; `walk` does the rest.
template <class Place>
revert pool::walk_narrow(swap_run& run, Place place) {
  const bool z = run.order.zero_for_one;
  const u256& limit = run.order.sqrt_price_limit_x96;
  if (!run.price.fits_u128())
    return revert::none;
  narrow_swap swap{z,
                   run.exact_input,
                   fee_,
                   static_cast<u128>(run.price),
                   limit.fits_u128() ? static_cast<u128>(limit) : u128_max, // no tick is there
                   run.remaining,
                   0,
                   run.tick};
  (void)walk_narrowly<true>(swap, place);
  run.price = swap.price;
  run.remaining = swap.remaining;
  run.calculated = swap.calculated;
  run.tick = swap.tick;
  return place.why;
}

/// The loop of the contract's swap. Crossed ticks change at once, everything else in `run` only.
template <class Rules>
revert pool::walk(swap_run& run, Rules& rules, swap_observer* observer) {
  const bool z = run.order.zero_for_one;
  const u256& limit = run.order.sqrt_price_limit_x96;
  const narrow_place<Rules> place{*this, run, rules};
  const revert narrow = observer == nullptr
                          ? walk_narrow(run, place)
                          : walk_narrow(run, observed_place<Rules>{place, *observer});
  if (narrow != revert::none)
    return narrow;
  while (!run.remaining.is_zero() && run.price != limit) {
    auto next
      = next_tick_within_one_word(ticks_.keys(), run.ticks_below, run.tick, tick_spacing_, z);
    int32_t next_tick = std::clamp(next.tick, min_tick, max_tick);
    u256 next_price = tick_price(next_tick);
    bool limited = z ? next_price < limit : next_price > limit;
    auto step = step_swap(run.price, limited ? limit : next_price, run.here, run.remaining,
                          run.exact_input, fee_);
    if (!step)
      return revert::reasonless;
    u256 paid = step->amount_in + step->fee_amount;
    run.remaining -= run.exact_input ? paid : step->amount_out;
    run.calculated += run.exact_input ? step->amount_out : paid;
    if (run.calculated > i256::max().bits())
      return revert::reasonless;
    u256 lp_fee = step->fee_amount;
    if (!rules.share(run, lp_fee))
      return revert::reasonless;
    if (observer != nullptr)
      observer->on_step({run.price, step->price_next, run.here.value(), step->amount_in,
                         step->amount_out, step->fee_amount, lp_fee});
    bool moved = step->price_next != run.price;
    run.price = step->price_next;
    if (run.price == next_price) {
      if (next.initialized) {
        if (revert why = cross(run, rules); why != revert::none)
          return why;
        if (observer != nullptr)
          observer->on_cross(next_tick);
      }
      run.tick = z ? next_tick - 1 : next_tick;
    } else if (moved) { // between two stops, so below as many ticks as before
      run.tick = tick_at_price(run.price);
    }
  }
  return revert::none;
}

/// What the callback owes and gets, checked in the contract's order.
[[gnu::always_inline]] inline or_revert<swap_amounts>
pool::settle(const swap_run& run, payment pay) const {
  bool z = run.order.zero_for_one;
  u256 used = run.specified - run.remaining;
  const u256& in = run.exact_input ? used : run.calculated;
  const u256& out = run.exact_input ? run.calculated : used;
  if (out > (z ? state_.balance1 : state_.balance0))
    return revert::TF;
  if (pay.reenter)
    return revert::LOK;
  if ((pay.short0 || pay.short1) && !in.is_zero())
    return revert::IIA;
  if ((z ? state_.balance0 : state_.balance1) + in < in)
    return revert::reasonless;
  auto paid_in = i256::from_u256(in);
  auto paid_out = i256::from_u256(-out);
  return z ? swap_amounts{paid_in, paid_out} : swap_amounts{paid_out, paid_in};
}

[[gnu::always_inline]] inline void pool::commit(const swap_run& run, const swap_amounts& moved) {
  if (run.tick != state_.tick)
    write_observation(run.now); // with the tick and the liquidity from before
  state_.sqrt_price_x96 = run.price;
  state_.tick = run.tick;
  state_.liquidity = run.here.value();
  here_ = run.here;
  segment_.is_worth_finding
    = run.ticks_below + 2 >= ticks_below_ && run.ticks_below <= ticks_below_ + 2;
  ticks_below_ = run.ticks_below;
  if (run.order.zero_for_one) {
    state_.fee_growth_global0_x128 = run.fee_growth;
    state_.protocol_fees0 += run.protocol_fee;
  } else {
    state_.fee_growth_global1_x128 = run.fee_growth;
    state_.protocol_fees1 += run.protocol_fee;
  }
  state_.balance0 += moved.amount0.bits();
  state_.balance1 += moved.amount1.bits();
}

/// Crosses back what this swap has crossed, from the state before it: crossing is its own inverse,
/// so the same walk once more from there puts every tick back, without a journal.
template <class Rules>
void pool::cross_back_by(const swap_request& order, uint32_t now) {
  auto again = start_swap(order, now);
  Rules same(*this, order.zero_for_one);
  walk(again, same, nullptr);
}

void pool::cross_back(const swap_request& order, uint32_t now) {
  slipstream_ ? cross_back_by<slipstream_rules>(order, now)
              : cross_back_by<uniswap_rules>(order, now);
}

template <class Rules>
or_revert<swap_amounts> pool::swap_by(const swap_request& order, uint32_t now, payment pay,
                                      swap_observer* observer, swap_judge* judge) {
  auto run = start_swap(order, now);
  Rules rules(*this, order.zero_for_one);
  revert why = walk(run, rules, observer);
  if (why == revert::none) {
    auto moved = settle(run, pay);
    if (moved
        && (judge == nullptr || judge->accepts({run.price, run.tick, run.here.value(), *moved}))) {
      commit(run, *moved);
      rules.commit(*this);
      return moved;
    }
    why = moved.why();
  }
  if (run.has_past) // nothing but crossed ticks has changed
    cross_back_by<Rules>(order, now);
  return why;
}

or_revert<swap_amounts> pool::swap_by_steps(const swap_request& order, uint32_t now, payment pay,
                                            swap_observer* observer, swap_judge* judge) {
  const u256& limit = order.sqrt_price_limit_x96;
  const u256& price = state_.sqrt_price_x96;
  bool sane = order.zero_for_one ? limit < price && limit > min_sqrt_ratio
                                 : limit > price && limit < max_sqrt_ratio;
  if (!sane)
    return revert::SPL;
  return slipstream_ ? swap_by<slipstream_rules>(order, now, pay, observer, judge)
                     : swap_by<uniswap_rules>(order, now, pay, observer, judge);
}

or_revert<swap_amounts>
pool::swap_if(const swap_request& order, uint32_t now, swap_judge& judge, swap_observer* observer) {
  if (order.amount_specified.is_zero())
    return revert::AS;
  if (!state_.unlocked)
    return revert::LOK;
  return swap_by_steps(order, now, {}, observer, &judge);
}

} // namespace sluice
