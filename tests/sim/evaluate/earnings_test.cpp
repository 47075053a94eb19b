#include "rules/difference.hpp"
#include "sim/evaluate/earnings.hpp"
#include "sim/math/tick_math.hpp"
#include "tests/support/market_window.hpp"

#include <gtest/gtest.h>

#include <random>

using namespace sluice;
using sluice::test::market_window;

namespace {

desired_position around(const window& market, std::mt19937_64& rng) {
  const auto spacing = market.terms.tick_spacing;
  const auto centre = market.start.tick / spacing + static_cast<int32_t>(rng() % 41) - 20;
  const auto half = 1 + static_cast<int32_t>(rng() % 40);
  return {(centre - half) * spacing, (centre + half) * spacing, u256{rng() >> 4}, u256{rng() >> 30},
          std::nullopt};
}

plan random_plan(const window& market, std::mt19937_64& rng) {
  plan what;
  what.start = {u256{uint64_t{1} << 62}, u256{uint64_t{1} << 40}};
  what.opening = {around(market, rng), around(market, rng)};
  for (auto block = market.from + rng() % 40; block < market.to; block += 1 + rng() % 60)
    what.rebalances.push_back({block, {around(market, rng), what.opening->front()}});
  return what;
}

void expect_sums(const plan_earnings& seen) {
  ASSERT_EQ(seen.positions.size(), seen.outcome.positions.size());
  for (size_t i = 0; i < seen.positions.size(); ++i) {
    u256 fees0;
    u256 fees1;
    for (const auto& x : seen.positions[i]) {
      fees0 += x.fees0;
      fees1 += x.fees1;
      EXPECT_FALSE(x.fees0.is_zero() && x.fees1.is_zero());
      EXPECT_GE(x.block, seen.outcome.positions[i].from_block);
      EXPECT_LE(x.block, seen.outcome.positions[i].to_block);
    }
    EXPECT_EQ(fees0, seen.outcome.positions[i].fees0) << "position " << i;
    EXPECT_EQ(fees1, seen.outcome.positions[i].fees1) << "position " << i;
  }
}

void expect_explained(const window& market, const plan& what, pool_model model,
                      const evaluation_options& how = {}) {
  const auto seen = evaluate_with_earnings(market, what, model, 10, how);
  const auto plain = evaluate(market, what, model, 10, how);
  ASSERT_TRUE(seen) << seen.error().what;
  ASSERT_TRUE(plain);
  uint64_t checked = 0;
  EXPECT_EQ(first_difference("outcome", *plain, seen->outcome, checked), "");
  EXPECT_GT(checked, 20U);
  expect_sums(*seen);
}

TEST(earnings, add_up_to_the_fees_and_change_nothing) {
  for (uint64_t seed = 1; seed <= 12; ++seed) {
    SCOPED_TRACE(testing::Message() << "seed " << seed);
    std::mt19937_64 rng{seed};
    const auto market = market_window({}, seed, 50, 200, false);
    const auto what = random_plan(market, rng);
    expect_explained(market, what, pool_model::observed);
    expect_explained(market, what, pool_model::replayed);
    constexpr evaluation_options other{range_measure::value, valuing_price::market};
    expect_explained(market, what, pool_model::observed, other);
    expect_explained(market, what, pool_model::replayed, other);
  }
}

TEST(earnings, name_the_swap_its_prices_and_its_fee) {
  const auto market = market_window({}, 3, 50, 200, false);
  const auto spacing = market.terms.tick_spacing;
  plan what;
  what.start = {u256{uint64_t{1} << 62}, u256{uint64_t{1} << 40}};
  const auto centre = market.start.tick / spacing * spacing;
  what.opening = {{centre - 500 * spacing, centre + 500 * spacing, what.start.amount0,
                   what.start.amount1, std::nullopt}};
  const auto seen = evaluate_with_earnings(market, what, pool_model::observed, 10);
  ASSERT_TRUE(seen);
  ASSERT_EQ(seen->positions.size(), 1U);
  // as wide as the market goes: every swap of the window is there, in order
  size_t at = 0;
  auto before = market.start.sqrt_price_x96;
  for (const auto& block : market.blocks)
    for (const auto& event : block->block.events)
      if (event.kind == pool_event_kind::swap) {
        ASSERT_LT(at, seen->positions[0].size());
        const auto& x = seen->positions[0][at++];
        EXPECT_EQ(x.block, block->block.number);
        EXPECT_EQ(x.log_index, event.log_index);
        EXPECT_EQ(x.sqrt_price_from_x96, before);
        EXPECT_EQ(x.sqrt_price_to_x96, event.sqrt_price_x96);
        EXPECT_EQ(x.paid0.is_zero(), !event.amount0.is_negative() ? false : true);
        EXPECT_LT(x.fees0, x.paid0.is_zero() ? u256{1} : x.paid0);
        EXPECT_LT(x.fees1, x.paid1.is_zero() ? u256{1} : x.paid1);
        before = event.sqrt_price_x96;
      }
  EXPECT_EQ(at, seen->positions[0].size());
  EXPECT_GT(at, 20U);
}

TEST(earnings, of_bars_are_noted_bar_by_bar) {
  pool_terms terms;
  auto feed = replica::of_bars(terms, {sqrt_ratio_at_tick(0), 0});
  window market{terms, 1, 3, feed.price(), nullptr, {}};
  for (uint64_t number = 1; number <= 3; ++number) {
    feed_block block;
    block.number = number;
    block.bar = price_bar{
      0, 0, 1'000'000'000, u256{uint64_t{1'000'000'000}}, u256{uint64_t{2'000'000'000}}, 0};
    auto record = feed.apply(block);
    ASSERT_TRUE(record) << record.error().what;
    market.blocks.push_back(*record);
  }
  plan what;
  what.start = {u256{uint64_t{1'000'000'000}}, u256{uint64_t{1'000'000'000}}};
  what.opening = {{-100, 100, what.start.amount0, what.start.amount1, std::nullopt}};
  expect_explained(market, what, pool_model::observed);
  const auto seen = evaluate_with_earnings(market, what, pool_model::observed, 10);
  ASSERT_TRUE(seen);
  EXPECT_EQ(seen->positions.at(0).size(), 3U);
}

TEST(earnings, are_refused_where_evaluate_refuses) {
  plan what;
  what.staked = true;
  const auto market = market_window({}, 1, 50, 2, false);
  const auto refused = evaluate_with_earnings(market, what, pool_model::observed, 10);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().what, evaluate(market, what, pool_model::observed, 10).error().what);
}

} // namespace
