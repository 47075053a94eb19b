#include "rules/limits.hpp"
#include "rules/liquidity/deployment.hpp"
#include "rules/liquidity/score.hpp"
#include "tests/rules/liquidity/market_questions.hpp"

#include <gtest/gtest.h>

#include <limits>

namespace sluice {

namespace {

using test::question;

const u256 one_ether{1'000'000'000'000'000'000U};

TEST(ticks_of, rounds_a_logarithmic_change_up) {
  EXPECT_EQ(ticks_of(std::log(1.2)), 1'824); // ln 1.2 / ln 1.0001 = 1823.3
  EXPECT_EQ(ticks_of(-std::log(1.2)), 1'824);
  EXPECT_EQ(ticks_of(0), 1);
  EXPECT_EQ(ticks_of(std::numeric_limits<double>::quiet_NaN()), 1);
  EXPECT_EQ(ticks_of(std::numeric_limits<double>::infinity()), 1'774'544);
}

TEST(range_around, is_aligned_outwards) {
  EXPECT_EQ(range_around(5, 10, 10, 10), (tick_range{-10, 20}));
  EXPECT_EQ(range_around(-5, 10, 10, 10), (tick_range{-20, 10}));
  EXPECT_EQ(range_around(0, 10, 10, 10), (tick_range{-10, 10}));
  EXPECT_EQ(range_around(-196'255, 100, 50, 60), (tick_range{-196'380, -196'200}));
}

TEST(range_around, is_cut_at_the_bounds) {
  EXPECT_EQ(range_around(887'272, 100, 100, 10), (tick_range{887'170, 887'270}));
  EXPECT_EQ(range_around(887'272, 0, 0, 10), (tick_range{887'260, 887'270}));
  EXPECT_EQ(range_around(-887'272, 0, 0, 10), (tick_range{-887'270, -887'260}));
  EXPECT_EQ(range_around(0, 1'774'544, 1'774'544, 1), (tick_range{-887'272, 887'272}));
  EXPECT_EQ(range_around(20, 0, 0, 10), (tick_range{20, 30})); // never empty
}

TEST(range_around, needs_space_for_the_spacing) {
  EXPECT_EQ(range_around(0, 1, 1, 0), std::nullopt);
  EXPECT_EQ(range_around(0, 1, 1, -10), std::nullopt);
  EXPECT_EQ(range_around(0, 1, 1, 887'273), std::nullopt);
  EXPECT_EQ(range_around(0, 1, 1, 887'272), (tick_range{-887'272, 887'272}));
}

TEST(everything, is_free_plus_positions_plus_fees) {
  auto query = question(0, 1, 2);
  query.current_positions = {{0, 10, 5, 10, 20, 100, 200}, {10, 20, 5, 1'000, 2'000, 0, 0}};
  EXPECT_EQ(everything(query), (inventory{1'111, 2'222}));
  query.current_positions[0].fees0 = u256::max();
  EXPECT_EQ(everything(query), (inventory{u256::max(), 2'222}));
}

TEST(as_it_stands, asks_for_the_amounts_held_now) {
  auto query = question(0, 1, 2);
  query.current_positions = {{0, 10, 5, 10, 20, 7, 7}, {10, 20, 5, 30, 0, 0, 0}};
  EXPECT_EQ(as_it_stands(query), (std::vector<desired_position>{{0, 10, 10, 20, std::nullopt},
                                                                {10, 20, 30, 0, std::nullopt}}));
}

TEST(as_it_stands, asks_for_twins_once_and_for_no_more_than_allowed) {
  auto query = question(0, 0, 0);
  query.current_positions = {{0, 10, 5, 10, 20, 0, 0}, {0, 10, 6, 1, 2, 0, 0}};
  EXPECT_EQ(as_it_stands(query), (std::vector<desired_position>{{0, 10, 11, 22, std::nullopt}}));
  for (int32_t i = 1; i < 15; ++i)
    query.current_positions.push_back({i * 10, i * 10 + 10, 5, 1, 1, 0, 0});
  EXPECT_EQ(as_it_stands(query).size(), limits::positions_max);
}

TEST(deploy, gives_both_tokens_the_same_value) {
  const auto poor1 = deploy(question(0, one_ether * 10, one_ether * 4), 100, 100);
  EXPECT_EQ(poor1, (std::vector<desired_position>{
                     {-100, 100, one_ether * 4, one_ether * 4, std::nullopt}}));
  const auto poor0 = deploy(question(0, one_ether * 3, one_ether * 4), 100, 100);
  EXPECT_EQ(poor0, (std::vector<desired_position>{
                     {-100, 100, one_ether * 3, one_ether * 3, std::nullopt}}));
}

TEST(deploy, at_any_price_the_values_differ_by_rounding_only) {
  for (const int32_t tick : {-200'000, -5'000, 77, 90'000}) {
    const auto query = question(tick, one_ether * 5, one_ether * 5);
    const u256 value0 = value_in_token1(one_ether * 5, 0, query.sqrt_price_x96);
    const auto desired = deploy(query, 100, 100);
    ASSERT_EQ(desired.size(), 1U);
    if (value0 < one_ether * 5 / 9 || value0 > one_ether * 45)
      continue;
    const u256 used0 = value_in_token1(desired[0].allocation0, 0, query.sqrt_price_x96);
    EXPECT_NEAR(to_double(used0), to_double(desired[0].allocation1), 1e6) << tick;
  }
}

TEST(deploy, one_token_alone_goes_to_its_own_side_of_the_price) {
  EXPECT_EQ(deploy(question(15, one_ether, 0), 100, 100),
            (std::vector<desired_position>{{20, 120, one_ether, 0, std::nullopt}}));
  EXPECT_EQ(deploy(question(15, 0, one_ether), 100, 100),
            (std::vector<desired_position>{{-90, 10, 0, one_ether, std::nullopt}}));
  EXPECT_EQ(deploy(question(20, 0, one_ether), 100, 100),
            (std::vector<desired_position>{{-80, 20, 0, one_ether, std::nullopt}}));
  EXPECT_EQ(deploy(question(20, one_ether, 0), 100, 100),
            (std::vector<desired_position>{{30, 120, one_ether, 0, std::nullopt}}));
}

TEST(deploy, a_tenth_of_the_value_is_the_least_for_both_sides) {
  EXPECT_EQ(deploy(question(0, 900, 100), 100, 100)[0].tick_lower, -100);
  EXPECT_EQ(deploy(question(0, 909, 100), 100, 100)[0].tick_lower, 10);
  EXPECT_EQ(deploy(question(0, 100, 900), 100, 100)[0].tick_upper, 100);
  EXPECT_EQ(deploy(question(0, 99, 900), 100, 100)[0].tick_upper, 0);
}

TEST(deploy, nothing_owned_is_nothing_asked_for) {
  EXPECT_TRUE(deploy(question(0, 0, 0), 100, 100).empty());
  EXPECT_TRUE(deploy(question(0, 5, 5, 0), 100, 100).empty()); // an impossible spacing
}

} // namespace

} // namespace sluice
