#include "net/files/pool_overrides.hpp"

#include <gtest/gtest.h>

namespace {

using namespace sluice;
using net::parse_pool_overrides;

TEST(pool_overrides, may_be_all_or_none) {
  const auto all = parse_pool_overrides("fee=500,tick-spacing=10,decimals0=6,decimals1=18,sqrt-"
                                        "price-x96=79228162514264337593543950336");
  ASSERT_TRUE(all) << all.error().what;
  EXPECT_EQ(all->fee, 500u);
  EXPECT_EQ(all->tick_spacing, 10);
  EXPECT_EQ(all->decimals0, 6);
  EXPECT_EQ(all->decimals1, 18);
  EXPECT_EQ(all->sqrt_price_x96, u256{1} << 96);
  EXPECT_EQ(*parse_pool_overrides(""), net::pool_overrides{});
}

TEST(pool_overrides, that_are_wrong_name_the_flag_and_the_key) {
  for (auto [text, wanted] : {
         std::pair{"fee=1000000", "--pool: fee: expected 0 to 999999, got \"1000000\"; write"},
         std::pair{"fee=-1", "--pool: fee: expected"},
         std::pair{"fee=", "--pool: fee: expected"},
         std::pair{"tick-spacing=0", "--pool: tick-spacing: expected 1 to 16383"},
         std::pair{"tick-spacing=16384", "--pool: tick-spacing: expected 1 to 16383"},
         std::pair{"decimals0=256", "--pool: decimals0: expected 0 to 255"},
         std::pair{"decimals1=x", "--pool: decimals1: expected 0 to 255"},
         std::pair{"sqrt-price-x96=4295128738", "--pool: sqrt-price-x96: expected a price"},
         std::pair{"fee=1,fee=2", "--pool: fee: expected each key once"},
         std::pair{"fees=1", "--pool: expected fee, tick-spacing"},
         std::pair{"fee", "--pool: expected key=value, got \"fee\""},
         std::pair{",", "--pool: expected key=value"},
       }) {
    const auto got = parse_pool_overrides(text);
    ASSERT_FALSE(got) << text;
    EXPECT_EQ(got.error().code, ec::bad_input);
    EXPECT_TRUE(got.error().what.starts_with(wanted)) << got.error().what;
  }
}

} // namespace
