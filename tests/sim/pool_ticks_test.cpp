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

TEST(pool_ticks, take_132_bytes_each) {
  EXPECT_EQ(sizeof(tick_record) + sizeof(int32_t), 132U);
}

} // namespace sluice
