#include "sim/evaluate/evaluate_venue.hpp"
#include "sim/math/tick_math.hpp"
#include "tests/support/market_window.hpp"
#include "tests/support/random_swaps.hpp"

#include <gtest/gtest.h>

using namespace sluice;
using sluice::test::any_number;
using sluice::test::market_window;

namespace {

/// Ranges that overlap, meet, and end where steps do; liquidity of all sizes.
plan venue_plan(const window& market, any_number& luck, unsigned liquidity_bits) {
  const auto spacing = market.terms.tick_spacing;
  const auto range = [&] {
    const auto width = spacing * static_cast<int32_t>(1 + luck.below(uint64_t{1} << luck.below(8)));
    const auto away = spacing * static_cast<int32_t>(luck.below(2 * static_cast<uint64_t>(width)));
    const auto lower = market.start.tick / spacing * spacing + away / 2 / spacing * spacing - width;
    return std::pair{lower, lower + width};
  };
  plan what;
  what.start = {luck.up_to_bits(70), luck.up_to_bits(50)};
  for (auto n = luck.below(5); n > 0; --n) {
    const auto [lower, upper] = range();
    const auto bits = 1 + static_cast<unsigned>(luck.below(liquidity_bits));
    what.positions.push_back({lower, upper, static_cast<u128>(luck.bits(bits))});
  }
  if (!what.positions.empty() && luck.one_in(3))
    what.positions.push_back(what.positions.front());
  auto block = market.from;
  for (auto n = luck.below(4); n > 0; --n) {
    block += luck.below(market.blocks.size() / 2);
    rebalance one{block, {}};
    for (auto m = luck.below(4); m > 0; --m) {
      const auto [lower, upper] = range();
      one.desired_positions.push_back(
        {lower, upper, what.start.amount0 >> 1U, what.start.amount1 >> 1U, {}});
    }
    what.rebalances.push_back(std::move(one));
  }
  return what;
}

struct venue_tally {
  size_t earned = 0;
  size_t between = 0; // partly in range
};

void venue_agrees(const window& market, uint64_t seed, unsigned liquidity_bits, venue_tally& seen) {
  const observed_path path(market);
  ASSERT_TRUE(path.fits);
  any_number luck(seed);
  for (int n = 0; n < 25; ++n) {
    const auto what = venue_plan(market, luck, liquidity_bits);
    for (const auto range : {range_measure::count, range_measure::value}) {
      SCOPED_TRACE("seed " + std::to_string(seed) + ", plan " + std::to_string(n));
      const auto quick = evaluate_at(market, what, *path_venue(market, path), 10, {range, {}});
      const auto plain = evaluate_at(market, what, *observed_venue(market), 10, {range, {}});
      ASSERT_TRUE(quick && plain);
      ASSERT_EQ(*quick, *plain);
      const auto& m = plain->metrics;
      seen.earned += m.fees_value.is_zero() ? 0 : 1;
      seen.between += m.swaps_in_range != 0 && m.swaps_in_range != m.swaps ? 1 : 0;
    }
  }
}

/// Bars with fees of all sizes; steps begin and end on ticks, so on bounds of
/// positions.
window venue_bars(uint64_t seed, unsigned fee_bits) {
  any_number luck(seed);
  window market;
  market.terms = {500, 10, 18, 6};
  market.from = 100;
  market.to = 299;
  int32_t tick = static_cast<int32_t>(luck.below(100'000)) - 50'000;
  market.start = {sqrt_ratio_at_tick(tick), tick};
  auto feed = replica::of_bars(market.terms, market.start);
  for (uint64_t number = market.from; number <= market.to; ++number) {
    price_bar bar{tick, tick, luck.one_in(9) ? u128{0} : static_cast<u128>(luck.up_to_bits(90)),
                  {},   {},   0};
    if (!luck.one_in(4))
      bar.close_tick += 5 * (static_cast<int32_t>(luck.below(33)) - 16);
    if (!luck.one_in(5))
      bar.in_amount0 = luck.up_to_bits(fee_bits);
    if (!luck.one_in(3))
      bar.in_amount1 = luck.up_to_bits(fee_bits);
    tick = bar.close_tick;
    auto record = feed.apply({number, 60 * number, {}, bar});
    EXPECT_TRUE(record);
    market.blocks.push_back(*record);
  }
  return market;
}

} // namespace

TEST(path_venue, answers_what_the_straight_form_answers) {
  venue_tally seen;
  for (uint64_t seed = 1; seed <= 12; ++seed) {
    market_terms terms;
    constexpr std::pair<uint32_t, int32_t> tiers[]{{500, 10}, {3000, 60}, {100, 1}, {10'000, 200}};
    std::tie(terms.pool.fee, terms.pool.tick_spacing) = tiers[seed % 4];
    terms.volatility_per_day = seed % 3 == 0 ? 0.8 : 0.1;
    terms.pool.decimals1 = seed % 5 < 3 ? 6 : 18; // narrow fees, wide ones
    venue_agrees(market_window(terms, seed, 100, 200), seed, seed % 2 == 0 ? 60 : 100, seen);
  }
  EXPECT_GT(seen.earned, 100U);
  EXPECT_GT(seen.between, 100U);
}

TEST(path_venue, answers_it_for_bars_and_fees_of_any_size) {
  venue_tally seen;
  for (uint64_t seed = 1; seed <= 12; ++seed)
    venue_agrees(venue_bars(seed, seed % 3 == 0   ? 60
                                  : seed % 3 == 1 ? 100
                                                  : 138),
                 seed, seed % 2 == 0 ? 60 : 107, seen);
  EXPECT_GT(seen.earned, 100U);
  EXPECT_GT(seen.between, 100U);
}

TEST(path_venue, a_step_that_stands_still_on_a_bound_pays_the_zone_above) {
  window market;
  market.terms = {500, 10, 18, 6};
  market.from = 1;
  market.to = 3;
  market.start = {sqrt_ratio_at_tick(100), 100};
  auto feed = replica::of_bars(market.terms, market.start);
  const std::vector<price_bar> bars{
    {100, 200, 5, 2'000'000, 0, 0}, {200, 200, 5, 2'000'000, 0, 0}, {200, 100, 5, 2'000'000, 0, 0}};
  for (uint64_t i = 0; i < bars.size(); ++i)
    market.blocks.push_back(*feed.apply({i + 1, 60 * i, {}, bars[i]}));
  const observed_path path(market);
  plan what;
  what.positions = {{100, 200, 5}, {200, 300, 15}};
  const auto quick = evaluate_at(market, what, *path_venue(market, path), 10);
  ASSERT_TRUE(quick);
  EXPECT_EQ(*quick, *evaluate_at(market, what, *observed_venue(market), 10));
  EXPECT_EQ(quick->positions[0].fees0, u256{1000});
  EXPECT_EQ(quick->positions[1].fees0, u256{750});
}

TEST(path_venue, stands_where_the_market_does_without_positions) {
  const auto market = market_window({}, 3, 50, 100);
  const observed_path path(market);
  const auto where = path_venue(market, path);
  swap_count swaps;
  EXPECT_EQ(where->price(), market.start);
  where->pass(market, 0, 70, swaps);
  EXPECT_EQ(where->price(),
            (price_point{market.blocks[69]->sqrt_price_x96, market.blocks[69]->tick}));
  where->pass(market, 70, 70, swaps);
  where->pass(market, 70, 100, swaps);
  EXPECT_EQ(swaps.all, path.swap_tick.size());
  EXPECT_EQ(swaps.in_range, 0U);
  EXPECT_TRUE(where->held().empty());
}

TEST(path_venue, no_tick_holds_more_than_the_contract_allows) {
  const auto market = market_window({}, 3, 50, 1);
  const observed_path path(market);
  const auto most = pool(500, 10).max_liquidity_per_tick();
  EXPECT_TRUE(path_venue(market, path)->mint(0, 10, most));
  EXPECT_FALSE(path_venue(market, path)->mint(0, 10, most + 1));
}
