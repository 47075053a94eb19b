#include "sim/evaluate/fraction.hpp"
#include "sim/math/full_math.hpp"
#include "tests/support/random_swaps.hpp"

#include <gtest/gtest.h>

using namespace sluice;

TEST(fraction, of_any_amount_is_the_floor) {
  constexpr uint64_t seed = 20'261'130;
  SCOPED_TRACE("seed " + std::to_string(seed));
  test::any_number luck(seed);
  for (int i = 0; i < 20'000; ++i) {
    const auto whole = static_cast<u128>(luck.bits(1 + static_cast<unsigned>(luck.below(128))));
    const auto part = static_cast<u128>(luck.up_to_bits(128)) % whole;
    const fraction share(part, whole);
    for (int n = 0; n < 8; ++n) {
      const auto amount = static_cast<u128>(luck.up_to_bits(128));
      ASSERT_EQ(u256{share.of(amount)}, *mul_div(amount, part, whole)) << i;
      const auto narrow = static_cast<uint64_t>(luck.up_to_bits(64));
      ASSERT_EQ(u256{share.of(narrow)}, *mul_div(narrow, part, whole)) << i;
    }
  }
}

TEST(fraction, of_an_amount_that_divides_evenly_is_exact) {
  for (const uint64_t whole : {3ULL, 7ULL, 10ULL, 1'000'000'007ULL, 0xffff'ffff'ffff'ffffULL}) {
    const auto wide = u128{whole} << 63;
    for (const u128 part : {u128{1}, u128{2}, u128{whole - 1}}) {
      const fraction share(part, whole);
      EXPECT_EQ(share.of(whole), static_cast<uint64_t>(part)) << whole;
      EXPECT_EQ(share.of(wide), part << 63) << whole;
      EXPECT_EQ(u256{share.of(wide - 1)}, *mul_div(wide - 1, part, whole)) << whole;
    }
  }
}

TEST(fraction, of_the_most_there_is_does_not_wrap) {
  const fraction share(u128_max - 1, u128_max);
  EXPECT_EQ(share.of(u128_max), u128_max - 1);
  EXPECT_EQ(share.of(~uint64_t{0}), ~uint64_t{0} - 1);
  EXPECT_EQ(fraction(0, 5).of(u128_max), u128{0});
  EXPECT_EQ(fraction{}.of(uint64_t{7}), uint64_t{0});
}
