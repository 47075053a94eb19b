#include "sim/math/swap_math.hpp"

#include "sim/math/full_math.hpp"
#include "sim/math/sqrt_price_math.hpp"

namespace sluice {

namespace {

constexpr uint32_t fee_unit = 1'000'000;

/// What comes in between two prices, rounded up, and what goes out, rounded down.
u256 input_between(const u256& a, const u256& b, u128 liquidity, bool zero_for_one) {
  return zero_for_one ? amount0_delta(a, b, liquidity, true) : amount1_delta(a, b, liquidity, true);
}
u256 output_between(const u256& a, const u256& b, u128 liquidity, bool zero_for_one) {
  return zero_for_one ? amount1_delta(a, b, liquidity, false)
                      : amount0_delta(a, b, liquidity, false);
}

} // namespace

std::optional<swap_math_step>
compute_swap_step(const u256& price, const u256& target, u128 liquidity, const u256& remaining,
                  bool exact_input, uint32_t fee) {
  bool zero_for_one = price >= target;
  swap_math_step step;
  step.price_next = target;
  if (exact_input) {
    u256 less_fee = *mul_div(remaining, fee_unit - fee, fee_unit); // cannot exceed `remaining`
    step.amount_in = input_between(price, target, liquidity, zero_for_one);
    if (less_fee < step.amount_in) {
      auto next = next_price_from_input(price, liquidity, less_fee, zero_for_one);
      if (!next)
        return std::nullopt;
      step.price_next = *next;
    }
  } else {
    step.amount_out = output_between(price, target, liquidity, zero_for_one);
    if (remaining < step.amount_out) {
      auto next = next_price_from_output(price, liquidity, remaining, zero_for_one);
      if (!next)
        return std::nullopt;
      step.price_next = *next;
    }
  }
  bool reached = step.price_next == target;
  if (!reached || !exact_input)
    step.amount_in = input_between(price, step.price_next, liquidity, zero_for_one);
  if (!reached || exact_input)
    step.amount_out = output_between(price, step.price_next, liquidity, zero_for_one);
  if (!exact_input && step.amount_out > remaining)
    step.amount_out = remaining;
  if (exact_input && !reached)
    step.fee_amount = remaining - step.amount_in; // the rest of the input, whatever rounding did
  else
    step.fee_amount = *mul_div_up(step.amount_in, fee, fee_unit - fee); // below 2^224 * 2^20
  return step;
}

} // namespace sluice
