#include "sim/evaluate/overlay.hpp"
#include "tests/support/random_swaps.hpp"

#include <gtest/gtest.h>

namespace sluice {
namespace {

const address plans_owner{0xaa};

/// A plan's positions, in an overlay and minted into the straight form's pool.
struct pair_of {
  shared_pool shared;
  overlay plan;
  pool real;

  explicit pair_of(const pool& start) : shared(start), plan(shared), real(start) {}
};

TEST(overlay, walks_and_earns_like_a_pool_of_the_plans_own) {
  uint64_t lost = 0, plans = 0, fees = 0, swaps = 0;
  for (uint64_t seed = 0; seed < 150; ++seed) {
    SCOPED_TRACE("seed " + std::to_string(seed));
    test::swap_hunt hunt(seed);
    test::any_number luck(seed + 1000);
    const pool start = hunt.random_pool();
    ++plans;
    pair_of both(start);
    if (both.plan.lost()) { // a price beyond 128 bits
      EXPECT_FALSE(start.state().sqrt_price_x96.fits_u128());
      ++lost;
      continue;
    }
    const auto spacing = start.tick_spacing();
    std::vector<std::pair<int32_t, int32_t>> ranges;
    for (uint64_t i = luck.below(4); i > 0; --i) {
      const auto width = spacing << luck.below(9);
      const auto lower
        = (start.state().tick + static_cast<int32_t>(luck.below(64)) * spacing - 48 * spacing)
          / spacing * spacing;
      const auto upper = lower + width;
      if (lower < min_tick || upper > max_tick)
        continue;
      const auto liquidity
        = static_cast<u128>(luck.bits(1 + static_cast<unsigned>(luck.below(100))));
      address owner = plans_owner;
      owner[1] = static_cast<uint8_t>(i);
      const auto paid = both.real.mint(owner, lower, upper, liquidity, 1'700'000'000);
      const auto cost = both.plan.mint(lower, upper, liquidity);
      ASSERT_EQ(static_cast<bool>(paid), static_cast<bool>(cost) && !both.plan.lost());
      if (!paid)
        break;
      ASSERT_EQ(*paid, *cost);
      ranges.emplace_back(lower, upper);
    }
    for (int i = 0; i < 60 && !both.plan.lost(); ++i) {
      const auto order = hunt.random_order(both.real);
      const auto bits = order.amount_specified.magnitude().bit_width();
      if (bits > 108 && bits < 129)
        continue; // gives up: too much to be narrow, too little to be endless
      swap_count count;
      const bool done = static_cast<bool>(both.real.swap(order, 1'700'000'000));
      both.plan.play(std::span{&order, 1}, count);
      if (both.plan.lost())
        break;
      if (!done && count.all == 1)
        break; // the pool of the plan's own cannot pay: not a solvent pool's swap
      ASSERT_EQ(count.all, done ? 1U : 0U) << i;
      ASSERT_EQ(both.plan.price().sqrt_price_x96, both.real.state().sqrt_price_x96) << i;
      ASSERT_EQ(both.plan.price().tick, both.real.state().tick) << i;
      const auto tick = both.real.state().tick;
      const bool inside = std::ranges::any_of(
        ranges, [tick](const auto& r) { return r.first <= tick && tick < r.second; });
      ASSERT_EQ(count.in_range, done && inside ? 1U : 0U) << i;
      ++swaps;
    }
    lost += both.plan.lost() ? 1 : 0;
    if (both.plan.lost())
      continue;
    const auto held = both.plan.held();
    ASSERT_EQ(held.size(), ranges.size());
    for (size_t i = 0; i < held.size(); ++i)
      fees += held[i].fees0.is_zero() && held[i].fees1.is_zero() ? 0 : 1;
  }
  EXPECT_LT(lost, plans / 2); // these pools are meant to be hard: some are too wide
  EXPECT_GT(swaps, 3000U);
  EXPECT_GT(fees, 10U);
}

TEST(overlay, is_small) {
  pool start(500, 10);
  ASSERT_TRUE(start.initialize(u256{1} << 96, 1));
  const shared_pool shared(start);
  overlay plan(shared);
  for (int32_t i = 1; i <= 10; ++i) // as many as a plan usually may have
    ASSERT_TRUE(plan.mint(-start.tick_spacing() * i, start.tick_spacing() * i, 1000));
  EXPECT_LT(plan.memory(), 4096U);
}

TEST(overlay, a_sleeping_plan_goes_where_the_market_goes) {
  pool start(500, 10);
  ASSERT_TRUE(start.initialize(u256{1} << 96, 1));
  ASSERT_TRUE(start.mint({1}, -10'000, 10'000, 1'000'000'000'000'000U, 1));
  const shared_pool shared(start);
  overlay market(shared), asleep(shared), awake(shared);
  ASSERT_TRUE(asleep.mint(500, 600, 1'000'000));
  ASSERT_TRUE(awake.mint(-100, 100, 1'000'000));
  const overlay before = market;
  const swap_request order{true, i256{1'000'000'000'000}, min_sqrt_ratio + 1};
  swap_count count;
  market.play(std::span{&order, 1}, count);
  const auto end = market.price().tick;
  EXPECT_TRUE(asleep.may_follow(before, end, 0));
  EXPECT_FALSE(asleep.may_follow(before, end, 500)); // it would have met the plan's bound
  EXPECT_FALSE(awake.may_follow(before, end, 0));
  EXPECT_FALSE(asleep.may_follow(market, end, 0)); // stands elsewhere
  overlay played = asleep;
  asleep.follow(market);
  played.play(std::span{&order, 1}, count);
  EXPECT_EQ(asleep.price(), played.price());
  EXPECT_EQ(asleep.held(), played.held());
}

} // namespace
} // namespace sluice
