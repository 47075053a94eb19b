#include "rules/sports/nano.hpp"

#include <gtest/gtest.h>

#include <limits>
#include <random>
#include <string>
#include <utility>
#include <vector>

namespace sluice {

TEST(nano, reads_decimals_exactly) {
  for (const auto& [text, value] : std::vector<std::pair<const char*, nano>>{
         {"0", 0},
         {"-0", 0},
         {"10", 10'000'000'000},
         {"1.95", 1'950'000'000},
         {"-0.5", -500'000'000},
         {"1.95e2", 195'000'000'000},
         {"1e-9", 1},
         {"19.5E-1", 1'950'000'000},
         {"007.50", 7'500'000'000},
         {"1000000000", nano_max},
         {"0.30000000000000004", 300'000'000},
       }) {
    const auto read = nano_of(std::string_view{text});
    ASSERT_TRUE(read) << text;
    EXPECT_EQ(*read, value) << text;
  }
}

TEST(nano, rounds_half_to_even) {
  EXPECT_EQ(*nano_of("0.0000000005"), 0);
  EXPECT_EQ(*nano_of("0.0000000015"), 2);
  EXPECT_EQ(*nano_of("0.0000000025"), 2);
  EXPECT_EQ(*nano_of("0.00000000250000000001"), 3);
  EXPECT_EQ(*nano_of("-0.0000000015"), -2);
  EXPECT_EQ(*nano_of("0.0000000006"), 1);
  EXPECT_EQ(*nano_of("1e-400"), 0);
}

TEST(nano, refuses_what_is_no_number) {
  for (const auto* text : {"", "-", ".5", "5.", "1e", "1e+", "0x10", " 1", "1 ", "NaN", "Infinity",
                           "1,5", "--1", "+1", "1.2.3"})
    EXPECT_EQ(nano_of(std::string_view{text}).error().code, ec::bad_input) << text;
  for (const auto* text : {"1000000000.000000001", "1e10", "-1e400", "99999999999999999999"})
    EXPECT_EQ(nano_of(std::string_view{text}).error().code, ec::out_of_range) << text;
  EXPECT_EQ(nano_of(std::numeric_limits<double>::infinity()).error().code, ec::bad_input);
}

TEST(nano, writes_what_reads_back) {
  EXPECT_EQ(text_of_nano(1'950'000'000), "1.95");
  EXPECT_EQ(text_of_nano(10 * nano_one), "10");
  EXPECT_EQ(text_of_nano(-500'000'000), "-0.5");
  EXPECT_EQ(text_of_nano(1), "0.000000001");
  const auto seed = 20251201U;
  std::mt19937_64 chance{seed};
  std::uniform_int_distribution<nano> any{-nano_max, nano_max};
  for (int i = 0; i < 10'000; ++i) {
    const auto x = any(chance);
    ASSERT_EQ(*nano_of(std::string_view{text_of_nano(x)}), x) << "seed " << seed;
  }
}

TEST(nano, multiplies_without_losing_a_digit) {
  EXPECT_EQ(*payout_of(100 * nano_one, 1'950'000'000), 195 * nano_one);
  EXPECT_EQ(*payout_of(1, 1'500'000'000), 2); // 1.5 billionths
  EXPECT_EQ(*payout_of(3, 500'000'000), 2);   // 1.5 as well
  EXPECT_EQ(*payout_of(5, 500'000'000), 2);   // 2.5
  EXPECT_EQ(payout_of(nano_max, 2 * nano_one).error().code, ec::out_of_range);
}

} // namespace sluice
