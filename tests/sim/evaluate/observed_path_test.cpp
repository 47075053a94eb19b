#include "sim/evaluate/observed_path.hpp"
#include "sim/math/tick_math.hpp"
#include "tests/support/market_window.hpp"

#include <gtest/gtest.h>

#include <algorithm>

using namespace sluice;
using sluice::test::market_window;

TEST(observed_path, has_every_step_and_swap_of_the_window_in_order) {
  for (uint64_t seed = 1; seed <= 4; ++seed) {
    SCOPED_TRACE("seed " + std::to_string(seed));
    market_terms terms;
    terms.volatility_per_day = 0.6;
    terms.pool.decimals1 = seed % 2 == 0 ? 6 : 18;
    const auto market = market_window(terms, seed, 100, 150);
    const observed_path path(market);
    size_t step = 0, swap = 0;
    for (size_t b = 0; b < market.blocks.size(); ++b) {
      const auto& block = *market.blocks[b];
      EXPECT_EQ(path.block_steps[b], step);
      EXPECT_EQ(path.block_swaps[b], swap);
      for (const auto& x : block.swaps) {
        EXPECT_EQ(path.swap_tick[swap], x.tick);
        EXPECT_EQ(path.swap_price[swap], x.sqrt_price_x96);
        EXPECT_EQ(path.swap_steps[swap++], step + x.steps_until);
      }
      for (const auto& x : block.steps) {
        const auto [low, high] = std::minmax(x.sqrt_price_from_x96, x.sqrt_price_to_x96);
        EXPECT_EQ(path.steps[step], &x);
        EXPECT_EQ(path.floor_tick[step], tick_at_sqrt_ratio(low));
        EXPECT_LE(high, sqrt_ratio_at_tick(path.ceiling_tick[step]));
        EXPECT_GT(high, sqrt_ratio_at_tick(path.ceiling_tick[step] - 1));
        EXPECT_EQ(u256{path.fee0[step]}, x.fee0);
        EXPECT_EQ(u256{path.fee1[step]}, x.fee1);
        EXPECT_EQ(path.liquidity[path.level[step]], x.liquidity);
        const auto until = path.level_until[step];
        for (auto i = step; i < until; ++i)
          EXPECT_EQ(path.level[i], path.level[step]);
        EXPECT_TRUE(until == path.steps.size() || path.level[until] != path.level[step]);
        ++step;
      }
    }
    EXPECT_GT(step, 50U);
    EXPECT_EQ(path.steps.size(), step);
    EXPECT_EQ(path.block_steps.back(), step);
    EXPECT_EQ(path.block_swaps.back(), swap);
    EXPECT_EQ(path.narrow, seed % 2 == 0) << "18 decimals on both sides make wide fees";
    EXPECT_TRUE(path.fits);
    EXPECT_EQ(path.liquidity.size(), 1U + *std::ranges::max_element(path.level));
  }
}

TEST(observed_path, knows_how_wide_fees_are) {
  const auto path_with = [](const u256& fee) {
    auto block = std::make_shared<block_record>();
    block->steps.push_back({u256{1} << 96, u256{1} << 96, 5, {}, fee});
    window market;
    market.start = {u256{1} << 96, 0};
    market.blocks = {block};
    const observed_path path(market);
    EXPECT_EQ(path.floor_tick[0], 0);
    EXPECT_EQ(path.ceiling_tick[0], 0);
    return std::pair{path.narrow, path.fits};
  };
  EXPECT_EQ(path_with((u256{1} << 64) - 1), std::pair(true, true));
  EXPECT_EQ(path_with(u256{1} << 64), std::pair(false, true));
  EXPECT_EQ(path_with((u256{1} << 128) - 1), std::pair(false, true));
  EXPECT_EQ(path_with(u256{1} << 128), std::pair(false, false));
}
