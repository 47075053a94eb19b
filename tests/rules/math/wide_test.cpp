#include "rules/math/wide.hpp"

#include <gtest/gtest.h>

namespace sluice {

namespace {

constexpr uint64_t ones = ~uint64_t{0};

TEST(wide, the_square_of_the_largest_word_keeps_both_halves) {
  const auto square = widen<4>(u256::max()) * widen<4>(u256::max());
  // (2^256 - 1)^2 = 2^512 - 2^257 + 1
  const wide<8> expected{{1, 0, 0, 0, ones - 1, ones, ones, ones}};
  EXPECT_EQ(square, expected);
}

TEST(wide, a_sum_carries_through_every_limb) {
  const auto sum = widen<5>(u256::max()) + widen<5>(1);
  EXPECT_EQ(sum, (wide<5>{{0, 0, 0, 0, 1}}));
}

TEST(wide, the_highest_limb_decides_the_order) {
  EXPECT_LT((wide<2>{{ones, 1}}), (wide<2>{{0, 2}}));
  EXPECT_GT((wide<2>{{1, 1}}), (wide<2>{{0, 1}}));
  EXPECT_TRUE((wide<2>{{1, 1}}) <= (wide<2>{{1, 1}}));
}

TEST(wide, short_division_is_the_inverse_of_multiplication) {
  const auto x = widen<4>(u256::max());
  const auto product = x * wide<1>{{50}};
  EXPECT_EQ(narrow(divide(product, 50)), u256::max());
  EXPECT_EQ(narrow(divide(product + wide<5>{{49, 0, 0, 0, 0}}, 50)), u256::max());
  EXPECT_EQ(narrow(divide(product + wide<5>{{50, 0, 0, 0, 0}}, 50)), std::nullopt);
}

TEST(wide, narrowing_refuses_what_does_not_fit) {
  EXPECT_EQ(narrow(wide<5>{{7, 0, 0, 0, 1}}), std::nullopt);
  EXPECT_EQ(narrow(wide<5>{{7, 0, 0, 0, 1}}, 1), u256{1} << 192);
  EXPECT_EQ(narrow(wide<5>{{7, 9, 0, 0, 0}}, 1), u256{9});
}

} // namespace

} // namespace sluice
