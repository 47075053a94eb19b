#include "sim/slipstream/slipstream.hpp"

#include <gtest/gtest.h>

namespace sluice {
namespace {

void expect_split(const std::optional<fee_split>& got, const u256& gauge, const char* growth) {
  ASSERT_TRUE(got);
  EXPECT_EQ(to_string(got->gauge), to_string(gauge));
  EXPECT_EQ(to_string(got->growth_x128), growth);
}

} // namespace

// Expected numbers: Python's integers, by the formulas of ../shared/facts/evm/slipstream.md.

TEST(slipstream, gives_the_gauge_everything_when_all_is_staked) {
  expect_split(split_fee(1000, 77, 77, 100'000), 1000, "0");
}

TEST(slipstream, takes_the_unstaked_fee_rounded_up) {
  // u = ceil(1001 * 0.1) = 101; floor(900 * 2^128 / 7)
  expect_split(split_fee(1001, 7, 0, 100'000), 101, "43750590032692088159576735241227341472914");
  expect_split(split_fee(1, 7, 0, 1), 1, "0");
  expect_split(split_fee(1, 7, 0, 0), 0, "48611766702991209066196372490252601636");
  expect_split(split_fee(1001, 7, 0, 1'000'000), 1001, "0");
}

TEST(slipstream, splits_between_staked_and_unstaked_rounding_towards_the_gauge) {
  // s = ceil(1001 * 3 / 7) = 429, u = ceil(572 * 0.1) = 58, floor(514 * 2^128 / 4)
  expect_split(split_fee(1001, 7, 3, 100'000), 487, "43726284149340592555043637054982215172096");
}

TEST(slipstream, wraps_like_the_contract_when_more_is_staked_than_there_is) {
  // s = 2 * 10 = 20; 10 - 20 wraps; u = ceil of 2^256 - 10, all of it; nothing is left to grow by
  expect_split(split_fee(10, 5, 10, 1'000'000), 10, "0");
  // Without an unstaked fee 2^256 - 10 remains: just too much for 2^128 - 5 units of liquidity.
  EXPECT_FALSE(split_fee(10, 5, 10, 0));
}

TEST(slipstream, refuses_growth_beyond_256_bits) {
  EXPECT_FALSE(split_fee(u256{1} << 130, 1, 0, 0));
  EXPECT_TRUE(split_fee(u256{1} << 127, 1, 0, 0));
  EXPECT_FALSE(split_fee(u256::max(), 1, 2, 0)); // its staked part alone
}

TEST(slipstream, leaves_a_share_of_all_liquidity_its_share_of_the_unstaked_part) {
  // 3 of 10 units staked, 1 unit of ours among the rest: a tenth of 90 % of the fee.
  const u256 fee = 1'000'000;
  const auto split = split_fee(fee, 10, 3, 100'000);
  ASSERT_TRUE(split);
  EXPECT_EQ(unstaked_part(fee, 100'000), u256{900'000});
  EXPECT_EQ(split->growth_x128, u256{90'000} << 128);
}

TEST(slipstream_rewards, grow_per_staked_unit_until_the_reserve_is_empty) {
  slipstream_rewards x;
  x.rate = 10;
  x.reserve = 25;
  x.last_updated = 100;
  ASSERT_TRUE(x.update(102, 4));
  EXPECT_EQ(x.growth_global_x128, u256{5} << 128); // 20 / 4
  EXPECT_EQ(x.reserve, u256{5});
  ASSERT_TRUE(x.update(110, 4)); // 80 due, 5 left: 5 / 4
  EXPECT_EQ(x.growth_global_x128, (u256{25} << 128) / u256{4});
  EXPECT_TRUE(x.reserve.is_zero());
  EXPECT_EQ(x.last_updated, 110U);
}

TEST(slipstream_rewards, roll_over_while_nothing_is_staked) {
  slipstream_rewards x;
  x.rate = 10;
  x.reserve = 100;
  x.last_updated = 100;
  ASSERT_TRUE(x.update(103, 0));
  EXPECT_EQ(x.rollover, u256{30});
  EXPECT_EQ(x.reserve, u256{70});
  const auto before = x;
  ASSERT_TRUE(x.update(103, 5)); // a second time in the same second
  EXPECT_EQ(x, before);
}

TEST(slipstream_rewards, refuse_growth_beyond_256_bits) {
  slipstream_rewards x;
  x.rate = u256{1} << 130;
  x.reserve = u256{1} << 130;
  EXPECT_FALSE(x.update(1, 1));
}

} // namespace sluice
