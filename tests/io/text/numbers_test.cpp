#include "io/text/numbers.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <cstdlib>
#include <limits>
#include <random>

namespace sluice::report {

constexpr auto nan = std::numeric_limits<double>::quiet_NaN();
constexpr auto infinity = std::numeric_limits<double>::infinity();

TEST(numbers, what_is_no_number_is_a_dash) {
  for (double x : {nan, infinity, -infinity}) {
    EXPECT_EQ(fixed(x, 3), "-");
    EXPECT_EQ(score_text(x), "-");
    EXPECT_EQ(price_text(x), "-");
    EXPECT_EQ(shortest(x), "-");
    EXPECT_EQ(decimals_for(x), 2);
    EXPECT_EQ(signed_fixed(x, 2), "-");
  }
  EXPECT_EQ(price_text(0), "-");
}

TEST(numbers, there_is_no_negative_zero) {
  EXPECT_EQ(fixed(-0.0004, 3), "0.000");
  EXPECT_EQ(fixed(-0.0006, 3), "-0.001");
  EXPECT_EQ(signed_fixed(-0.0004, 3), "+0.000");
  EXPECT_EQ(fixed(-0.0, 0), "0");
}

TEST(numbers, basis_points_have_a_sign_and_as_many_digits_as_people_compare) {
  EXPECT_EQ(points_text(0.00032), "+3.20");
  EXPECT_EQ(points_text(-0.0000774), "-0.774");
  EXPECT_EQ(points_text(0.0123456), "+123.5");
  EXPECT_EQ(points_text(-100), "-1000000.0");
  EXPECT_EQ(points_text(1e-7), "+0.0010");
  EXPECT_EQ(points_text(1e-9), "+0.0000") << "not exactly 0";
  EXPECT_EQ(points_text(-0.0), "0");
  EXPECT_EQ(points_text(nan), "-");
  EXPECT_EQ(points_text(-infinity), "-");
}

TEST(numbers, scores_have_six_digits_until_they_are_large) {
  EXPECT_EQ(score_text(0.001234), "0.001234");
  EXPECT_EQ(score_text(-0.0000774), "-0.000077");
  EXPECT_EQ(score_text(10), "10.0000");
  EXPECT_EQ(score_text(-100), "-100.0000");
}

TEST(numbers, prices_have_six_digits_of_meaning) {
  EXPECT_EQ(price_text(3012.456789), "3012.46");
  EXPECT_EQ(price_text(65432.1), "65432.10");
  EXPECT_EQ(price_text(1.00012345), "1.00012");
  EXPECT_EQ(price_text(0.00512345678), "0.00512346");
  EXPECT_EQ(price_text(1.5e-9), "1.5e-09");
}

TEST(numbers, decimals_follow_the_largest) {
  EXPECT_EQ(decimals_for(0), 2);
  EXPECT_EQ(decimals_for(1234), 2);
  EXPECT_EQ(decimals_for(12.3), 2);
  EXPECT_EQ(decimals_for(1.23), 3);
  EXPECT_EQ(decimals_for(0.00123), 6);
  EXPECT_EQ(decimals_for(1e-12), 8);
}

TEST(numbers, shortest_reads_back_as_the_same) {
  EXPECT_EQ(shortest(0.1), "0.1");
  EXPECT_EQ(shortest(36), "36");
  std::mt19937_64 random{11};
  for (int i = 0; i < 1000; ++i) {
    const double x
      = std::ldexp(static_cast<double>(random()) - 9e18, static_cast<int>(random() % 80) - 80);
    EXPECT_EQ(std::strtod(shortest(x).c_str(), nullptr), x);
  }
}

TEST(numbers, signed_amounts_keep_their_sign) {
  EXPECT_DOUBLE_EQ(whole_amount(i256{-1'500'000}, 6), -1.5);
  EXPECT_DOUBLE_EQ(whole_amount(i256{1'500'000}, 6), 1.5);
  EXPECT_EQ(whole_amount(i256{0}, 18), 0);
}

} // namespace sluice::report
