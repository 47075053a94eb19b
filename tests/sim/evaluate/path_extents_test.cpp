#include "sim/evaluate/evaluate_venue.hpp"
#include "sim/evaluate/market.hpp"
#include "sim/evaluate/path_extents.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <random>

namespace sluice {
namespace {

window some_market(uint64_t seed, int blocks) {
  market_terms terms;
  terms.volatility_per_day = 0.5;
  market source(terms, seed);
  auto feed = replica::of_pool(terms.pool);
  for (int i = 0; i < 100; ++i)
    EXPECT_TRUE(feed.apply(source.next()));
  window cut{terms.pool, source.next_number(), 0, feed.price(), feed.snapshot(), {}};
  for (int i = 0; i < blocks; ++i)
    cut.blocks.push_back(*feed.apply(source.next()));
  cut.to = source.next_number() - 1;
  return cut;
}

TEST(path_extents, hold_every_price_of_their_blocks) {
  const auto market = some_market(1, 200);
  const path_extents extents(market);
  u256 before = market.start.sqrt_price_x96;
  for (size_t i = 0; i < market.blocks.size(); ++i) {
    const auto& block = *market.blocks[i];
    std::vector<u256> prices{before, block.sqrt_price_x96};
    for (const auto& step : block.steps) {
      prices.push_back(step.sqrt_price_from_x96);
      prices.push_back(step.sqrt_price_to_x96);
    }
    const auto [low, high] = std::ranges::minmax_element(prices);
    EXPECT_EQ(extents.block(i).lowest, *low);
    EXPECT_EQ(extents.block(i).highest, *high);
    EXPECT_EQ(extents.block(i).swaps, block.swaps.size());
    before = block.sqrt_price_x96;
  }
  for (size_t c = 0; (c + 1) * path_extents::chunk_blocks <= market.blocks.size(); ++c) {
    path_extent all = extents.block(c * path_extents::chunk_blocks);
    for (size_t i = 1; i < path_extents::chunk_blocks; ++i) {
      const auto& one = extents.block(c * path_extents::chunk_blocks + i);
      all.lowest = std::min(all.lowest, one.lowest);
      all.highest = std::max(all.highest, one.highest);
      all.swaps += one.swaps;
    }
    EXPECT_EQ(extents.chunk(c).lowest, all.lowest);
    EXPECT_EQ(extents.chunk(c).highest, all.highest);
    EXPECT_EQ(extents.chunk(c).swaps, all.swaps);
  }
}

TEST(path_extents, spare_blocks_without_changing_an_answer) {
  size_t asleep = 0, earned = 0;
  for (uint64_t seed = 1; seed <= 10; ++seed) {
    SCOPED_TRACE("seed " + std::to_string(seed));
    const auto market = some_market(seed, 300);
    const path_extents extents(market);
    std::mt19937_64 luck(seed);
    for (int n = 0; n < 30; ++n) {
      plan what;
      what.start = {u256{1'000'000'000'000'000'000U}, u256{3'000'000'000U}};
      for (auto i = luck() % 3; i > 0; --i) {
        const auto lower = (market.start.tick + static_cast<int32_t>(luck() % 800) - 400) / 10 * 10;
        const auto upper = lower + 10 * static_cast<int32_t>(1 + luck() % 30);
        what.positions.push_back({lower, upper, 1'000'000'000'000U + luck() % 1'000'000});
      }
      for (auto block = market.from - 1; luck() % 3 != 0;) {
        block += luck() % 200;
        const auto lower = market.start.tick / 10 * 10 + 10 * static_cast<int32_t>(luck() % 9) - 50;
        what.rebalances.push_back({block, {{lower, lower + 60, what.start.amount0, {}, {}}}});
      }
      const auto quick = evaluate_at(market, what, *observed_venue(market, false, &extents), 10);
      const auto plain = evaluate_at(market, what, *observed_venue(market), 10);
      ASSERT_TRUE(quick && plain);
      ASSERT_EQ(*quick, *plain) << "plan " << n;
      asleep += plain->metrics.swaps_in_range == 0 ? 1 : 0;
      earned += plain->metrics.fees_value.is_zero() ? 0 : 1;
    }
  }
  EXPECT_GT(asleep, 20U);
  EXPECT_GT(earned, 20U);
}

} // namespace
} // namespace sluice
