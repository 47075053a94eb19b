#include "tools/liquidity/token_text.hpp"

#include <gtest/gtest.h>

using namespace sluice;
using tools::token_text;

TEST(token_text, shows_whole_tokens) {
  EXPECT_EQ(token_text(0, 18), "0");
  EXPECT_EQ(token_text(1'500'000, 6), "1.5");
  EXPECT_EQ(token_text(42, 0), "42");
  EXPECT_EQ(token_text(2'000'000, 6), "2");
  EXPECT_EQ(token_text(u256::max(), 0), to_string(u256::max()));
}

TEST(token_text, cuts_digits_that_nobody_reads) {
  EXPECT_EQ(token_text(u256{12'345'678'999'999'999'999U}, 18), "12.345678");
  EXPECT_EQ(token_text(1'234'567'891, 18), "0.00000000123456");
  EXPECT_EQ(token_text(1, 18), "0.000000000000000001");
  EXPECT_EQ(token_text(1'000'000'000'000'000'001, 18), "1");
}
