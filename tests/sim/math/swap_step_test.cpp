#include "sim/math/fee_growth.hpp"
#include "sim/math/swap_step.hpp"
#include "tests/support/random_swaps.hpp"

#include <gtest/gtest.h>

#include <cstdlib>

namespace sluice {
namespace {

/// How many random cases: SLUICE_CASES, in thousands, for a longer hunt.
uint64_t cases(uint64_t usual) {
  const char* more = std::getenv("SLUICE_CASES");
  return more != nullptr ? std::strtoull(more, nullptr, 10) * 1000 : usual;
}

TEST(swap_step, is_the_contracts_step_for_numbers_of_all_sizes) {
  test::any_number luck(20261121);
  uint64_t reverted = 0;
  for (uint64_t i = 0; i < cases(200'000); ++i) {
    const auto width = 33 + static_cast<unsigned>(luck.below(127));
    const u256 price = std::clamp(luck.bits(width), min_sqrt_ratio, max_sqrt_ratio - 1);
    const u256 move = luck.up_to_bits(width);
    const bool down = luck.one_in(2);
    const u256 target = down ? (move < price - min_sqrt_ratio ? price - move : min_sqrt_ratio)
                             : std::min(price + move, max_sqrt_ratio);
    const auto liquidity = static_cast<u128>(luck.up_to_bits(128));
    const u256 remaining = luck.up_to_bits(luck.one_in(5) ? 255 : 110);
    const bool input = luck.one_in(2);
    const auto fee = static_cast<uint32_t>(luck.one_in(3) ? luck.below(1'000'000) : 500);
    if (remaining.is_zero())
      continue;
    const auto got = step_swap(price, target, stretch(liquidity), remaining, input, fee);
    const auto expected = compute_swap_step(price, target, liquidity, remaining, input, fee);
    const auto where = [&] {
      return "price " + to_string(price) + " target " + to_string(target) + " liquidity "
             + to_string(liquidity) + " remaining " + to_string(remaining)
             + (input ? " input" : " output") + " fee " + std::to_string(fee);
    };
    ASSERT_EQ(got.has_value(), expected.has_value()) << where();
    reverted += expected ? 0 : 1;
    if (!expected)
      continue;
    ASSERT_EQ(got->price_next, expected->price_next) << where();
    ASSERT_EQ(got->amount_in, expected->amount_in) << where();
    ASSERT_EQ(got->amount_out, expected->amount_out) << where();
    ASSERT_EQ(got->fee_amount, expected->fee_amount) << where();
  }
  EXPECT_LT(reverted, cases(200'000) / 10);
}

TEST(swap_step, is_the_contracts_step_where_it_just_reaches_its_target) {
  test::any_number luck(4711);
  for (uint64_t i = 0; i < cases(100'000); ++i) {
    const auto width = 60 + static_cast<unsigned>(luck.below(60));
    const u256 price = luck.bits(width);
    const u256 move = luck.up_to_bits(width - 6);
    const bool down = luck.one_in(2);
    const u256 target = down ? price - move : price + move;
    const auto liquidity = static_cast<u128>(luck.bits(20 + static_cast<unsigned>(luck.below(90))));
    const bool input = luck.one_in(2);
    const uint32_t fee = luck.one_in(2) ? 0 : 500;
    const auto whole = compute_swap_step(price, target, liquidity, u256{1} << 200, input, fee);
    ASSERT_TRUE(whole);
    const u256 needed = input ? whole->amount_in + whole->fee_amount : whole->amount_out;
    for (int nudge = -2; nudge <= 2; ++nudge) {
      const u256 remaining = nudge < 0 ? needed - static_cast<unsigned>(-nudge)
                                       : needed + static_cast<unsigned>(nudge);
      if (remaining.is_zero() || remaining > i256::max().bits())
        continue;
      const auto got = step_swap(price, target, stretch(liquidity), remaining, input, fee);
      const auto expected = compute_swap_step(price, target, liquidity, remaining, input, fee);
      ASSERT_EQ(got.has_value(), expected.has_value());
      if (!expected)
        continue;
      ASSERT_TRUE(got->price_next == expected->price_next && got->amount_in == expected->amount_in
                  && got->amount_out == expected->amount_out
                  && got->fee_amount == expected->fee_amount)
        << to_string(price) << " to " << to_string(target) << " with " << to_string(liquidity)
        << " and " << to_string(remaining) << (input ? " in" : " out");
    }
  }
}

TEST(swap_step, divides_fees_by_liquidity_like_the_wide_form) {
  test::any_number luck(99);
  for (uint64_t i = 0; i < cases(100'000); ++i) {
    const auto liquidity = static_cast<u128>(luck.bits(1 + static_cast<unsigned>(luck.below(128))));
    const u256 fee = luck.up_to_bits(luck.one_in(4) ? 256 : 100);
    ASSERT_EQ(growth_of(fee, stretch(liquidity)), growth_of(fee, liquidity))
      << to_string(fee) << " over " << to_string(liquidity);
    if (fee.fits_u128()) {
      ASSERT_EQ(growth_of_narrow(static_cast<u128>(fee), stretch(liquidity)),
                growth_of(fee, liquidity))
        << to_string(fee) << " over " << to_string(liquidity);
    }
  }
}

TEST(swap_step, leaves_whole_pools_as_the_straight_form_leaves_them) {
  test::hunt_count count;
  for (uint64_t seed = 0; seed < cases(300); ++seed) {
    const auto why = test::swap_hunt(seed).play(60, count);
    ASSERT_EQ(why, "") << "seed " << seed;
  }
  EXPECT_GT(count.swaps, 10 * count.reverts);
  EXPECT_GT(count.crossed, count.swaps / 10);
}

} // namespace
} // namespace sluice
