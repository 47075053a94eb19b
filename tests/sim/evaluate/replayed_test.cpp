#include "io/pool/event_stream.hpp"
#include "rules/liquidity/score.hpp"
#include "sim/math/tick_math.hpp"
#include "sim/pool/liquidity_amounts.hpp"
#include "tests/support/data_file.hpp"
#include "tests/support/market_window.hpp"
#include "tools/liquidity/score_market.hpp"

#include <gtest/gtest.h>

using namespace sluice;
using sluice::test::market_window;

namespace {

window corpus_window(const std::string& path, uint64_t from) {
  auto source = tools::read_market({path}, {});
  EXPECT_TRUE(source) << source.error().what;
  auto cut = tools::cut_window(*source, from, {});
  EXPECT_TRUE(cut) << cut.error().what;
  return *cut;
}

std::string bundled_path(const char* name) {
  return std::string{SOURCE_DIR} + "/tests/data/evaluate/" + name;
}

int32_t aligned(int32_t tick, int32_t spacing) {
  return (tick >= 0 ? tick : tick - spacing + 1) / spacing * spacing;
}

/// Plays one range by hand: mint after block `first`, burn and collect after block `second`.
struct by_hand {
  inventory free;
  u128 liquidity = 0;
  token_amounts fees;
  u256 price;
  uint64_t swaps = 0;
  uint64_t in_range = 0;
};

by_hand play_by_hand(const window& market, const inventory& start, const desired_position& wanted,
                     uint64_t first, uint64_t second) {
  by_hand run{start, 0, {}, {}, 0, 0};
  pool at = *market.start_pool;
  const address me{0xee};
  for (const auto& record : market.blocks) {
    const auto now = static_cast<uint32_t>(record->block.time);
    size_t next = 0;
    for (const auto& e : record->block.events) {
      const auto& [lower, upper] = std::tie(e.tick_lower, e.tick_upper);
      if (e.kind == pool_event_kind::mint)
        (void)at.mint(e.owner, lower, upper, e.liquidity, now);
      if (e.kind == pool_event_kind::burn)
        (void)at.burn(e.owner, lower, upper, e.liquidity, now);
      if (e.kind == pool_event_kind::collect)
        (void)at.collect(e.owner, lower, upper, u128_max, u128_max);
      if (e.kind == pool_event_kind::swap && at.swap(record->swaps[next++].asked, now)) {
        ++run.swaps;
        const auto tick = at.state().tick;
        run.in_range += run.liquidity != 0 && wanted.tick_lower <= tick && tick < wanted.tick_upper;
      }
    }
    if (record->block.number == first) {
      run.liquidity = *liquidity_for_amounts(
        at.state().sqrt_price_x96, sqrt_ratio_at_tick(wanted.tick_lower),
        sqrt_ratio_at_tick(wanted.tick_upper), wanted.allocation0, wanted.allocation1);
      auto paid = at.mint(me, wanted.tick_lower, wanted.tick_upper, run.liquidity, now);
      EXPECT_TRUE(paid);
      run.free.amount0 -= paid->amount0;
      run.free.amount1 -= paid->amount1;
    }
    if (record->block.number == second) {
      auto back = at.burn(me, wanted.tick_lower, wanted.tick_upper, run.liquidity, now);
      auto got = at.collect(me, wanted.tick_lower, wanted.tick_upper, u128_max, u128_max);
      EXPECT_TRUE(back && got);
      run.free.amount0 += got->amount0;
      run.free.amount1 += got->amount1;
      run.fees = {got->amount0 - back->amount0, got->amount1 - back->amount1};
      run.liquidity = 0;
    }
  }
  run.price = at.state().sqrt_price_x96;
  return run;
}

/// A plan that does the same as play_by_hand, and both outcomes side by side.
void same_by_hand(const window& market, const inventory& start, int32_t half_width) {
  const auto spacing = market.terms.tick_spacing;
  const auto n = market.blocks.size();
  const auto& entry = *market.blocks[n / 5];
  const auto first = entry.block.number;
  const auto second = market.blocks[n - n / 5]->block.number;
  const auto mid = aligned(entry.tick, spacing);
  const desired_position wanted{
    mid - half_width * spacing, mid + half_width * spacing, start.amount0, start.amount1, {}};
  plan what{start, {}, {}, {{first, {wanted}}, {second, {}}}};
  auto got = evaluate(market, what, pool_model::replayed, 10);
  ASSERT_TRUE(got) << got.error().what;
  const auto expected = play_by_hand(market, start, wanted, first, second);
  ASSERT_EQ(got->positions.size(), 1U);
  EXPECT_EQ(got->end.free, expected.free);
  EXPECT_TRUE(got->end.positions.empty());
  EXPECT_EQ(got->metrics.fees0, expected.fees.amount0);
  EXPECT_EQ(got->metrics.fees1, expected.fees.amount1);
  EXPECT_EQ(got->metrics.swaps, expected.swaps);
  EXPECT_EQ(got->metrics.swaps_in_range, expected.in_range);
  EXPECT_EQ(got->metrics.rebalances, 2U);
  EXPECT_EQ(got->sqrt_price_x96, expected.price);
  EXPECT_EQ(got->metrics.final_value,
            value_in_token1(expected.free.amount0, expected.free.amount1, expected.price));
  EXPECT_FALSE(got->metrics.fees_value.is_zero());
}

} // namespace

TEST(replayed, every_wei_is_what_the_pool_pays) {
  for (const uint64_t seed : {1, 2, 3, 4}) {
    SCOPED_TRACE(seed);
    const auto market = market_window({}, seed, 200, 400);
    const auto deep = market.start_pool->state().liquidity;
    const auto one = amounts_for_liquidity(
      market.start.sqrt_price_x96, sqrt_ratio_at_tick(aligned(market.start.tick, 10) - 200),
      sqrt_ratio_at_tick(aligned(market.start.tick, 10) + 200), deep);
    same_by_hand(market, {one.amount0, one.amount1}, 20); // as deep as the pool itself
    same_by_hand(market, {one.amount0 / 1000, one.amount1 / 1000}, 3);
  }
}

TEST(replayed, on_the_real_contracts_events_as_well) {
  same_by_hand(corpus_window(bundled_path("p1.jsonl"), 24'000'030), {u256{1} << 60, u256{1} << 30},
               40);
}

TEST(replayed, without_liquidity_the_price_path_is_the_one_that_happened) {
  for (const char* name : {"p1.jsonl", "p5.jsonl"}) {
    const auto market = corpus_window(bundled_path(name), 24'000'040);
    plan idle{{5, 7}, {}, {}, {}};
    auto got = evaluate(market, idle, pool_model::replayed, 10);
    ASSERT_TRUE(got) << got.error().what;
    auto seen = evaluate(market, idle, pool_model::observed, 10);
    ASSERT_TRUE(seen);
    EXPECT_EQ(*got, *seen) << name;
    EXPECT_EQ(got->sqrt_price_x96, market.blocks.back()->sqrt_price_x96);
    EXPECT_GT(got->metrics.swaps, 30U);
  }
}

TEST(replayed, a_small_position_earns_what_the_observed_model_computes) {
  for (const uint64_t seed : {11, 12, 13}) {
    SCOPED_TRACE(seed);
    const auto market = market_window({}, seed, 100, 600);
    const auto mid = aligned(market.start.tick, 10);
    plan what{{}, {{mid - 500, mid + 500, market.start_pool->state().liquidity / 100'000}}, {}, {}};
    auto real = evaluate(market, what, pool_model::replayed, 10);
    auto seen = evaluate(market, what, pool_model::observed, 10);
    ASSERT_TRUE(real && seen);
    for (const auto fees : {&plan_metrics::fees0, &plan_metrics::fees1}) {
      const double a = to_double(real->metrics.*fees);
      const double b = to_double(seen->metrics.*fees);
      EXPECT_GT(b, 1e6);
      EXPECT_NEAR(a / b, 1, 1e-3);
    }
    EXPECT_EQ(real->metrics.initial_value, seen->metrics.initial_value);
  }
}

TEST(replayed, looking_at_a_kept_position_costs_nothing) {
  const auto market = market_window({}, 21, 50, 300);
  const auto mid = aligned(market.start.tick, 10);
  plan quiet{{}, {{mid - 500, mid + 500, market.start_pool->state().liquidity / 3}}, {}, {}};
  plan asked = quiet;
  for (size_t i = 10; i < market.blocks.size(); i += 10)
    asked.rebalances.push_back({market.blocks[i]->block.number, {{-1, 1, 0, 0, {}}}}); // refused
  auto one = evaluate(market, quiet, pool_model::replayed, 10);
  auto other = evaluate(market, asked, pool_model::replayed, 10);
  ASSERT_TRUE(one && other);
  EXPECT_EQ(one->metrics, other->metrics);
  EXPECT_EQ(one->end, other->end);
}

TEST(replayed, a_mint_that_the_pool_reverts_is_skipped_with_its_reason) {
  const auto market = market_window({}, 22, 50, 20);
  const auto mid = aligned(market.start.tick, 10) + 400'000; // where nobody else is
  const auto most = market.start_pool->max_liquidity_per_tick();
  plan full{{}, {{mid - 10, mid + 10, most}}, {}, {}};
  auto got = evaluate(market, full, pool_model::replayed, 10);
  ASSERT_TRUE(got) << got.error().what;
  full.positions.push_back({mid - 10, mid + 10, 1});
  auto refused = evaluate(market, full, pool_model::replayed, 10);
  ASSERT_FALSE(refused);
  EXPECT_NE(refused.error().what.find("LO"), std::string::npos) << refused.error().what;
}

TEST(replayed, plays_a_real_pool) {
  if (!test::shared_has("data/mainnet/ens-weth-3000.jsonl"))
    GTEST_SKIP() << "not in the shared folder: data/mainnet/ens-weth-3000.jsonl";
  const auto path = (test::shared_folder() / "data/mainnet/ens-weth-3000.jsonl").string();
  const auto market = corpus_window(path, 13'578'934);
  same_by_hand(market, {u256{1'000'000'000'000'000'000U}, u256{1'000'000'000'000'000'000U} * 200},
               40);
  plan idle{{5, 7}, {}, {}, {}};
  auto got = evaluate(market, idle, pool_model::replayed, 10);
  ASSERT_TRUE(got);
  EXPECT_EQ(got->sqrt_price_x96, market.blocks.back()->sqrt_price_x96);
  EXPECT_EQ(got->metrics.swaps, 62U);
}

namespace {

window aero_window() {
  return corpus_window(bundled_path("aero.jsonl"), 24000060);
}

/// The same as a gauge does it: the manager mints, the gauge takes the position over, and in the
/// end pays by reward growth.
u256 rewards_by_gauge(const window& market, int32_t lower, int32_t upper, u128 liquidity) {
  pool at = *market.start_pool;
  const address gauge = at.slipstream()->gauge, manager = at.slipstream()->position_manager;
  auto now = static_cast<uint32_t>(market.blocks.front()->block.time);
  EXPECT_TRUE(at.mint(manager, lower, upper, liquidity, now));
  EXPECT_TRUE(at.stake(gauge, static_cast<i128>(liquidity), lower, upper, true, now));
  const u256 before = at.reward_growth_inside(lower, upper);
  for (const auto& record : market.blocks) {
    now = static_cast<uint32_t>(record->block.time);
    size_t next = 0;
    for (const auto& e : record->block.events)
      switch (e.kind) {
      case pool_event_kind::mint:
        (void)at.mint(e.owner, e.tick_lower, e.tick_upper, e.liquidity, now);
        break;
      case pool_event_kind::burn:
        (void)at.burn(e.owner, e.tick_lower, e.tick_upper, e.liquidity, now);
        break;
      case pool_event_kind::swap: {
        const auto& swap = record->swaps[next++];
        at.set_fees(swap.fee, at.slipstream()->unstaked_fee);
        (void)at.swap(swap.asked, now);
        break;
      }
      case pool_event_kind::stake:
      case pool_event_kind::unstake:
      case pool_event_kind::unstake_only: {
        const auto delta = static_cast<i128>(e.liquidity);
        (void)at.stake(gauge, e.kind == pool_event_kind::stake ? delta : -delta, e.tick_lower,
                       e.tick_upper, e.kind != pool_event_kind::unstake_only, now);
        break;
      }
      case pool_event_kind::reward_update:
        (void)at.update_rewards(gauge, now);
        break;
      case pool_event_kind::reward:
        (void)at.sync_reward(gauge, e.amount0.bits(), e.amount1.bits(), u256{e.liquidity});
        break;
      default: // who collects moves nothing here
        break;
      }
  }
  EXPECT_TRUE(at.update_rewards(gauge, now));
  const u256 growth = at.reward_growth_inside(lower, upper) - before;
  return (growth * u256{liquidity}) >> 128; // below 2^256 here
}

plan staked_plan(int32_t lower, int32_t upper, u128 liquidity) {
  plan what;
  what.positions = {{lower, upper, liquidity}};
  what.staked = true;
  return what;
}

} // namespace

TEST(replayed, a_staked_plan_gets_what_the_gauge_pays) {
  const auto market = aero_window();
  size_t paid = 0;
  for (const int32_t width : {1000, 4000, 20'000, 100'000})
    for (const uint64_t liquidity :
         {1ULL, 1'000'000'000ULL, 1'000'000'000'000ULL, 100'000'000'000'000'000ULL}) {
      SCOPED_TRACE(std::to_string(width) + " " + std::to_string(liquidity));
      const int32_t middle = aligned(market.start.tick, 100);
      const auto what = staked_plan(middle - width, middle + width, liquidity);
      const auto got = evaluate(market, what, pool_model::replayed, 10);
      ASSERT_TRUE(got) << got.error().what;
      EXPECT_EQ(got->metrics.rewards,
                rewards_by_gauge(market, middle - width, middle + width, liquidity));
      EXPECT_EQ(got->positions[0].rewards, got->metrics.rewards);
      EXPECT_EQ(got->metrics.fees_value, u256{});
      paid += !got->metrics.rewards.is_zero();
    }
  EXPECT_GT(paid, 8u);
}

TEST(replayed, a_small_staked_plan_gets_what_the_observed_model_computes) {
  const auto market = aero_window();
  const int32_t middle = aligned(market.start.tick, 100);
  for (const int32_t width : {4000, 20'000, 100'000}) {
    const auto what = staked_plan(middle - width, middle + width, 1000);
    const auto exact = evaluate(market, what, pool_model::replayed, 10);
    const auto seen = evaluate(market, what, pool_model::observed, 10);
    ASSERT_TRUE(exact && seen);
    // Rounded once, or once per block.
    const u256 more = exact->metrics.rewards, less = seen->metrics.rewards;
    EXPECT_LE(less, more + 1);
    EXPECT_LE(more - less, u256{market.blocks.size()}) << to_string(more) << " " << to_string(less);
  }
}

TEST(replayed, a_staked_position_is_paid_once_and_its_rewards_are_no_value) {
  const auto market = aero_window();
  const int32_t middle = aligned(market.start.tick, 100);
  auto what = staked_plan(middle - 4000, middle + 4000, 1'000'000'000'000);
  const auto kept = evaluate(market, what, pool_model::replayed, 10);
  what.rebalances.push_back({market.to, {}});
  const auto sold = evaluate(market, what, pool_model::replayed, 10);
  ASSERT_TRUE(kept && sold);
  EXPECT_FALSE(kept->metrics.rewards.is_zero());
  EXPECT_EQ(sold->metrics.rewards, kept->metrics.rewards);
  EXPECT_EQ(sold->metrics.final_value, kept->metrics.final_value);
  what.staked = false;
  const auto unstaked = evaluate(market, what, pool_model::replayed, 10);
  ASSERT_TRUE(unstaked);
  EXPECT_EQ(unstaked->metrics.rewards, u256{});
  EXPECT_FALSE(unstaked->metrics.fees_value.is_zero());
}
