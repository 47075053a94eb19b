#include "sim/math/full_math.hpp"
#include "sim/math/swap_math.hpp"
#include "sim/math/usual_step.hpp"
#include "tests/support/random_swaps.hpp"

#include <gtest/gtest.h>

#include <cstdlib>

namespace sluice {
namespace {

/// How many random cases: SLUICE_CASES, in thousands, for a longer hunt.
uint64_t usual_cases(uint64_t usual) {
  const char* more = std::getenv("SLUICE_CASES");
  return more != nullptr ? std::strtoull(more, nullptr, 10) * 1000 : usual;
}

TEST(usual_step, divides_five_limbs_by_three_like_long_division) {
  test::any_number luck(20261130);
  uint64_t exact = 0, two_digits = 0;
  for (uint64_t i = 0; i < usual_cases(300'000); ++i) {
    u256 den = luck.bits(129 + static_cast<unsigned>(luck.below(64)));
    if (luck.one_in(4)) // upper limbs that are the least or the greatest
      den = (luck.one_in(2) ? u256{1} << 191 : ((u256{1} << 128) - 1) << 64) + luck.up_to_bits(64);
    const auto quotient = static_cast<u128>(luck.up_to_bits(128));
    u512 product = u512::mul(den, quotient);
    u256 rest; // of any size below the divisor, often none or all but one
    if (luck.one_in(3))
      rest = luck.one_in(2) ? den - 1 : u256{};
    else
      rest = luck.up_to_bits(192) % den;
    std::array<uint64_t, 5> num{};
    u128 carry = 0;
    for (size_t k = 0; k < 5; ++k) {
      carry += u128{product.limbs()[k]} + (k < 4 ? rest.limb(k) : 0);
      num[k] = static_cast<uint64_t>(carry);
      carry >>= 64;
    }
    const auto got = limbs::divide_5_by_3(num, {den.limb(0), den.limb(1), den.limb(2)});
    ASSERT_EQ(u256{got.value}, u256{quotient}) << to_string(den) << " rest " << to_string(rest);
    ASSERT_EQ(got.exact, rest.is_zero()) << to_string(den) << " times " << to_string(quotient);
    ASSERT_EQ(u256{got.up()},
              u256{quotient} + (rest.is_zero() ? 0U : 1U)
                - (quotient == u128_max && !rest.is_zero() ? u256{1} << 128 : u256{}));
    exact += got.exact ? 1 : 0;
    two_digits += quotient >> 64 != 0 ? 1 : 0;
  }
  EXPECT_GT(exact, usual_cases(300'000) / 10);
  EXPECT_GT(two_digits, usual_cases(300'000) / 3);
}

TEST(usual_step, products_and_shifts_are_those_of_wide_numbers) {
  test::any_number luck(20261201);
  for (int i = 0; i < 100'000; ++i) {
    const u256 a = luck.up_to_bits(192);
    const auto b = static_cast<u128>(luck.up_to_bits(128));
    const auto product = u512::mul(a, b);
    const auto got = limbs::multiply_3_by_2(a, b);
    const u256 x = luck.up_to_bits(224);
    const auto left = limbs::narrow_shift_left_96(x);
    const auto shifted = u512::mul(x, u256{1} << 96);
    for (size_t k = 0; k < 5; ++k) {
      ASSERT_EQ(got[k], product.limbs()[k]);
      ASSERT_EQ(left[k], shifted.limbs()[k]);
    }
    ASSERT_EQ(u256{limbs::narrow_shift_right_96(x)}, x >> 96);
  }
}

TEST(usual_step, doubles_are_near_and_too_large_by_rounding_only) {
  test::any_number luck(20261203);
  for (int i = 0; i < 200'000; ++i) {
    const auto x = static_cast<u128>(luck.up_to_bits(128));
    const double got = nearly(x);
    ASSERT_LE(got, to_double(x) * (1 + 0x1p-51)) << to_string(x);
    ASSERT_GE(got, (to_double(x) - 3) * (1 - 0x1p-51)) << to_string(x);
  }
  EXPECT_EQ(nearly(u128{1} << 64), 0x1p64); // each bit counts
  EXPECT_EQ(nearly(u128{1} << 65), 0x1p65);
  EXPECT_EQ(nearly(u128{1} << 63), 0x1p63);
}

TEST(usual_step, one_unit_of_token1_moves_the_price_by_less_than_its_bound) {
  test::any_number luck(20261204);
  for (int i = 0; i < 50'000; ++i) {
    const auto liquidity = static_cast<u128>(luck.bits(1 + static_cast<unsigned>(luck.below(128))));
    ASSERT_EQ(u256{unit_of_token1(stretch(liquidity))}, (u256{1} << 96) / liquidity + 1)
      << to_string(liquidity);
  }
}

/// A case around the width that decides, in any order.
struct usual_case {
  u128 price = 0;
  u128 target = 0;
  u128 liquidity = 0;
  bool down = false;
  bool input = false;
  uint32_t fee = 0;
  u128 asked = 0;

  explicit usual_case(test::any_number& luck) {
    const auto width = 34 + static_cast<unsigned>(luck.below(94));
    price = static_cast<u128>(luck.bits(width));
    const auto move = 1 + static_cast<u128>(luck.up_to_bits(width - 6));
    down = luck.one_in(2);
    target = down ? price - move : price + move;
    liquidity = static_cast<u128>(luck.bits(1 + static_cast<unsigned>(luck.below(118))));
    input = luck.one_in(2);
    fee = static_cast<uint32_t>(luck.one_in(3) ? luck.below(1'000'000) : 500);
    // Around what the target needs, as far as that is narrow.
    u256 size = luck.up_to_bits(108);
    if (const auto whole = compute_swap_step(price, target, liquidity, u256{1} << 250, input, fee);
        whole && !luck.one_in(4)) {
      size = input ? whole->amount_in + whole->fee_amount : whole->amount_out;
      if (luck.one_in(2))
        size >>= static_cast<unsigned>(luck.below(12));
      size = size + luck.below(5);
      size -= std::min(size, u256{2});
    }
    asked = size < narrow_end ? static_cast<u128>(size) : 0;
  }

  std::string text() const {
    return to_string(price) + " to " + to_string(target) + " with " + to_string(liquidity) + " and "
           + to_string(asked) + (input ? " in" : " out") + " fee " + std::to_string(fee);
  }
};

/// Both short forms of a step against the contract's.
TEST(usual_step, before_its_target_is_the_contracts_step) {
  test::any_number luck(20261202);
  uint64_t narrow = 0, usual = 0, missed = 0;
  for (uint64_t i = 0; i < usual_cases(400'000); ++i) {
    const usual_case x(luck);
    if (x.asked == 0)
      continue;
    const stretch here(x.liquidity);
    const bool whole = x.down ? whole_input0(x.target, x.liquidity) : whole_input1(x.liquidity);
    const auto expected
      = compute_swap_step(x.price, x.target, x.liquidity, x.asked, x.input, x.fee);
    const bool before = expected && expected->price_next != u256{x.target};
    narrow_amounts got;
    narrow_step step(x.price, x.target, here, x.asked, false, x.fee);
    if (x.down ? step.take_before_target<true>(x.input, whole, got)
               : step.take_before_target<false>(x.input, whole, got)) {
      ++narrow;
      ASSERT_TRUE(before) << x.text();
      ASSERT_EQ(u256{got.next}, expected->price_next) << x.text();
      ASSERT_EQ(u256{got.in}, expected->amount_in) << x.text();
      ASSERT_EQ(u256{got.out}, expected->amount_out) << x.text();
      ASSERT_EQ(u256{got.fee}, expected->fee_amount) << x.text();
    } else {
      missed += before ? 1 : 0; // too wide
    }
    if (x.input && !whole)
      continue;
    const u128 less = without_fee(x.asked, x.fee);
    usual_step short_step;
    const u128 unit = luck.one_in(2) ? unit_of_token1(here) : 0;
    const double per_target = scaled_per(x.liquidity, x.target);
    const auto outcome
      = x.input
          ? (x.down ? take_input0(x.price, x.target, x.liquidity, less, short_step)
                    : take_input1(x.price, x.target, here, less, short_step))
          : (x.down
               ? take_output1(x.price, x.target, here, x.asked, unit, short_step)
               : take_output0(x.price, x.target, x.liquidity, x.asked, per_target, short_step));
    if (outcome == usual_outcome::taken) {
      ++usual;
      ASSERT_TRUE(before) << x.text();
      ASSERT_EQ(u256{short_step.next}, expected->price_next) << x.text();
      ASSERT_EQ(u256{short_step.other}, x.input ? expected->amount_out : expected->amount_in)
        << x.text();
      const u128 in = x.input ? less : short_step.other;
      ASSERT_EQ(u256{in}, expected->amount_in) << x.text();
      ASSERT_EQ(u256{x.input ? x.asked - in : fee_on(in, x.fee)}, expected->fee_amount) << x.text();
    } else if (outcome == usual_outcome::reached && expected) {
      ASSERT_FALSE(before) << x.text();
    }
  }
  EXPECT_GT(narrow, usual_cases(400'000) / 5);
  EXPECT_GT(usual, usual_cases(400'000) / 20);
  EXPECT_LT(missed, narrow / 4);
}

} // namespace
} // namespace sluice
