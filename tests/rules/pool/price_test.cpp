#include "rules/pool/price.hpp"

#include <gtest/gtest.h>

namespace sluice {
namespace {

u256 number(std::string_view decimal) {
  return *u256::parse(decimal);
}

pool_terms decimals(uint8_t zero, uint8_t one) {
  return {500, 10, zero, one};
}

// Expected: (sqrt / 2^96)^2 * 10^(decimals0 - decimals1) in Python's decimal with 60 digits.
TEST(price, is_token1_per_token0_in_whole_tokens) {
  EXPECT_DOUBLE_EQ(whole_price(number("4339505179874779489431521"), decimals(18, 6)), 3000);
  EXPECT_DOUBLE_EQ(whole_price(u256{1U} << 96, decimals(18, 18)), 1);
  EXPECT_DOUBLE_EQ(whole_price(u256{1U} << 96, decimals(6, 18)), 1e-12);
  EXPECT_DOUBLE_EQ(whole_price(number("1827000000000000000000000000000000"), decimals(6, 18)),
                   0.00053176276898344351);
}

TEST(price, reaches_from_the_lowest_to_the_highest_price_of_a_pool) {
  EXPECT_DOUBLE_EQ(whole_price(number("4295128739"), decimals(18, 18)), 2.9389568087743114e-39);
  EXPECT_DOUBLE_EQ(
    whole_price(number("1461446703485210103287273052203988822378723970342"), decimals(18, 18)),
    3.402567868363881e+38);
  EXPECT_EQ(whole_price(u256{}, decimals(18, 6)), 0);
}

TEST(price, amounts_are_shifted_by_their_decimals) {
  EXPECT_DOUBLE_EQ(whole_amount(u256{123'456'789U}, 6), 123.456789);
  EXPECT_DOUBLE_EQ(whole_amount(u256{1U}, 18), 1e-18);
  EXPECT_DOUBLE_EQ(whole_amount(u256::max(), 18), 1.157920892373162e+59);
  EXPECT_EQ(whole_amount(u256{5U}, 0), 5);
  EXPECT_EQ(whole_amount(u256{}, 18), 0);
}

} // namespace
} // namespace sluice
