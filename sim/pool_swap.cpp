#include "sim/full_math.hpp"
#include "sim/liquidity_math.hpp"
#include "sim/pool.hpp"
#include "sim/sqrt_price_math.hpp"
#include "sim/swap_math.hpp"
#include "sim/tick_bitmap.hpp"
#include "sim/tick_math.hpp"

#include <algorithm>

namespace sluice {

/// The contract's SwapCache and SwapState. Amounts are sizes; the signs follow from the order.
struct pool::swap_run {
  const swap_request& order;
  uint32_t now = 0;
  bool exact_input = false;
  unsigned fee_protocol = 0;
  u256 specified{};
  u256 remaining{};  // of `specified`
  u256 calculated{}; // the other side so far
  u256 price{};
  int32_t tick = 0;
  u256 fee_growth{}; // of the input token
  u128 protocol_fee = 0;
  u128 liquidity = 0;
  size_t ticks_below = 0; // initialized ones at or below `tick`
  bool has_past = false;
  cumulatives past{}; // read at the first crossing, as the contract does
};

namespace {

/// floor(fee * 2^128 / liquidity), none when it exceeds 256 bits.
std::optional<u256> growth_of(const u256& fee, u128 liquidity) {
  if (fee.fits_u128())
    return (fee << 128) / liquidity;
  return mul_div(fee, q128, liquidity);
}

} // namespace

pool::swap_run pool::start_swap(const swap_request& order, uint32_t now) const {
  swap_run run{order};
  bool z = order.zero_for_one;
  run.now = now;
  run.exact_input = !order.amount_specified.is_negative();
  run.fee_protocol = z ? state_.fee_protocol % 16U : state_.fee_protocol / 16U;
  run.specified = order.amount_specified.magnitude();
  run.remaining = run.specified;
  run.price = state_.sqrt_price_x96;
  run.tick = state_.tick;
  run.fee_growth = z ? state_.fee_growth_global0_x128 : state_.fee_growth_global1_x128;
  run.liquidity = state_.liquidity;
  run.ticks_below = count_up_to(ticks_.keys(), run.tick);
  return run;
}

/// Tick.cross for the tick that `run` has reached; crossing twice with the same run is no change.
void pool::cross(swap_run& run) {
  bool z = run.order.zero_for_one;
  if (!run.has_past) {
    run.past = oracle_.observe_now(view(run.now));
    run.has_past = true;
  }
  auto& record = ticks_.at_index(z ? run.ticks_below - 1 : run.ticks_below);
  const u256& growth0 = z ? run.fee_growth : state_.fee_growth_global0_x128;
  const u256& growth1 = z ? state_.fee_growth_global1_x128 : run.fee_growth;
  record.fee_growth_outside0_x128 = growth0 - record.fee_growth_outside0_x128;
  record.fee_growth_outside1_x128 = growth1 - record.fee_growth_outside1_x128;
  record.seconds_per_liquidity_outside_x128 = stored_u160(
    run.past.seconds_per_liquidity_x128 - record.seconds_per_liquidity_outside_x128.value());
  record.tick_cumulative_outside
    = wrap_int56(run.past.tick_cumulative - record.tick_cumulative_outside);
  record.seconds_outside = run.now - record.seconds_outside;
}

/// The loop of the contract's swap. Crossed ticks change at once, everything else in `run` only.
revert pool::walk(swap_run& run, swap_observer* observer) {
  const bool z = run.order.zero_for_one;
  const u256& limit = run.order.sqrt_price_limit_x96;
  while (!run.remaining.is_zero() && run.price != limit) {
    auto next
      = next_tick_within_one_word(ticks_.keys(), run.ticks_below, run.tick, tick_spacing_, z);
    int32_t next_tick = std::clamp(next.tick, min_tick, max_tick);
    u256 next_price = sqrt_ratio_at_tick(next_tick);
    bool limited = z ? next_price < limit : next_price > limit;
    auto step = compute_swap_step(run.price, limited ? limit : next_price, run.liquidity,
                                  run.remaining, run.exact_input, fee_);
    if (!step)
      return revert::reasonless;
    u256 paid = step->amount_in + step->fee_amount;
    run.remaining -= run.exact_input ? paid : step->amount_out;
    run.calculated += run.exact_input ? step->amount_out : paid;
    if (run.calculated > i256::max().bits())
      return revert::reasonless;
    u256 lp_fee = step->fee_amount;
    if (run.fee_protocol > 0) {
      u256 cut = lp_fee / run.fee_protocol;
      lp_fee -= cut;
      run.protocol_fee += static_cast<u128>(cut);
    }
    if (run.liquidity > 0) {
      auto growth = growth_of(lp_fee, run.liquidity);
      if (!growth)
        return revert::reasonless;
      run.fee_growth += *growth;
    }
    if (observer != nullptr)
      observer->on_step({run.price, step->price_next, run.liquidity, step->amount_in,
                         step->amount_out, step->fee_amount, lp_fee});
    bool moved = step->price_next != run.price;
    run.price = step->price_next;
    if (run.price == next_price) {
      if (next.initialized) {
        i128 net = ticks_.at_index(z ? run.ticks_below - 1 : run.ticks_below).liquidity_net;
        auto liquidity = add_delta(run.liquidity, z ? -net : net);
        if (!liquidity)
          return (z ? -net : net) < 0 ? revert::LS : revert::LA;
        cross(run);
        run.liquidity = *liquidity;
        z ? --run.ticks_below : ++run.ticks_below;
        if (observer != nullptr)
          observer->on_cross(next_tick);
      }
      run.tick = z ? next_tick - 1 : next_tick;
    } else if (moved) {
      run.tick = tick_at_sqrt_ratio(run.price);
      if (!run.remaining.is_zero())
        run.ticks_below = count_up_to(ticks_.keys(), run.tick);
    }
  }
  return revert::none;
}

/// What the callback owes and gets, checked in the contract's order.
or_revert<swap_amounts> pool::settle(const swap_run& run, payment pay) const {
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

void pool::commit(const swap_run& run, const swap_amounts& moved) {
  if (run.tick != state_.tick)
    write_observation(run.now); // with the tick and the liquidity from before
  state_.sqrt_price_x96 = run.price;
  state_.tick = run.tick;
  state_.liquidity = run.liquidity;
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

or_revert<swap_amounts>
pool::swap(const swap_request& order, uint32_t now, payment pay, swap_observer* observer) {
  if (order.amount_specified.is_zero())
    return revert::AS;
  if (!state_.unlocked)
    return revert::LOK;
  const u256& limit = order.sqrt_price_limit_x96;
  const u256& price = state_.sqrt_price_x96;
  bool sane = order.zero_for_one ? limit < price && limit > min_sqrt_ratio
                                 : limit > price && limit < max_sqrt_ratio;
  if (!sane)
    return revert::SPL;
  auto run = start_swap(order, now);
  revert why = walk(run, observer);
  if (why == revert::none) {
    auto moved = settle(run, pay);
    if (moved) {
      commit(run, *moved);
      return moved;
    }
    why = moved.why();
  }
  // Nothing but crossed ticks has changed, and crossing is its own inverse: the same walk once more
  // from the same state puts every one of them back, without a journal.
  auto again = start_swap(order, now);
  walk(again, nullptr);
  return why;
}

} // namespace sluice
