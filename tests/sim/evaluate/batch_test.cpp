#include "sim/evaluate/batch.hpp"
#include "sim/evaluate/overlay.hpp"
#include "tests/support/market_window.hpp"
#include "tests/support/random_swaps.hpp"
#include "tools/liquidity/score_market.hpp"

#include <gtest/gtest.h>

namespace sluice {
namespace {

using test::market_window;

/// Plans of all sorts: many ranges, far and near, rich and poor, with changes at any block, some of
/// them refused, some outside of the window.
class plan_maker {
public:
  plan_maker(const window& market, uint64_t seed) : market_(market), luck_(seed) {}

  plan next() {
    plan made;
    made.start
      = {luck_.up_to_bits(luck_.one_in(9) ? 110 : 70), luck_.up_to_bits(luck_.one_in(9) ? 80 : 45)};
    const auto count = luck_.below(4);
    for (uint64_t i = 0; i < count; ++i) {
      const auto [lower, upper] = range();
      made.positions.push_back(
        {lower, upper,
         static_cast<u128>(
           luck_.bits(1 + static_cast<unsigned>(luck_.below(luck_.one_in(20) ? 120 : 70))))});
    }
    if (luck_.one_in(2))
      made.opening = wishes(made.start);
    auto block = market_.from - luck_.below(3);
    for (auto n = luck_.below(5); n > 0; --n) {
      block += luck_.below(market_.blocks.size() / 3 + 2);
      made.rebalances.push_back({block, wishes(made.start)});
    }
    return made;
  }

private:
  std::pair<int32_t, int32_t> range() {
    const auto spacing = market_.terms.tick_spacing;
    const auto width = int64_t{spacing} << luck_.below(8);
    const auto shift
      = luck_.one_in(3)
          ? static_cast<int64_t>(luck_.below(8 * static_cast<uint64_t>(width))) - 4 * width
          : -width / 2;
    const auto edge = max_tick / spacing * spacing;
    const auto lower
      = std::clamp(static_cast<int32_t>((market_.start.tick + shift) / spacing * spacing), -edge,
                   edge - spacing);
    return {lower, std::min(edge, static_cast<int32_t>(lower + width))};
  }
  std::vector<desired_position> wishes(const inventory& has) {
    std::vector<desired_position> all;
    for (auto n = luck_.below(4); n > 0; --n) {
      const auto [lower, upper] = range();
      all.push_back({lower,
                     upper,
                     has.amount0 >> static_cast<unsigned>(luck_.below(5)),
                     has.amount1 >> static_cast<unsigned>(luck_.below(5)),
                     {}});
    }
    return all;
  }

  const window& market_;
  test::any_number luck_;
};

std::vector<plan> many_plans(const window& market, uint64_t seed, size_t count) {
  plan_maker maker(market, seed);
  std::vector<plan> plans;
  for (size_t i = 0; i < count; ++i)
    plans.push_back(maker.next());
  return plans;
}

void same_as_one_by_one(const window& market, const std::vector<plan>& plans,
                        const evaluation_options& how) {
  const auto together = evaluate_all(market, plans, pool_model::replayed, 10, how);
  const auto in_turns
    = evaluate_all(market, plans, pool_model::replayed, 10, how, lane_mode::in_turns);
  ASSERT_EQ(together.size(), plans.size());
  ASSERT_EQ(in_turns.size(), plans.size());
  for (size_t i = 0; i < plans.size(); ++i) {
    const auto alone = evaluate(market, plans[i], pool_model::replayed, 10, how);
    for (const auto& answer : {together[i], in_turns[i]}) {
      ASSERT_EQ(static_cast<bool>(answer), static_cast<bool>(alone)) << "plan " << i;
      if (alone)
        ASSERT_EQ(*answer, *alone) << "plan " << i;
      else
        EXPECT_EQ(answer.error().what, alone.error().what) << "plan " << i;
    }
  }
}

/// By the original rule, and by value at the market's price.
void same_as_one_by_one(const window& market, const std::vector<plan>& plans) {
  same_as_one_by_one(market, plans, {});
  same_as_one_by_one(market, plans, {range_measure::value, valuing_price::market});
}

TEST(batch, plans_that_share_a_pool_earn_what_they_earn_in_pools_of_their_own) {
  for (uint64_t seed = 1; seed <= 12; ++seed) {
    SCOPED_TRACE("seed " + std::to_string(seed));
    market_terms terms;
    constexpr std::pair<uint32_t, int32_t> tiers[]{{500, 10}, {3000, 60}, {100, 1}, {10'000, 200}};
    std::tie(terms.pool.fee, terms.pool.tick_spacing) = tiers[seed % 4];
    terms.volatility_per_day = seed % 3 == 0 ? 0.8 : 0.1;
    const auto market = market_window(terms, seed, 150, 300);
    ASSERT_TRUE(market.start_pool->is_solvent());
    same_as_one_by_one(market, many_plans(market, seed, 40));
  }
}

TEST(batch, a_tick_less_than_a_unit_of_output_beyond_the_end_is_reached) {
  const pool_terms terms; // fee 500, spacing 10
  pool thin(terms.fee, terms.tick_spacing);
  ASSERT_TRUE(thin.initialize(u256{1} << 96, 1));
  ASSERT_TRUE(thin.mint({1}, -10'000, 10'000, 1000, 1));
  for (const bool down : {true, false}) {
    SCOPED_TRACE(down ? "down" : "up");
    auto feed = replica::of_pool(terms, thin);
    window market{terms, 5, 5, feed.price(), feed.snapshot(), {}};
    const swap_request order{down, i256{-3}, down ? min_sqrt_ratio + 1 : max_sqrt_ratio - 1};
    pool after = thin;
    const auto moved = after.swap(order, 10);
    ASSERT_TRUE(moved);
    pool_event event;
    event.liquidity = 1000;
    event.amount0 = moved->amount0;
    event.amount1 = moved->amount1;
    event.sqrt_price_x96 = after.state().sqrt_price_x96;
    event.tick = after.state().tick;
    event.asked = order;
    const auto record = feed.apply({5, 10, {event}, {}});
    ASSERT_TRUE(record) << record.error().what;
    market.blocks.push_back(*record);
    std::vector<plan> plans(3);
    for (int32_t i = 0; i < 3; ++i) // at 70 three units are not four yet, at 90 they are
      plans[static_cast<size_t>(i)].positions
        = {down ? start_position{-100, -90 + 10 * i, 5} : start_position{90 - 10 * i, 100, 5}};
    same_as_one_by_one(market, plans);
    const auto reached = evaluate(market, plans[2], pool_model::replayed, 10);
    ASSERT_TRUE(reached);
    EXPECT_EQ(reached->tick, down ? -71 : 70);
    EXPECT_EQ(after.state().tick, down ? -61 : 60);
  }
}

TEST(batch, few_plans_bars_and_faulty_plans_are_answered_like_single_ones) {
  const auto market = market_window({}, 3, 100, 50);
  auto plans = many_plans(market, 5, 10);
  plans[2].positions = {{5, 3, 1}};
  plans[7].rebalances = {{market.to, {}}, {market.from, {}}};
  same_as_one_by_one(market, plans);
  same_as_one_by_one(market, {plans[0], plans[1]});
  same_as_one_by_one(market, {});
  window bars = market;
  bars.start_pool = nullptr;
  same_as_one_by_one(bars, plans);
  window nothing_happens = market;
  nothing_happens.blocks.clear();
  same_as_one_by_one(nothing_happens, plans);
}

TEST(batch, equal_plans_get_equal_answers) {
  const auto market = market_window({}, 5, 100, 50);
  auto plans = many_plans(market, 7, 6);
  for (size_t i = 0; i < 6; ++i)
    plans.push_back(plans[5 - i]);
  plans.push_back(plans[0]);
  plans.back().start.amount1 += u256{1} << 64; // the same number, another plan
  same_as_one_by_one(market, plans);
}

TEST(batch, the_observed_model_is_played_plan_by_plan) {
  const auto market = market_window({}, 4, 100, 50);
  const auto plans = many_plans(market, 6, 5);
  const auto together = evaluate_all(market, plans, pool_model::observed, 10);
  for (size_t i = 0; i < plans.size(); ++i) {
    const auto alone = evaluate(market, plans[i], pool_model::observed, 10);
    ASSERT_EQ(static_cast<bool>(together[i]), static_cast<bool>(alone));
    if (alone) {
      EXPECT_EQ(*together[i], *alone);
    }
  }
}

TEST(batch, staked_and_unstaked_plans_on_a_slipstream_pool_do_not_meet) {
  const auto stream
    = tools::read_market({std::string{SOURCE_DIR} + "/tests/data/evaluate/aero.jsonl"}, {});
  ASSERT_TRUE(stream) << stream.error().what;
  const auto market = tools::cut_window(*stream, {}, {});
  ASSERT_TRUE(market) << market.error().what;
  auto plans = many_plans(*market, 8, 40);
  for (size_t i = 0; i < 40; ++i) {
    plans.push_back(plans[i]); // the same once more, but
    plans.back().staked = true;
  }
  for (const auto model : {pool_model::observed, pool_model::replayed}) {
    constexpr evaluation_options how{range_measure::value, valuing_price::market};
    const auto together = evaluate_all(*market, plans, model, 10, how);
    size_t rewarded = 0;
    for (size_t i = 0; i < plans.size(); ++i) {
      const auto alone = evaluate(*market, plans[i], model, 10, how);
      ASSERT_EQ(static_cast<bool>(together[i]), static_cast<bool>(alone)) << "plan " << i;
      if (!alone)
        continue;
      EXPECT_EQ(*together[i], *alone) << "plan " << i;
      const auto& m = alone->metrics;
      EXPECT_TRUE((plans[i].staked ? m.fees_value : m.rewards).is_zero()) << "plan " << i;
      rewarded += !m.rewards.is_zero();
    }
    EXPECT_GT(rewarded, 10u);
  }
}

} // namespace
} // namespace sluice
