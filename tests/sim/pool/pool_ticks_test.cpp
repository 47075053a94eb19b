#include "sim/pool/pool.hpp"
#include "sim/pool/pool_ticks.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <random>

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

TEST(pool_ticks, that_do_not_fit_a_packed_record_are_kept_all_the_same) {
  std::mt19937_64 luck(7);
  pool_ticks ticks;
  std::map<int32_t, tick_record> expected;
  size_t wide = 0;
  for (int i = 0; i < 20'000; ++i) {
    const auto tick = static_cast<int32_t>(luck() % 60);
    auto record = with_liquidity((u128{luck() % 3} << (luck() % 127)) + luck() % 2);
    record.fee_growth_outside0_x128 = u256{luck()} << (luck() % 192);
    record.tick_cumulative_outside = static_cast<int64_t>(luck()) >> 8;
    ticks.put(tick, record);
    wide += packed_tick{}.pack(record) ? 0 : 1;
    if (record.liquidity_gross == 0)
      expected.erase(tick);
    else
      expected[tick] = record;
    if (i % 50 != 0)
      continue;
    ASSERT_EQ(ticks.keys().size(), expected.size());
    size_t n = 0;
    pool_ticks other_order;
    for (const auto& [key, value] : expected) {
      ASSERT_EQ(ticks.keys()[n], key);
      ASSERT_EQ(ticks.at_index(n), value);
      ASSERT_EQ(ticks.net_at_index(n), value.liquidity_net);
      other_order.put(key, value);
      ++n;
    }
    ASSERT_TRUE(ticks == other_order); // no trace of what a tick was before
  }
  EXPECT_GT(wide, 1000U);
  EXPECT_LT(wide, 15'000U);
}

TEST(pool_ticks, stay_under_300_kB_when_there_are_3000) {
  pool_ticks ticks;
  for (int32_t i = 0; i < 3000; ++i) {
    auto record = with_liquidity(u128{1} << 94);
    record.fee_growth_outside0_x128 = u256::max() >> 96;
    record.fee_growth_outside1_x128 = u256::max() >> 96;
    record.seconds_per_liquidity_outside_x128 = stored_u160(u256::max());
    ticks.put(i * 7919 % 3000, record); // in disorder
  }
  EXPECT_EQ(ticks.keys().size(), 3000U);
  EXPECT_LT(ticks.memory() + sizeof(pool), 300'000U);
}

} // namespace sluice
