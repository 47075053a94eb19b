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
    const u256 num = (u256{high} << 128) + low;
    ASSERT_EQ(u256{got.value}, num / den) << to_string(num) << " / " << to_string(den);
    ASSERT_EQ(got.exact, (num % den).is_zero()) << to_string(num) << " / " << to_string(den);
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
