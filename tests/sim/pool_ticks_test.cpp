#include "sim/pool_ticks.hpp"

#include <gtest/gtest.h>

#include <algorithm>

namespace sluice {
namespace {

tick_record with_liquidity(u128 gross) {
  tick_record record;
  record.liquidity_gross = gross;
  record.liquidity_net = static_cast<i128>(gross);
  return record;
}

} // namespace

TEST(pool_ticks, stay_ascending_and_forget_what_has_no_liquidity) {
  pool_ticks ticks;
  for (int32_t tick : {60, -60, 0, 120, -120})
    ticks.put(tick, with_liquidity(7));
  ticks.put(0, with_liquidity(9));
  EXPECT_TRUE(std::ranges::equal(ticks.keys(), std::vector<int32_t>{-120, -60, 0, 60, 120}));
  EXPECT_EQ(ticks.get(0), with_liquidity(9));
  EXPECT_EQ(ticks.get(1), tick_record{});
  ticks.put(0, {});
  ticks.put(1, {});
  EXPECT_TRUE(std::ranges::equal(ticks.keys(), std::vector<int32_t>{-120, -60, 60, 120}));
  EXPECT_EQ(ticks.at_index(3), with_liquidity(7));
}

TEST(pool_ticks, keep_the_stakes_of_those_that_are_initialized) {
  pool_ticks ticks(true);
  for (int32_t tick : {60, -60, 0})
    ticks.put(tick, with_liquidity(7));
  for (int32_t tick : {-60, 0, 60, 120})
    ticks.put_stake(tick, {tick, u256{7}});
  EXPECT_EQ(ticks.stake(120), tick_stake{});
  ticks.put(0, {});
  ticks.put(-120, with_liquidity(1));
  ticks.put(60, with_liquidity(8));
  EXPECT_EQ(ticks.stake(-120), tick_stake{});
  EXPECT_EQ(ticks.stake(-60), (tick_stake{-60, u256{7}}));
  EXPECT_EQ(ticks.stake(0), tick_stake{});
  EXPECT_EQ(ticks.stake_at_index(2), (tick_stake{60, u256{7}}));
  EXPECT_EQ(pool_ticks{}.stake(60), tick_stake{});
}

TEST(pool_ticks, divide_growth_into_below_inside_and_above) {
  const u256 global = 100;
  EXPECT_EQ(growth_between(5, global, 0, 30, 10, 25), u256{45});  // inside: 100 - 30 - 25
  EXPECT_EQ(growth_between(-5, global, 0, 30, 10, 25), u256{5});  // below: 100 - (100 - 30) - 25
  EXPECT_EQ(growth_between(10, global, 0, 30, 10, 65), u256{35}); // above: 100 - 30 - (100 - 65)
}

TEST(pool_ticks, take_132_bytes_each) {
  EXPECT_EQ(sizeof(tick_record) + sizeof(int32_t), 132U);
}

} // namespace sluice
