#include "sim/math/fee_growth.hpp"
#include "sim/math/tick_bitmap.hpp"
#include "sim/math/tick_math.hpp"
#include "sim/math/usual_step.hpp"
#include "sim/pool/pool.hpp"

#include <algorithm>

namespace sluice {

void pool::find_place() {
  ticks_below_ = count_up_to(ticks_.keys(), state_.tick);
  here_ = stretch(state_.liquidity);
  segment_ = {};
}

/// Around the price's tick; none where nothing is narrow or there is no liquidity.
void pool::find_segment() {
  segment_ = {};
  if (!state_.sqrt_price_x96.fits_u128() || state_.liquidity == 0)
    return;
  const auto span = span_between_stops(ticks_.keys(), ticks_below_, state_.tick, tick_spacing_);
  auto& x = segment_;
  x.tick_low = std::max(span.low, min_tick);
  x.tick_high = std::min(span.high, narrow_tick_max);
  x.low = narrow_tick_price(x.tick_low);
  x.high = narrow_tick_price(std::max(x.tick_high, min_tick));
  x.whole_input0 = whole_input0(x.low, state_.liquidity);
  x.whole_input1 = whole_input1(state_.liquidity);
  x.per_input0 = nearly(x.low) / (nearly(state_.liquidity) * 0x1p96);
}

namespace {

/// x += y, modulo 2^256.
[[gnu::always_inline]] inline void add_narrow(u256& x, u128 y) {
  const u128 low = static_cast<u128>(x) + y;
  uint64_t l2 = x.limb(2), l3 = x.limb(3);
  if (low < y) [[unlikely]]
    l3 += ++l2 == 0 ? 1 : 0;
  x = u256::from_limbs({static_cast<uint64_t>(low), static_cast<uint64_t>(low >> 64), l2, l3});
}

/// x -= y, modulo 2^256.
[[gnu::always_inline]] inline void subtract_narrow(u256& x, u128 y) {
  const auto before = static_cast<u128>(x);
  const u128 low = before - y;
  uint64_t l2 = x.limb(2), l3 = x.limb(3);
  if (before < y) [[unlikely]]
    l3 -= l2-- == 0 ? 1 : 0;
  x = u256::from_limbs({static_cast<uint64_t>(low), static_cast<uint64_t>(low >> 64), l2, l3});
}

} // namespace

/// The target of a swap in the price's segment: the stop, or the limit before it; 0 when none is
/// beyond the price, or when the contract takes no such limit.
template <bool zero_for_one>
[[gnu::always_inline]] inline u128 pool::target_within(const u256& limit) {
  constexpr auto lowest_limit = static_cast<u128>(min_sqrt_ratio);
  if (!segment_.holds(state_.tick)) [[unlikely]] {
    if (!segment_.is_worth_finding) // the next swap will cross as many ticks, so probably
      return 0;
    find_segment();
    if (!segment_.holds(state_.tick))
      return 0;
  }
  const auto price = static_cast<u128>(state_.sqrt_price_x96);
  const auto narrow_limit = static_cast<u128>(limit);
  u128 target = zero_for_one ? segment_.low : segment_.high;
  if (!limit.fits_u128()) {
    if (zero_for_one || limit >= max_sqrt_ratio)
      return 0;
  } else if (zero_for_one) {
    target = narrow_limit > lowest_limit ? std::max(target, narrow_limit) : price;
  } else {
    target = std::min(target, narrow_limit);
  }
  return (zero_for_one ? target < price : target > price) ? target : 0;
}

/// settle and commit of a swap that ended before its target: at `next`, `in` with its fee came in.
/// Where it reverts, nothing has changed.
template <bool zero_for_one>
[[gnu::always_inline]] inline or_revert<swap_amounts>
pool::commit_within(u128 next, u128 in, u128 out, u128 fee, uint32_t now, payment pay) {
  u256& balance_in = zero_for_one ? state_.balance0 : state_.balance1;
  u256& balance_out = zero_for_one ? state_.balance1 : state_.balance0;
  if (balance_out.fits_u128() && out > static_cast<u128>(balance_out))
    return revert::TF;
  if (pay.reenter)
    return revert::LOK;
  if ((pay.short0 || pay.short1) && in != 0)
    return revert::IIA;
  if (balance_in > u256::max() - in) [[unlikely]]
    return revert::reasonless;
  add_narrow(balance_in, in);
  subtract_narrow(balance_out, out);
  const unsigned protocol
    = zero_for_one ? state_.fee_protocol % 16U : state_.fee_protocol / 16U; // 0: takes nothing
  if (protocol > 0) {
    uint64_t rest = 0;
    const u128 cut = divide_by_small(fee, protocol, rest);
    fee -= cut;
    (zero_for_one ? state_.protocol_fees0 : state_.protocol_fees1) += cut;
  }
  u256& growth = zero_for_one ? state_.fee_growth_global0_x128 : state_.fee_growth_global1_x128;
  if (fee < here_.value()) [[likely]]
    add_narrow(growth, here_.divide_branchless(fee, 0).value);
  else
    growth += growth_of_narrow(fee, here_);
  if (next != static_cast<u128>(state_.sqrt_price_x96)) {
    const int32_t tick = segment_.last.at(next, state_.tick);
    if (tick != state_.tick) {
      write_observation(now); // with the tick from before
      state_.tick = tick;
    }
    state_.sqrt_price_x96 = next;
  }
  const auto paid_in = i256::from_u256(in);
  const uint64_t sign = limbs::mask_where(out != 0);
  const auto paid_out = i256::from_u256(
    u256::from_limbs({static_cast<uint64_t>(-out), static_cast<uint64_t>(-out >> 64), sign, sign}));
  return zero_for_one ? swap_amounts{paid_in, paid_out} : swap_amounts{paid_out, paid_in};
}

/// What narrow_step takes before the target; else the loop.
template <bool zero_for_one>
[[gnu::noinline]] or_revert<swap_amounts>
pool::swap_within(const swap_request& order, uint32_t now, payment pay, u128 target) {
  const bool exact_input = !order.amount_specified.is_negative();
  const auto asked = static_cast<u128>(order.amount_specified.magnitude());
  const bool whole = zero_for_one ? segment_.whole_input0 : segment_.whole_input1;
  narrow_amounts x;
  if (!narrow_step(static_cast<u128>(state_.sqrt_price_x96), target, here_, asked, false, fee_)
         .take_before_target<zero_for_one>(exact_input, whole, x))
    return swap_by_steps(order, now, pay, nullptr);
  return commit_within<zero_for_one>(x.next, exact_input ? asked : x.in + x.fee,
                                     exact_input ? x.out : asked, x.fee, now, pay);
}

/// The same, sooner, of an exact output of usual width.
template <bool zero_for_one>
[[gnu::noinline]] or_revert<swap_amounts>
pool::swap_output_within(const swap_request& order, uint32_t now, payment pay, u128 target) {
  const auto asked = static_cast<u128>(order.amount_specified.magnitude());
  const auto price = static_cast<u128>(state_.sqrt_price_x96);
  usual_step x;
  const u128 liquidity = state_.liquidity;
  const auto outcome = zero_for_one ? take_output1(price, target, here_, asked, 0, x)
                                    : take_output0(price, target, liquidity, asked,
                                                   scaled_per(liquidity, target), x);
  if (outcome == usual_outcome::reached)
    return swap_by_steps(order, now, pay, nullptr);
  if (outcome == usual_outcome::unusual)
    return swap_within<zero_for_one>(order, now, pay, target);
  const u128 fee = fee_on(x.other, fee_);
  return commit_within<zero_for_one>(x.next, x.other + fee, asked, fee, now, pay);
}

/// An order of usual width that ends before its target at once, all else elsewhere.
template <bool zero_for_one>
[[gnu::always_inline]] inline or_revert<swap_amounts>
pool::swap_uniswap(const swap_request& order, uint32_t now, payment pay, swap_observer* observer) {
  const u256& amount = order.amount_specified.bits();
  const bool exact_input = !order.amount_specified.is_negative();
  const u256 size = exact_input ? amount : -amount;
  const auto asked = static_cast<u128>(size);
  if (observer != nullptr || !size.fits_u128() || asked >= narrow_end)
    return swap_by_steps(order, now, pay, observer);
  const u128 target = target_within<zero_for_one>(order.sqrt_price_limit_x96);
  if (target == 0)
    return swap_by_steps(order, now, pay, nullptr);
  if (!exact_input)
    return swap_output_within<zero_for_one>(order, now, pay, target);
  if (!(zero_for_one ? segment_.whole_input0 : segment_.whole_input1))
    return swap_within<zero_for_one>(order, now, pay, target);
  const auto price = static_cast<u128>(state_.sqrt_price_x96);
  if (zero_for_one && nearly(asked) * nearly(price) * segment_.per_input0 >= nearly(price - target))
    return swap_by_steps(order, now, pay, nullptr); // it would reach the target, so probably
  const u128 input = without_fee(asked, fee_);
  usual_step x;
  const auto outcome = zero_for_one ? take_input0(price, target, state_.liquidity, input, x)
                                    : take_input1(price, target, here_, input, x);
  if (outcome == usual_outcome::taken) [[likely]]
    return commit_within<zero_for_one>(x.next, asked, x.other, asked - input, now, pay);
  return outcome == usual_outcome::reached ? swap_by_steps(order, now, pay, nullptr)
                                           : swap_within<zero_for_one>(order, now, pay, target);
}

or_revert<swap_amounts>
pool::swap(const swap_request& order, uint32_t now, payment pay, swap_observer* observer) {
  if (order.amount_specified.is_zero())
    return revert::AS;
  if (!state_.unlocked)
    return revert::LOK;
  if (slipstream_)
    return swap_by_steps(order, now, pay, observer);
  return order.zero_for_one ? swap_uniswap<true>(order, now, pay, observer)
                            : swap_uniswap<false>(order, now, pay, observer);
}

} // namespace sluice
