#include "sim/math/tick_math.hpp"
#include "sim/pool/pool.hpp"

#include <gtest/gtest.h>

#include <functional>

// What the recorded corpora (pool_test) do not reach or do not show one by one.

namespace sluice {
namespace {

const address gauge{1};
const address manager{2};
const address lp{3};
constexpr u128 unit = 1'000'000'000'000;

pool fresh_pool(uint32_t fee = 3000, uint32_t unstaked_fee = 100'000) {
  pool made(slipstream_terms{fee, unstaked_fee, 60, gauge, manager});
  EXPECT_TRUE(made.initialize(u256{1} << 96, 100));
  return made;
}

swap_request staked_input(bool zero_for_one, const u256& amount) {
  return {zero_for_one, i256::from_u256(amount),
          zero_for_one ? min_sqrt_ratio + 1 : max_sqrt_ratio - 1};
}

/// The fees an owner would collect for a range of one unit, here and now.
token_amounts earned(pool at, const address& owner) {
  EXPECT_TRUE(at.burn(owner, -600, 600, 0, 1000));
  auto got = at.collect(owner, -600, 600, u128_max, u128_max);
  return got ? *got : token_amounts{};
}

} // namespace

TEST(pool_slipstream, does_as_uniswap_does_while_nothing_is_staked_or_taken) {
  pool staked = fresh_pool(3000, 0);
  pool plain(3000, 60);
  ASSERT_TRUE(plain.initialize(u256{1} << 96, 100));
  for (auto* x : {&staked, &plain}) {
    ASSERT_TRUE(x->mint(lp, -600, 600, unit, 101));
    ASSERT_TRUE(x->mint(lp, -60, 60, 5 * unit, 101));
    ASSERT_TRUE(x->swap(staked_input(true, u256{unit} / u256{40}), 110));
    ASSERT_TRUE(x->swap(staked_input(false, u256{unit} / u256{45}), 120));
    ASSERT_TRUE(x->flash(1000, 2000, 30, 40));
    ASSERT_TRUE(x->burn(lp, -60, 60, unit, 130));
  }
  EXPECT_EQ(staked.state(), plain.state());
  EXPECT_EQ(staked.positions(), plain.positions());
  EXPECT_EQ(staked.ticks(), plain.ticks());
}

TEST(pool_slipstream, pays_an_unstaked_provider_the_same_share_whatever_is_staked) {
  u256 fees[2];
  for (bool stakes : {false, true}) {
    pool at = fresh_pool();
    ASSERT_TRUE(at.mint(lp, -600, 600, unit, 101));
    ASSERT_TRUE(at.mint(manager, -600, 600, 3 * unit, 101));
    if (stakes) {
      ASSERT_TRUE(at.stake(gauge, 3 * unit, -600, 600, true, 102));
    }
    ASSERT_TRUE(at.swap(staked_input(true, 1'000'000'000), 110));
    fees[stakes ? 1 : 0] = earned(at, lp).amount0;
    EXPECT_EQ(earned(at, stakes ? gauge : manager).amount0.is_zero(), stakes);
  }
  // 0.3 % of 10^9, less 10 %, a quarter of it; the gauge rounds up once or twice.
  EXPECT_GE(fees[0], u256{674'998});
  EXPECT_LE(fees[0], u256{675'000});
  EXPECT_GE(fees[1] + u256{1}, fees[0]);
  EXPECT_LE(fees[1], fees[0]);
}

TEST(pool_slipstream, reports_to_an_observer_what_liquidity_would_get_if_none_were_staked) {
  struct : swap_observer {
    void on_step(const swap_step& step) override { steps.push_back(step); }
    std::vector<swap_step> steps;
  } observed;
  pool at = fresh_pool();
  ASSERT_TRUE(at.mint(manager, -600, 600, unit, 101));
  ASSERT_TRUE(at.stake(gauge, unit / 2, -600, 600, true, 102));
  ASSERT_TRUE(at.swap(staked_input(true, 1'000'000), 110, {}, &observed));
  ASSERT_FALSE(observed.steps.empty());
  const auto& step = observed.steps.back(); // the first ends where it began, at tick 0
  EXPECT_EQ(step.fee_amount, u256{3000});
  EXPECT_EQ(step.lp_fee, u256{2700});
  EXPECT_EQ(step.liquidity, unit);
}

TEST(pool_slipstream, reads_its_fees_at_each_swap) {
  pool at = fresh_pool();
  ASSERT_TRUE(at.mint(lp, -600, 600, unit, 101));
  auto paid = [&at] {
    auto before = at.state().fee_growth_global0_x128;
    EXPECT_TRUE(at.swap(staked_input(true, 1'000'000), 110));
    return (at.state().fee_growth_global0_x128 - before) * u256{unit} >> 128;
  };
  EXPECT_EQ(paid(), u256{2699}); // 3000 - 300, floored as growth
  at.set_fees(100'000, 500'000);
  EXPECT_EQ(paid(), u256{49'999});
  EXPECT_EQ(at.fee(), 100'000U);
}

TEST(pool_slipstream, lets_only_gauge_and_position_manager_in) {
  pool at = fresh_pool();
  const pool before = at;
  for (const auto& caller : {manager, lp}) {
    EXPECT_EQ(at.stake(caller, 1, -60, 60, true, 101).why(), revert::NG);
    EXPECT_EQ(at.sync_reward(caller, 1, 1, 1).why(), revert::NG);
    EXPECT_EQ(at.update_rewards(caller, 101).why(), revert::NG);
    EXPECT_EQ(at.collect_gauge_fees(caller).why(), revert::NG);
  }
  for (const auto& caller : {gauge, lp}) {
    EXPECT_EQ(at.burn_for(caller, gauge, -60, 60, 0, 101).why(), revert::NNFT);
    EXPECT_EQ(at.collect_for(caller, gauge, -60, 60, 1, 1).why(), revert::NNFT);
  }
  EXPECT_EQ(at, before);
}

TEST(pool_slipstream, is_locked_before_it_is_initialized_and_initialized_once) {
  pool at(slipstream_terms{3000, 0, 60, gauge, manager});
  EXPECT_EQ(at.stake(lp, 1, -60, 60, true, 101).why(), revert::LOK);
  EXPECT_EQ(at.burn_for(lp, gauge, -60, 60, 0, 101).why(), revert::LOK);
  EXPECT_EQ(at.collect_gauge_fees(lp).why(), revert::LOK);
  ASSERT_TRUE(at.initialize(u256{1} << 96, 100));
  EXPECT_EQ(at.initialize(u256{1} << 96, 100).why(), revert::reasonless); // a clone knows no AI
}

TEST(pool_slipstream, that_cannot_stake_changes_nothing) {
  pool at = fresh_pool();
  ASSERT_TRUE(at.mint(manager, -600, 600, 500, 101));
  ASSERT_TRUE(at.sync_reward(gauge, 10, 1000, 2000));
  const pool before = at;
  EXPECT_EQ(at.stake(gauge, 501, -600, 600, true, 150).why(), revert::LS);
  EXPECT_EQ(at.stake(gauge, -1, -600, 600, true, 150).why(), revert::LS);
  EXPECT_EQ(at.stake(gauge, 0, -60, 60, true, 150).why(), revert::NP);
  EXPECT_EQ(at, before);
}

TEST(pool_slipstream, that_fails_after_crossing_stakes_changes_nothing) {
  pool at = fresh_pool();
  for (int32_t end : {60, 120, 600}) {
    ASSERT_TRUE(at.mint(manager, -end, end, unit, 101));
    ASSERT_TRUE(at.stake(gauge, unit / 3, -end, end, true, 102));
  }
  ASSERT_TRUE(at.sync_reward(gauge, 1000, 1'000'000, 2'000'000));
  const pool before = at;
  auto far = staked_input(true, 10 * unit);
  EXPECT_EQ(at.swap(far, 200, {true, true, false}).why(), revert::IIA);
  EXPECT_EQ(at, before);
  // A gauge that burns without unstaking leaves more staked than there is: crossing reverts.
  ASSERT_TRUE(at.burn_for(manager, gauge, -60, 60, unit / 3, 103));
  ASSERT_TRUE(at.burn(manager, -60, 60, unit - unit / 3, 103));
  ASSERT_TRUE(at.mint(manager, -60, 60, unit, 103));
  ASSERT_TRUE(at.stake(gauge, -(unit / 3), -600, 600, false, 104));
  ASSERT_TRUE(at.stake(gauge, -(unit / 3), -120, 120, false, 104));
  ASSERT_TRUE(at.stake(gauge, static_cast<i128>(unit), -120, 600, false, 104));
  ASSERT_TRUE(at.stake(gauge, -static_cast<i128>(unit), 0, 600, false, 104));
  const pool odd = at;
  EXPECT_EQ(at.swap(far, 200).why(), revert::LS);
  EXPECT_EQ(at, odd);
}

TEST(pool_slipstream, gives_rewards_to_what_is_staked_in_range) {
  pool at = fresh_pool();
  ASSERT_TRUE(at.mint(manager, -600, 600, unit, 101));
  ASSERT_TRUE(at.mint(manager, -60, 60, unit, 101));
  ASSERT_TRUE(at.stake(gauge, unit, -600, 600, true, 110));
  ASSERT_TRUE(at.stake(gauge, unit, -60, 60, true, 110));
  ASSERT_TRUE(at.update_rewards(gauge, 110));
  ASSERT_TRUE(at.sync_reward(gauge, 1000, 1'000'000, 2'000'000));
  auto wide = at.reward_growth_inside(-600, 600), narrow = at.reward_growth_inside(-60, 60);
  auto rewards = [&](int32_t lower, int32_t upper, const u256& since) {
    return (at.reward_growth_inside(lower, upper) - since) * u256{unit} >> 128;
  };
  ASSERT_TRUE(at.swap(staked_input(true, 2 * unit / 100), 130)); // out of the narrow range
  ASSERT_LT(at.state().tick, -60);
  EXPECT_EQ(at.slipstream()->staked_liquidity, unit);
  ASSERT_TRUE(at.update_rewards(gauge, 140));
  // 20 s shared by two, 10 s for the wide one alone; a wei is lost in each division.
  EXPECT_LE(rewards(-60, 60, narrow), u256{10'000});
  EXPECT_GE(rewards(-60, 60, narrow), u256{9'999});
  EXPECT_LE(rewards(-600, 600, wide), u256{20'000});
  EXPECT_GE(rewards(-600, 600, wide), u256{19'998});
}

TEST(pool_slipstream, leaves_one_wei_of_the_gauges_fees_but_reports_it) {
  pool at = fresh_pool();
  ASSERT_TRUE(at.mint(lp, -600, 600, unit, 101));
  ASSERT_TRUE(at.swap(staked_input(true, 1'000'000), 110));
  const auto balance = at.state().balance0;
  EXPECT_EQ(at.state().protocol_fees0, u128{300});
  auto got = at.collect_gauge_fees(gauge);
  ASSERT_TRUE(got);
  EXPECT_EQ(*got, (token_amounts{299, 0}));
  EXPECT_EQ(at.state().balance0, balance - u256{299});
  got = at.collect_gauge_fees(gauge);
  ASSERT_TRUE(got);
  EXPECT_EQ(*got, (token_amounts{1, 0}));
  EXPECT_EQ(at.state().balance0, balance - u256{299});
  EXPECT_EQ(at.state().protocol_fees0, u128{1});
}

} // namespace sluice
