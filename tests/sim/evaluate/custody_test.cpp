#include "sim/evaluate/custody.hpp"
#include "sim/evaluate/window.hpp"

#include <gtest/gtest.h>

namespace {

using namespace sluice;

constexpr address gauge{1};
constexpr address manager{2};
constexpr address stranger{3};

pool staked_pool() {
  pool_terms terms;
  terms.kind = pool_kind::slipstream;
  terms.unstaked_fee = slipstream_unstaked_fee;
  terms.tick_spacing = 100;
  terms.gauge = gauge;
  terms.position_manager = manager;
  auto at = empty_pool(terms);
  EXPECT_TRUE(at.initialize(u256{1} << 96, 100));
  EXPECT_TRUE(at.mint(manager, -100, 100, 1'000'000, 100));
  EXPECT_TRUE(at.mint(stranger, -100, 100, 5'000'000, 100));
  return at;
}

pool_event event_of(pool_event_kind kind, const address& owner, u128 liquidity) {
  pool_event e;
  e.kind = kind;
  e.owner = owner;
  e.tick_lower = -100;
  e.tick_upper = 100;
  e.liquidity = liquidity;
  return e;
}

pool_event burn_of(const address& owner, u128 liquidity) {
  return event_of(pool_event_kind::burn, owner, liquidity);
}

u128 liquidity_of(const pool& at, const address& owner) {
  return at.position({owner, -100, 100}).liquidity;
}

} // namespace

TEST(custody, a_gauge_burns_what_the_manager_has_minted) {
  auto at = staked_pool();
  auto alike = at;
  const auto got = burn_recorded(at, burn_of(gauge, 400'000), 200);
  ASSERT_TRUE(got);
  const auto want = alike.burn(manager, -100, 100, 400'000, 200);
  ASSERT_TRUE(want);
  EXPECT_EQ(*got, *want); // the same range, the same amounts
  EXPECT_EQ(at.state(), alike.state());
  EXPECT_EQ(liquidity_of(at, manager), 600'000u);
  EXPECT_EQ(liquidity_of(at, gauge), 0u);
  EXPECT_EQ(at.slipstream()->staked_liquidity, 0u); // what is staked is as it was
  const auto owed = at.collect(gauge, -100, 100, u128_max, u128_max);
  ASSERT_TRUE(owed);
  EXPECT_EQ(*owed, *got);
}

TEST(custody, and_the_manager_what_the_gauge_has) {
  auto at = staked_pool();
  ASSERT_TRUE(at.mint(gauge, -100, 100, 50'000, 100));
  ASSERT_TRUE(burn_recorded(at, burn_of(manager, 1'020'000), 200));
  EXPECT_EQ(liquidity_of(at, manager), 0u);
  EXPECT_EQ(liquidity_of(at, gauge), 30'000u);
  EXPECT_EQ(at.slipstream()->staked_liquidity, 0u);
}

TEST(custody, nobody_burns_what_is_a_strangers) {
  auto at = staked_pool();
  const auto before = at;
  EXPECT_EQ(burn_recorded(at, burn_of(gauge, 1'000'001), 200).why(), revert::LS);
  EXPECT_EQ(burn_recorded(at, burn_of(stranger, 5'000'001), 200).why(), revert::LS);
  EXPECT_EQ(at, before);
}

TEST(custody, a_poke_of_what_may_be_staked_does_nothing) {
  auto at = staked_pool();
  const auto before = at;
  const auto got = burn_recorded(at, burn_of(gauge, 0), 200);
  ASSERT_TRUE(got);
  EXPECT_EQ(*got, token_amounts{});
  EXPECT_EQ(at, before);
  EXPECT_EQ(burn_recorded(at, burn_of({9}, 0), 200).why(), revert::NP);
}

TEST(custody, reported_stakes_are_the_gauges_calls) {
  auto at = staked_pool();
  auto alike = at;
  using kind = pool_event_kind;
  ASSERT_TRUE(stake_recorded(at, event_of(kind::stake, {}, 300'000), 200));
  ASSERT_TRUE(alike.stake(gauge, 300'000, -100, 100, true, 200));
  EXPECT_EQ(at, alike);
  EXPECT_EQ(at.slipstream()->staked_liquidity, 300'000u);
  EXPECT_EQ(liquidity_of(at, gauge), 300'000u);
  ASSERT_TRUE(burn_recorded(at, burn_of(gauge, 100'000), 300));
  ASSERT_TRUE(stake_recorded(at, event_of(kind::unstake_only, {}, 100'000), 300));
  ASSERT_TRUE(stake_recorded(at, event_of(kind::unstake, {}, 150'000), 300));
  EXPECT_EQ(at.slipstream()->staked_liquidity, 50'000u);
  EXPECT_EQ(liquidity_of(at, gauge), 50'000u);
  EXPECT_EQ(liquidity_of(at, manager), 850'000u);
  ASSERT_TRUE(stake_recorded(at, event_of(kind::stake_only, {}, 7), 300));
  EXPECT_EQ(at.slipstream()->staked_liquidity, 50'007u);
  EXPECT_EQ(liquidity_of(at, gauge), 50'000u);
  EXPECT_EQ(stake_recorded(at, event_of(kind::stake, {}, 850'001), 300).why(), revert::LS);
  EXPECT_FALSE(stake_recorded(at, event_of(kind::stake, {}, u128_max), 300));
}

TEST(custody, rewards_are_given_at_their_rate_to_what_is_staked) {
  auto at = staked_pool();
  ASSERT_TRUE(stake_recorded(at, event_of(pool_event_kind::stake, {}, 250'000), 200));
  auto reported = event_of(pool_event_kind::reward, {}, 1000);
  reported.amount0 = 3;
  reported.amount1 = 2400;
  ASSERT_TRUE(reward_recorded(at, reported, 200));
  EXPECT_EQ(at.slipstream()->rewards.rate, 3u);
  EXPECT_EQ(at.slipstream()->rewards.reserve, 2400u);
  EXPECT_EQ(at.slipstream()->rewards.period_finish, 1000u);
  reported.kind = pool_event_kind::reward_update;
  ASSERT_TRUE(reward_recorded(at, reported, 300));
  EXPECT_EQ(at.slipstream()->rewards.reserve, 2100u);
  EXPECT_EQ(at.slipstream()->rewards.growth_global_x128, (u256{300} << 128) / 250'000u);
}
