#include "sim/math/divisors.hpp"
#include "sim/math/full_math.hpp"
#include "tests/support/random_swaps.hpp"

#include <gtest/gtest.h>

namespace sluice {
namespace {

/// a * b / d by the long division of sim/math/full_math.
quotient128 longhand(const u512& product, const u256& den) {
  const auto [quotient, rest] = product.divmod(den);
  return {static_cast<u128>(quotient.low()), rest.is_zero()};
}

TEST(divisors, a_steady_divisor_divides_like_long_division) {
  test::any_number luck(1);
  for (int i = 0; i < 200'000; ++i) {
    const auto den = static_cast<u128>(luck.bits(1 + static_cast<unsigned>(luck.below(128))));
    const auto high = static_cast<u128>(luck.up_to_bits(128)) % den;
    auto low = static_cast<u128>(luck.up_to_bits(128));
    if (luck.one_in(4)) // near or at a multiple
      low -= static_cast<u128>(((u256{high} << 128) + low) % den);
    const auto got = steady_divisor(den).divide(high, low);
    const auto branchless = steady_divisor(den).divide_branchless(high, low);
    ASSERT_TRUE(branchless.value == got.value && branchless.exact == got.exact)
      << to_string(den) << ", " << to_string(high) << ", " << to_string(low);
    const u256 num = (u256{high} << 128) + low;
    ASSERT_EQ(u256{got.value}, num / den) << to_string(num) << " / " << to_string(den);
    ASSERT_EQ(got.exact, (num % den).is_zero()) << to_string(num) << " / " << to_string(den);
  }
}

TEST(divisors, digits_without_branches_are_those_with_branches) {
  test::any_number luck(20261130);
  for (int i = 0; i < 300'000; ++i) {
    auto divisor = static_cast<u128>(luck.bits(128));
    if (luck.one_in(4)) // the rare corrections: an upper limb that is the least or the greatest
      divisor = (luck.one_in(2) ? u128{1} << 127 : ~u128{0} << 64)
                | static_cast<uint64_t>(luck.up_to_bits(64));
    const auto high = static_cast<uint64_t>(divisor >> 64);
    const auto low = static_cast<uint64_t>(divisor);
    const uint64_t reciprocal = limbs::branchless_reciprocal_of(high, low);
    ASSERT_EQ(reciprocal, limbs::reciprocal_of(high, low)) << to_string(divisor);
    const u256 exact = u256::max() >> 64; // floor((2^192 - 1) / divisor) - 2^64
    ASSERT_EQ(u256{reciprocal}, exact / divisor - (u256{1} << 64)) << to_string(divisor);
    u128 rest = static_cast<u128>(luck.up_to_bits(128)) % divisor;
    if (luck.one_in(4))
      rest = divisor - 1 - static_cast<u128>(luck.below(3));
    const auto next = static_cast<uint64_t>(luck.up_to_bits(64));
    u128 straight_rest = rest;
    const u256 number = (u256{rest} << 64) + next;
    const auto digit = limbs::branchless_3_by_2(rest, next, divisor, reciprocal);
    ASSERT_EQ(digit, limbs::divide_3_by_2(straight_rest, next, divisor, reciprocal));
    ASSERT_EQ(rest, straight_rest);
    ASSERT_EQ(u256{digit}, number / divisor);
    ASSERT_EQ(u256{rest}, number % divisor);
  }
}

TEST(divisors, narrow_quotients_are_those_of_long_division) {
  test::any_number luck(2);
  int taken = 0;
  for (int i = 0; i < 300'000; ++i) {
    const u256 den = luck.bits(1 + static_cast<unsigned>(luck.below(256)));
    u256 a = luck.up_to_bits(256);
    auto b = static_cast<u128>(luck.up_to_bits(128));
    if (luck.one_in(3)) { // near a multiple of the divisor
      a = den;
      b = static_cast<u128>(luck.up_to_bits(128));
      if (luck.one_in(2) && !a.is_zero())
        a -= 1;
    }
    const auto product = u512::mul(a, b);
    six_limbs num = multiply_256_by_128(a, b);
    for (size_t j = 0; j < 4; ++j)
      ASSERT_EQ(num[j], product.low().limb(j));
    ASSERT_EQ(num[4], product.high().limb(0));
    ASSERT_EQ(num[5], product.high().limb(1));
    const auto got = divide_to_128(num, den);
    const bool fits = u512::mul(den, u256{1} << 128).high() > product.high()
                      || (u512::mul(den, u256{1} << 128).high() == product.high()
                          && u512::mul(den, u256{1} << 128).low() > product.low());
    ASSERT_EQ(got.has_value(), fits && den.bit_width() > 64)
      << to_string(a) << " * " << to_string(b) << " / " << to_string(den);
    if (!got)
      continue;
    ++taken;
    const auto expected = longhand(product, den);
    ASSERT_EQ(u256{got->value}, u256{expected.value})
      << to_string(a) << " * " << to_string(b) << " / " << to_string(den);
    ASSERT_EQ(got->exact, expected.exact);
  }
  EXPECT_GT(taken, 50'000);
}

TEST(divisors, products_and_shifts_are_those_of_wide_numbers) {
  test::any_number luck(3);
  for (int i = 0; i < 100'000; ++i) {
    const auto a = static_cast<u128>(luck.up_to_bits(128));
    const auto b = static_cast<u128>(luck.up_to_bits(128));
    ASSERT_EQ(multiply_128(a, b), u256{a} * b);
    const u256 x = luck.up_to_bits(256);
    const auto shifted = shift_left_96(x);
    const auto product = u512::mul(x, u256{1} << 96);
    for (size_t j = 0; j < 6; ++j)
      ASSERT_EQ(shifted[j], j < 4 ? product.low().limb(j) : product.high().limb(j - 4));
  }
}

} // namespace
} // namespace sluice
