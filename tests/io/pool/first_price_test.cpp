#include "io/pool/first_price.hpp"
#include "sim/math/tick_math.hpp"

#include <gtest/gtest.h>

namespace {

using namespace sluice;

const pool_terms terms{3000, 60, 18, 18};

/// Blocks of one event each.
std::vector<feed_block> one_by_one(const std::vector<pool_event>& events) {
  std::vector<feed_block> blocks;
  for (const auto& event : events)
    blocks.push_back({blocks.size(), 0, {event}, {}});
  return blocks;
}

pool_event empty_swap(int32_t tick, const u256& price) {
  pool_event event;
  event.sqrt_price_x96 = price;
  event.tick = tick;
  return event;
}

/// What opens ../shared/vectors/uniswap-v3/p1: 2472378708587216 minted around a known price.
pool_event recorded_mint() {
  pool_event event;
  event.kind = pool_event_kind::mint;
  event.tick_lower = -196260;
  event.tick_upper = -196240;
  event.liquidity = 2472378708587216U;
  event.amount0 = i256{40608377127918869};
  event.amount1 = i256{13539304};
  return event;
}

TEST(opening, ends_with_the_first_swap_and_leaves_collects_out) {
  pool_event collect;
  collect.kind = pool_event_kind::collect;
  const auto blocks
    = one_by_one({collect, recorded_mint(), empty_swap(0, u256{1} << 96), recorded_mint()});
  const auto first = io::opening_of(blocks);
  ASSERT_EQ(first.before.size(), 1u);
  EXPECT_EQ(first.before[0], recorded_mint());
  EXPECT_EQ(first.swap, &blocks[2].events[0]);
}

TEST(first_price, of_an_empty_pool_lies_beside_where_the_swap_ended) {
  const auto price = sqrt_ratio_at_tick(15360); // the border of a word: 15360 = 60 * 256
  const auto up = one_by_one({empty_swap(15360, price)});
  EXPECT_EQ(io::first_prices(terms, io::opening_of(up)), std::vector{price - 1});
  const auto down = one_by_one({empty_swap(15359, price)});
  EXPECT_EQ(io::first_prices(terms, io::opening_of(down)), std::vector{price + 1});
}

TEST(first_price, lies_where_the_mint_costs_what_it_did) {
  const auto blocks = one_by_one({recorded_mint()});
  const auto prices = io::first_prices({500, 10, 18, 18}, io::opening_of(blocks));
  ASSERT_EQ(prices.size(), 1u);
  // amount1 rounds L * (P - A) / 2^96 up, so P lies within 2^96 / L of the recorded price
  const auto recorded = *u256::parse("4339146692676399744408601");
  const auto apart = prices[0] > recorded ? prices[0] - recorded : recorded - prices[0];
  EXPECT_LE(apart, (u256{1} << 96) / 2472378708587216U);
}

TEST(first_price, is_exact_once_a_swap_follows_the_mint) {
  auto swap = empty_swap(-196258, *u256::parse("4339146692676399745369802"));
  swap.liquidity = 2472378708587216U;
  swap.amount0 = i256{-10};
  swap.amount1 = i256{2};
  const auto blocks = one_by_one({recorded_mint(), swap});
  const auto prices = io::first_prices({500, 10, 18, 18}, io::opening_of(blocks));
  ASSERT_FALSE(prices.empty());
  EXPECT_NE(std::find(prices.begin(), prices.end(), *u256::parse("4339146692676399744408601")),
            prices.end());
}

TEST(first_price, does_not_exist_for_impossible_amounts) {
  auto mint = recorded_mint();
  mint.amount0 = i256{1};
  const auto blocks = one_by_one({mint});
  EXPECT_TRUE(io::first_prices({500, 10, 18, 18}, io::opening_of(blocks)).empty());
}

} // namespace
