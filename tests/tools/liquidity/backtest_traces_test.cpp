#include "tools/liquidity/backtest_traces.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <random>

namespace sluice::tools {

TEST(price_trace, every_high_and_low_survives_whatever_the_length) {
  std::mt19937_64 random{7};
  for (const uint64_t blocks : {1, 15, 16, 17, 1000, 99'999}) {
    price_trace trace(500, 16);
    double low = 1e9, high = 0, last = 0;
    for (uint64_t i = 0; i < blocks; ++i) {
      last = 1.0 + static_cast<double>(random() % 1'000'000) / 1e6;
      low = std::min(low, last);
      high = std::max(high, last);
      trace.add(500 + i, last);
    }
    const auto all = trace.slices();
    EXPECT_LE(all.size(), 16u);
    EXPECT_GT(all.size(), blocks > 16 ? 7u : 0u);
    EXPECT_EQ(std::ranges::min(all, {}, &price_trace::slice::low).low, low) << blocks;
    EXPECT_EQ(std::ranges::max(all, {}, &price_trace::slice::high).high, high) << blocks;
    EXPECT_EQ(all.back().last, last);
    EXPECT_EQ(all.front().block, 500u);
  }
}

TEST(price_trace, what_nobody_traded_in_is_left_out) {
  price_trace trace(0, 4);
  trace.add(0, 1);
  trace.add(1'000'000, 2);
  const auto all = trace.slices();
  ASSERT_EQ(all.size(), 2u);
  EXPECT_EQ(all[0].last, 1);
  EXPECT_EQ(all[1].last, 2);
  EXPECT_LE(all[1].block, 1'000'000u);
}

position_breakdown breakdown(uint64_t from, uint64_t to, int32_t lower, int32_t upper) {
  position_breakdown x;
  x.tick_lower = lower;
  x.tick_upper = upper;
  x.from_block = from;
  x.to_block = to;
  return x;
}

TEST(band_trace, a_range_that_is_carried_over_is_one_band) {
  band_trace trace;
  trace.add(100, {breakdown(100, 149, 0, 10), breakdown(100, 120, 20, 30)});
  trace.add(150, {breakdown(150, 160, 0, 10), breakdown(160, 199, 5, 15)});
  EXPECT_EQ(trace.bands(),
            (std::vector<range_band>{{100, 160, 0, 10}, {100, 120, 20, 30}, {160, 199, 5, 15}}));
}

TEST(band_trace, too_many_bands_become_fewer_that_cover_them) {
  band_trace trace(8);
  for (uint64_t i = 0; i < 1000; ++i)
    trace.add(i * 10, {breakdown(i * 10 + 1, i * 10 + 5, static_cast<int32_t>(i), 5000)});
  const auto bands = trace.bands();
  ASSERT_LE(bands.size(), 8u);
  ASSERT_GE(bands.size(), 3u);
  EXPECT_EQ(bands.front().from, 1u);
  EXPECT_EQ(bands.front().lower, 0);
  EXPECT_EQ(bands.back().to, 9995u);
  for (const auto& x : bands)
    EXPECT_LE(x.to - x.from, 4096u) << "the old ones are not drawn more coarsely than the new";
}

TEST(band_trace, what_was_held_long_stays_exact) {
  band_trace trace(8);
  trace.add(0, {breakdown(0, 100'000, -7, 7)});
  for (uint64_t i = 0; i < 500; ++i)
    trace.add(i * 200, {breakdown(i * 200 + 1, i * 200 + 90, static_cast<int32_t>(i), 5000)});
  EXPECT_LE(trace.bands().size(), 8u);
  EXPECT_EQ(trace.bands().front(), (range_band{0, 100'000, -7, 7}));
}

TEST(picked, keeps_ends_highs_and_lows) {
  std::vector<double> values(10'000, 1.0);
  values[3333] = 9;
  values[7777] = -9;
  const auto few = picked(values, 100);
  EXPECT_LE(few.size(), 100u);
  EXPECT_TRUE(std::ranges::is_sorted(few));
  EXPECT_EQ(std::ranges::adjacent_find(few), few.end());
  for (const size_t index : {0, 3333, 7777, 9999})
    EXPECT_NE(std::ranges::find(few, index), few.end()) << index;
  EXPECT_EQ(picked(std::vector<double>{1, 2, 3}, 100), (std::vector<size_t>{0, 1, 2}));
  EXPECT_TRUE(picked({}, 100).empty());
}

} // namespace sluice::tools
