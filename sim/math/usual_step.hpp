/// The usual step of a swap: its numbers have usual widths and it ends before the next stop.
#pragma once

#include "sim/math/narrow_step.hpp"

namespace sluice {

namespace limbs {

/// `digit` (rules/math/u256.hpp) with the same arguments and a branchless_3_by_2.
template <size_t n>
[[gnu::always_inline]] inline uint64_t
narrow_digit(uint64_t* u, const uint64_t* v, u128 divisor, uint64_t reciprocal) {
  u128 rest = (u128{u[n]} << 64) | u[n - 1];
  if (rest >= divisor) [[unlikely]] { // equal, in fact: the digit is the highest there is
    (void)take_away(u, v, n, ~uint64_t{0});
    return ~uint64_t{0};
  }
  const uint64_t quotient = branchless_3_by_2(rest, u[n - 2], divisor, reciprocal);
  const u128 taken = take_away(u, v, n - 2, quotient);
  const bool too_much = rest < taken;
  rest -= taken;
  u[n - 2] = static_cast<uint64_t>(rest);
  u[n - 1] = static_cast<uint64_t>(rest >> 64);
  if (!too_much) [[likely]]
    return quotient;
  u128 sum = 0; // give one back
  for (size_t i = 0; i < n; ++i) {
    sum = u128{u[i]} + v[i] + static_cast<uint64_t>(sum >> 64);
    u[i] = static_cast<uint64_t>(sum);
  }
  return quotient - 1;
}

/// num / den, rounded down, the lowest limb first. Needs a `den` of exactly three limbs and `num` <
/// `den` * 2^128 (not checked: else the quotient means nothing).
[[gnu::always_inline]] inline quotient128
divide_5_by_3(const std::array<uint64_t, 5>& num, const std::array<uint64_t, 3>& den) {
  const auto shift = static_cast<unsigned>(std::countl_zero(den[2]));
  const auto above = [shift](uint64_t high, uint64_t low) {
    return (high << shift) | ((low >> 1) >> (63 - shift));
  };
  const uint64_t v2 = above(den[2], den[1]), v1 = above(den[1], den[0]), v0 = den[0] << shift;
  const uint64_t u4 = above(num[4], num[3]), u3 = above(num[3], num[2]);
  uint64_t u2 = above(num[2], num[1]), u1 = above(num[1], num[0]);
  const uint64_t u0 = num[0] << shift;
  const u128 divisor = (u128{v2} << 64) | v1;
  const uint64_t reciprocal = branchless_reciprocal_of(v2, v1);
  u128 rest = (u128{u3} << 64) | u2;
  uint64_t upper = 0;
  if (u4 != 0 || rest >= divisor) {
    std::array<uint64_t, 4> u{u1, u2, u3, u4};
    const std::array<uint64_t, 3> v{v0, v1, v2};
    upper = narrow_digit<3>(u.data(), v.data(), divisor, reciprocal);
    u1 = u[0];
    rest = (u128{u[2]} << 64) | u[1];
  }
  if (rest >= divisor) [[unlikely]] { // equal, in fact: the digit is the highest there is
    std::array<uint64_t, 4> u{u0, u1, static_cast<uint64_t>(rest),
                              static_cast<uint64_t>(rest >> 64)};
    const std::array<uint64_t, 3> v{v0, v1, v2};
    const uint64_t digit = narrow_digit<3>(u.data(), v.data(), divisor, reciprocal);
    return {(u128{upper} << 64) | digit, (u[0] | u[1] | u[2]) == 0};
  }
  uint64_t lower = branchless_3_by_2(rest, u1, divisor, reciprocal);
  const u128 product = u128{lower} * v0;
  const u128 taken = (product >> 64) + (u0 < static_cast<uint64_t>(product) ? 1 : 0);
  const uint64_t last = u0 - static_cast<uint64_t>(product);
  const bool too_much = rest < taken;
  rest -= taken;
  lower -= too_much ? 1 : 0;
  // One too much leaves a negative rest, and nothing when that is -v.
  const bool exact = too_much ? last + v0 == 0 && rest + divisor + (last != 0 ? 1 : 0) == 0
                              : rest == 0 && last == 0;
  return {(u128{upper} << 64) | lower, exact};
}

/// a * b, exact, for `a` below 2^192 (not checked: its upper limb is dropped).
[[gnu::always_inline]] inline std::array<uint64_t, 5> multiply_3_by_2(const u256& a, u128 b) {
  const auto b0 = static_cast<uint64_t>(b), b1 = static_cast<uint64_t>(b >> 64);
  const u128 x0 = u128{a.limb(0)} * b0;
  const u128 x1 = u128{a.limb(1)} * b0 + static_cast<uint64_t>(x0 >> 64);
  const u128 x2 = u128{a.limb(2)} * b0 + static_cast<uint64_t>(x1 >> 64);
  const u128 y0 = u128{a.limb(0)} * b1 + static_cast<uint64_t>(x1);
  const u128 y1
    = u128{a.limb(1)} * b1 + static_cast<uint64_t>(x2) + static_cast<uint64_t>(y0 >> 64);
  const u128 y2
    = u128{a.limb(2)} * b1 + static_cast<uint64_t>(x2 >> 64) + static_cast<uint64_t>(y1 >> 64);
  return {static_cast<uint64_t>(x0), static_cast<uint64_t>(y0), static_cast<uint64_t>(y1),
          static_cast<uint64_t>(y2), static_cast<uint64_t>(y2 >> 64)};
}

/// x * 2^96, exact, for `x` below 2^224 (not checked: what is above is dropped).
[[gnu::always_inline]] inline std::array<uint64_t, 5> narrow_shift_left_96(const u256& x) {
  return {0, x.limb(0) << 32, (x.limb(1) << 32) | (x.limb(0) >> 32),
          (x.limb(2) << 32) | (x.limb(1) >> 32), (x.limb(3) << 32) | (x.limb(2) >> 32)};
}

/// floor(x / 2^96) for `x` below 2^224 (not checked: what is above is dropped).
[[gnu::always_inline]] inline u128 narrow_shift_right_96(const u256& x) {
  return (u128{x.limb(3)} << 96) | (u128{x.limb(2)} << 32) | (x.limb(1) >> 32);
}

} // namespace limbs

enum class usual_outcome : uint8_t {
  taken = 0,
  reached, // the target, or beyond
  unusual, // some number is wider than here, or only narrow_step knows
};

/// Where a step that is `taken` ends (sqrtPriceX96), and what was not asked for of it, in smallest
/// units: the output of an exact input, the input without the fee of an exact output.
struct usual_step {
  u128 next = 0;
  u128 other = 0;
};

// The steps are those of narrow_step::take_before_target, for prices above 0. L is the liquidity,
// not 0, P the price, T the target, n = L * 2^96 and w = |P - T|.

/// token0 comes in, `input` without the fee, below narrow_end: for `price` > `target`, where the
/// input is used whole (whole_input0).
[[gnu::always_inline]] inline usual_outcome
take_input0(u128 price, u128 target, u128 liquidity, u128 input, usual_step& x) {
  const u256 product = multiply_128(input, price);
  if (product.limb(3) != 0 || product.limb(2) >> 63 != 0 || liquidity >> 95 != 0
      || liquidity >> 32 == 0) // so that the divisor n + x * P has three limbs
    return usual_outcome::unusual;
  const u128 upper = ((u128{product.limb(2)} << 64) | product.limb(1)) + (liquidity << 32);
  x.next = price
           - limbs::divide_5_by_3(
               limbs::multiply_3_by_2(product, price),
               {product.limb(0), static_cast<uint64_t>(upper), static_cast<uint64_t>(upper >> 64)})
               .value;
  if (x.next <= target)
    return usual_outcome::reached;
  x.other = limbs::narrow_shift_right_96(multiply_128(liquidity, price - x.next));
  return usual_outcome::taken;
}

/// The same of token1, for `price` < `target` and L of at most 2^96, which makes inputs whole.
[[gnu::always_inline]] inline usual_outcome
take_input1(u128 price, u128 target, const stretch& here, u128 input, usual_step& x) {
  const u128 liquidity = here.value();
  if (input >> 32 >= liquidity) // beyond any price
    return usual_outcome::reached;
  const u128 change = here.divide_branchless(input >> 32, input << 96).value;
  if (change >= target - price)
    return usual_outcome::reached;
  x.next = price + change;
  const u256 den = multiply_128(price, x.next);
  if (den.limb(3) != 0 || price >> 64 == 0) // so that it has three limbs
    return usual_outcome::unusual;
  // As change < next, below n / P, so below 2^128.
  x.other = limbs::divide_5_by_3(limbs::narrow_shift_left_96(multiply_128(liquidity, change)),
                                 {den.limb(0), den.limb(1), den.limb(2)})
              .value;
  return usual_outcome::taken;
}

/// What one unit of token1 moves the price by, and more: floor(2^96 / L) + 1, of a liquidity not 0.
inline u128 unit_of_token1(const stretch& here) {
  return here.divide_branchless(0, u128{1} << 96).value + 1;
}

/// token1 goes out, `output` from 1 to below narrow_end: for `price` > `target`. `unit`:
/// unit_of_token1, or 0 where it is not known; with it, also unusual where it is near the target.
[[gnu::always_inline]] inline usual_outcome
take_output1(u128 price, u128 target, const stretch& here, u128 output, u128 unit, usual_step& x) {
  const u128 liquidity = here.value();
  const u128 width = price - target;
  if (liquidity >> 95 != 0 || output >> 32 >= liquidity)
    return usual_outcome::unusual;
  if (unit == 0 && output >= limbs::narrow_shift_right_96(multiply_128(liquidity, width)))
    return usual_outcome::reached;
  const u128 change = here.divide_branchless(output >> 32, output << 96).up();
  // (output + 1) * 2^96 / L <= w is output < floor(L * w / 2^96): not reached.
  if (unit != 0 && (width < unit || change > width - unit))
    return usual_outcome::unusual;
  if (change >= width)
    return usual_outcome::reached;
  x.next = price - change;
  const u256 den = multiply_128(price, x.next);
  if (den.limb(3) != 0 || x.next >> 64 == 0) // so that it has three limbs
    return usual_outcome::unusual;
  // As change < P, below n / next, so below 2^127.
  x.other = limbs::divide_5_by_3(limbs::narrow_shift_left_96(multiply_128(liquidity, change)),
                                 {den.limb(0), den.limb(1), den.limb(2)})
              .up();
  return x.other < narrow_end ? usual_outcome::taken : usual_outcome::unusual;
}

/// n / T as a double, nearly.
inline double scaled_per(u128 liquidity, u128 target) {
  return nearly(liquidity) * 0x1p96 / nearly(target);
}

/// The same of token0, for `price` < `target`, both from 2^32; also unusual where it is near the
/// target. `per_target`: scaled_per.
[[gnu::always_inline]] inline usual_outcome
take_output0(u128 price, u128 target, u128 liquidity, u128 output, double per_target,
             usual_step& x) {
  const u256 product = multiply_128(output, price);
  if (product.limb(3) != 0 || product.limb(2) >> 63 != 0 || liquidity >> 95 != 0)
    return usual_outcome::unusual;
  // Not reached where (output + 1) * P <= n / T * w. `nearly` drops up to 3 units: 4 instead of 1
  // for that; prices, from 2^32, lose less than 2^-30 of themselves, w can only be too small.
  if (!(nearly(output + 4) * nearly(price) < per_target * nearly(target - price) * (1 - 0x1p-20)))
    return usual_outcome::unusual;
  // n - x * P, above 0 as x * P < n * w / T.
  const u128 upper = (liquidity << 32) - ((u128{product.limb(2)} << 64) | product.limb(1))
                     - (product.limb(0) != 0 ? 1 : 0);
  if (upper >> 64 == 0) // it has less than three limbs
    return usual_outcome::unusual;
  const u128 change
    = limbs::divide_5_by_3(limbs::multiply_3_by_2(product, price),
                           {uint64_t{0} - product.limb(0), static_cast<uint64_t>(upper),
                            static_cast<uint64_t>(upper >> 64)})
        .up(); // at most w
  if (change >= target - price)
    return usual_outcome::reached;
  x.next = price + change;
  const u256 moved = multiply_128(liquidity, change);
  const bool exact = (moved.limb(0) | static_cast<uint32_t>(moved.limb(1))) == 0;
  x.other = limbs::narrow_shift_right_96(moved) + (exact ? 0 : 1);
  return x.other < narrow_end ? usual_outcome::taken : usual_outcome::unusual;
}

} // namespace sluice
