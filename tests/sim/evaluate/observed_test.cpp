#include "sim/evaluate/evaluate_venue.hpp"
#include "sim/math/tick_math.hpp"

#include <gtest/gtest.h>

#include <cmath>

using namespace sluice;

namespace {

struct range {
  int32_t lower = 0;
  int32_t upper = 0;
  u128 liquidity = 0;
};

/// What the ranges hold after the bars, the first of which opens where they were minted.
std::vector<held_position>
after(const std::vector<price_bar>& bars, const std::vector<range>& ranges, swap_count& swaps) {
  window market;
  market.terms = {500, 10, 6, 18};
  market.start = {sqrt_ratio_at_tick(bars.front().open_tick), bars.front().open_tick};
  auto feed = replica::of_bars(market.terms, market.start);
  const auto place = observed_venue(market);
  for (const auto& x : ranges)
    EXPECT_TRUE(place->mint(x.lower, x.upper, x.liquidity));
  for (size_t i = 0; i < bars.size(); ++i) {
    auto record = feed.apply({i, 60 * i, {}, bars[i]});
    EXPECT_TRUE(record);
    place->pass(**record, swaps);
  }
  return place->held();
}

std::vector<held_position>
after(const std::vector<price_bar>& bars, const std::vector<range>& ranges) {
  swap_count swaps;
  return after(bars, ranges, swaps);
}

} // namespace

TEST(observed, a_bar_that_stands_still_pays_the_ranges_that_contain_its_price) {
  const auto fees = [](int32_t lower, int32_t upper) {
    return after({{200, 200, 3'000'000, 2'000'000'000, 0, 0}}, {{lower, upper, 1'000'000}})[0]
      .fees0;
  };
  EXPECT_EQ(fees(200, 210), u256{250'000}); // 1,000,000 of fee, a quarter of the liquidity
  EXPECT_EQ(fees(100, 300), u256{250'000});
  EXPECT_EQ(fees(190, 200), u256{0}) << "the upper bound is not in the range";
  EXPECT_EQ(fees(210, 220), u256{0});
}

TEST(observed, a_range_is_paid_for_the_part_of_a_step_that_it_covers) {
  // Token1 comes in: the measure is the square root of the price itself.
  const std::vector<price_bar> bars{{0, 1000, 1'000'000, 0, 2'000'000'000, 0}};
  EXPECT_EQ(after(bars, {{-1000, 2000, 1'000'000}})[0].fees1, u256{500'000});
  const auto lower = after(bars, {{0, 500, 1'000'000}})[0].fees1;
  const auto upper = after(bars, {{500, 2000, 1'000'000}})[0].fees1;
  const double share = (std::pow(1.0001, 250) - 1) / (std::pow(1.0001, 500) - 1);
  EXPECT_NEAR(to_double(lower), 500'000 * share, 1);
  EXPECT_NEAR(to_double(upper), 500'000 * (1 - share), 1);
}

TEST(observed, positions_share_a_fee_by_liquidity_without_losing_a_unit) {
  const std::vector<price_bar> bars{{0, 100, 10'000'000, 1'234'567'891, 987'654'321, 0},
                                    {100, -50, 7'777'777, 55'555'555'555, 0, 0}};
  const auto one = after(bars, {{-20, 60, 3'000'001}});
  const auto two = after(bars, {{-20, 60, 1'000'000}, {-20, 60, 2'000'001}});
  EXPECT_EQ(one[0].fees0, two[0].fees0 + two[1].fees0);
  EXPECT_EQ(one[0].fees1, two[0].fees1 + two[1].fees1);
  EXPECT_NEAR(to_double(two[1].fees0) / to_double(two[0].fees0), 2, 1e-3);
}

TEST(observed, a_swap_is_in_range_once_however_many_positions_contain_its_tick) {
  swap_count swaps;
  after({{0, 10, 5, 1, 0, 0}, {10, 20, 5, 1, 0, 0}, {20, 30, 5, 0, 0, 0}, {30, 15, 5, 0, 1, 0}},
        {{0, 20, 7}, {10, 20, 7}, {-10, 20, 7}}, swaps);
  EXPECT_EQ(swaps.all, 3U) << "a bar without inputs is no swap";
  EXPECT_EQ(swaps.in_range, 2U) << "tick 20 is above the ranges";
}

TEST(observed, a_mint_costs_at_least_what_a_burn_returns) {
  window market;
  market.terms = {500, 10, 6, 18};
  for (const int32_t tick : {-300, -200, 0, 77, 200, 300}) {
    market.start = {sqrt_ratio_at_tick(tick) + (tick == 77 ? 12345 : 0), tick};
    const auto place = observed_venue(market);
    const auto paid = place->mint(-200, 200, 1'000'000'007);
    ASSERT_TRUE(paid);
    const auto back = place->burn(0);
    EXPECT_EQ(back.fees, token_amounts{});
    for (const auto token : {&token_amounts::amount0, &token_amounts::amount1}) {
      EXPECT_LE(back.principal.*token, (*paid).*token);
      EXPECT_LE((*paid).*token, back.principal.*token + 1);
    }
    EXPECT_TRUE(place->held().empty());
  }
}

TEST(observed, no_tick_holds_more_than_the_contract_allows) {
  window market;
  market.terms = {500, 10, 6, 18};
  market.start = {u256{1} << 96, 0};
  const auto most = pool(500, 10).max_liquidity_per_tick();
  EXPECT_TRUE(observed_venue(market)->mint(0, 10, most));
  EXPECT_FALSE(observed_venue(market)->mint(0, 10, most + 1));
}
