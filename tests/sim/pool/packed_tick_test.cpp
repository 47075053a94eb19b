#include "sim/pool/packed_tick.hpp"

#include <gtest/gtest.h>

#include <random>

namespace sluice {
namespace {

TEST(packed_tick, gives_back_what_was_put_in) {
  for (uint64_t seed = 1; seed <= 20; ++seed) {
    SCOPED_TRACE("seed " + std::to_string(seed));
    std::mt19937_64 luck(seed);
    for (int i = 0; i < 1000; ++i) {
      tick_record x;
      const auto gross = ((u128{luck()} << 64) + luck()) >> (33 + luck() % 90);
      x.liquidity_gross = gross;
      x.liquidity_net = luck() % 2 == 0 ? static_cast<i128>(gross) : -static_cast<i128>(gross);
      x.fee_growth_outside0_x128 = u256::from_limbs({luck(), luck(), luck() >> 32, 0})
                                   >> static_cast<unsigned>(luck() % 160);
      x.fee_growth_outside1_x128 = u256::from_limbs({luck(), luck(), luck() >> 32, 0})
                                   >> static_cast<unsigned>(luck() % 160);
      x.tick_cumulative_outside = static_cast<int64_t>(luck()) >> (8 + luck() % 50);
      x.seconds_per_liquidity_outside_x128
        = stored_u160(u256::from_limbs({luck(), luck(), luck()}));
      x.seconds_outside = static_cast<uint32_t>(luck());
      packed_tick packed;
      ASSERT_TRUE(packed.pack(x));
      EXPECT_EQ(packed.unpacked(), x);
      EXPECT_EQ(packed.net(), x.liquidity_net);
      EXPECT_EQ(packed.gross(), x.liquidity_gross);
      EXPECT_EQ(packed.is_empty(), gross == 0);
    }
  }
}

TEST(packed_tick, crosses_as_the_record_does) {
  std::mt19937_64 luck(20261130);
  int refused = 0;
  for (int i = 0; i < 20'000; ++i) {
    const auto growth = [&](unsigned widest) {
      return u256::from_limbs({luck(), luck(), luck(), luck()})
             >> static_cast<unsigned>(256 - widest + luck() % 20);
    };
    tick_record x;
    x.liquidity_gross = 1 + luck();
    x.liquidity_net = -static_cast<i128>(x.liquidity_gross);
    x.fee_growth_outside0_x128 = growth(158);
    x.fee_growth_outside1_x128 = growth(158);
    x.tick_cumulative_outside = static_cast<int64_t>(luck()) >> (8 + luck() % 50);
    x.seconds_per_liquidity_outside_x128 = stored_u160(growth(180));
    x.seconds_outside = static_cast<uint32_t>(luck());
    packed_tick packed;
    ASSERT_TRUE(packed.pack(x));
    const u256 global0 = growth(161), global1 = growth(160);
    const cumulatives past{static_cast<int64_t>(luck()) >> (8 + luck() % 50), growth(160)};
    const auto now = static_cast<uint32_t>(luck());
    auto crossed = x;
    crossed.fee_growth_outside0_x128 = global0 - x.fee_growth_outside0_x128;
    crossed.fee_growth_outside1_x128 = global1 - x.fee_growth_outside1_x128;
    crossed.tick_cumulative_outside
      = static_cast<int64_t>(static_cast<uint64_t>(past.tick_cumulative - x.tick_cumulative_outside)
                             << 8)
        >> 8;
    crossed.seconds_per_liquidity_outside_x128
      = stored_u160(past.seconds_per_liquidity_x128 - x.seconds_per_liquidity_outside_x128.value());
    crossed.seconds_outside = now - x.seconds_outside;
    const bool fits = packed_tick().pack(crossed);
    ASSERT_EQ(packed.cross(global0, global1, past, now), fits) << "case " << i;
    ASSERT_EQ(packed.unpacked(), fits ? crossed : x) << "case " << i;
    refused += fits ? 0 : 1;
  }
  EXPECT_GT(refused, 100);
  EXPECT_LT(refused, 19'000);
}

TEST(packed_tick, refuses_what_does_not_fit) {
  tick_record x;
  x.liquidity_gross = (u128{1} << 95) - 1;
  x.liquidity_net = -static_cast<i128>(x.liquidity_gross);
  x.fee_growth_outside0_x128 = u256::max() >> 96;
  x.fee_growth_outside1_x128 = u256::max() >> 96;
  packed_tick packed;
  ASSERT_TRUE(packed.pack(x));
  EXPECT_EQ(packed.unpacked(), x);
  auto wide = x;
  ++wide.liquidity_gross;
  EXPECT_FALSE(packed.pack(wide));
  wide = x;
  --wide.liquidity_net;
  EXPECT_FALSE(packed.pack(wide));
  wide = x;
  wide.fee_growth_outside0_x128 += 1;
  EXPECT_FALSE(packed.pack(wide));
  wide = x;
  wide.fee_growth_outside1_x128 += 1;
  EXPECT_FALSE(packed.pack(wide));
  EXPECT_EQ(packed.unpacked(), x);
}

} // namespace
} // namespace sluice
