#include "sim/math/tick_math.hpp"
#include "sim/pool/pool.hpp"

#include <gtest/gtest.h>

namespace sluice {
namespace {

constexpr u128 everything = u128_max;

pool started() {
  pool made(3000, 60);
  EXPECT_TRUE(made.initialize(u256{1} << 96, 100));
  return made;
}

} // namespace

TEST(pool_liquidity, refuses_a_mint_in_the_contract_s_order) {
  pool market = started();
  const pool before = market;
  auto why = [&market](int32_t lower, int32_t upper, u128 amount, payment pay = {}) {
    return market.mint({1}, lower, upper, amount, 100, pay).why();
  };
  EXPECT_EQ(why(60, 60, 0), revert::reasonless); // the amount is asked before the ticks
  EXPECT_EQ(why(60, 60, u128{1} << 127), revert::reasonless);
  EXPECT_EQ(why(60, 60, 1), revert::TLU);
  EXPECT_EQ(why(900'000, -900'000, 1), revert::TLU);
  EXPECT_EQ(why(-900'000, 900'000, 1), revert::TLM);
  EXPECT_EQ(why(0, 900'000, 1), revert::TUM);
  EXPECT_EQ(why(1, 60, market.max_liquidity_per_tick() + 1), revert::LO); // before alignment
  EXPECT_EQ(why(1, 60, 1), revert::reasonless);
  EXPECT_EQ(why(0, 61, 1), revert::reasonless);
  EXPECT_EQ(why(-60, 60, 1'000'000, {true, true, true}), revert::LOK);
  EXPECT_EQ(why(-60, 60, 1'000'000, {true, true, false}), revert::M0);
  EXPECT_EQ(why(-60, 60, 1'000'000, {false, true, false}), revert::M1);
  EXPECT_EQ(market, before);
  // Below the range only token0 is paid: nothing of token1 can be missing.
  EXPECT_EQ(why(60, 120, 1'000'000, {false, true, false}), revert::none);
}

TEST(pool_liquidity, fills_a_tick_up_to_its_bound) {
  pool market = started();
  ASSERT_TRUE(market.mint({1}, 0, 60, market.max_liquidity_per_tick(), 100));
  EXPECT_EQ(market.mint({2}, 0, 120, 1, 100).why(), revert::LO);
  EXPECT_EQ(market.mint({2}, -60, 60, 1, 100).why(), revert::LO);
  EXPECT_TRUE(market.mint({2}, -60, 120, 1, 100));
}

TEST(pool_liquidity, refuses_a_burn_in_the_contract_s_order) {
  pool market = started();
  ASSERT_TRUE(market.mint({1}, -60, 60, 1000, 100));
  const pool before = market;
  auto why = [&market](uint8_t owner, int32_t lower, int32_t upper, u128 amount) {
    return market.burn({owner}, lower, upper, amount, 100).why();
  };
  EXPECT_EQ(why(1, 60, -60, u128{1} << 127), revert::reasonless);
  EXPECT_EQ(why(1, 60, -60, 1), revert::TLU);
  EXPECT_EQ(why(1, -60, 60, 1001), revert::LS);
  EXPECT_EQ(why(2, -60, 60, 1000), revert::LS); // the tick has it, the position has not
  EXPECT_EQ(why(2, -61, 60, 1), revert::LS);    // before alignment
  EXPECT_EQ(why(2, -60, 60, 0), revert::NP);
  EXPECT_EQ(market, before);
}

TEST(pool_liquidity, pays_a_burn_out_only_when_it_is_collected) {
  pool market = started();
  auto paid = market.mint({1}, -600, 600, 1'000'000'000, 100);
  ASSERT_TRUE(paid);
  auto owed = market.burn({1}, -600, 600, 1'000'000'000, 101);
  ASSERT_TRUE(owed);
  EXPECT_EQ(owed->amount0 + 1, paid->amount0); // minted rounded up, burnt rounded down
  EXPECT_EQ(market.state().balance0, paid->amount0);
  EXPECT_TRUE(market.ticks().empty());
  auto part = market.collect({1}, -600, 600, 10, 0);
  ASSERT_TRUE(part);
  EXPECT_EQ(*part, (token_amounts{10, 0}));
  auto rest = market.collect({1}, -600, 600, everything, everything);
  ASSERT_TRUE(rest);
  EXPECT_EQ(*rest, (token_amounts{owed->amount0 - 10, owed->amount1}));
  EXPECT_EQ(market.state().balance0, 1);
  EXPECT_EQ(market.positions().size(), 1U); // remembered, like the contract's storage
  auto nothing_there = market.collect({2}, -600, 600, everything, everything);
  ASSERT_TRUE(nothing_there);
  EXPECT_EQ(*nothing_there, token_amounts{});
}

TEST(pool_liquidity, shares_fees_by_liquidity_in_range) {
  pool market = started();
  ASSERT_TRUE(market.mint({1}, -600, 600, 3'000'000'000'000, 100));
  ASSERT_TRUE(market.mint({2}, -600, 600, 1'000'000'000'000, 100));
  ASSERT_TRUE(market.mint({3}, 600, 1200, 1'000'000'000'000, 100)); // never in range
  ASSERT_TRUE(market.swap({true, 1'000'000'000, min_sqrt_ratio + 1}, 110));
  auto fees = [&market](uint8_t owner, int32_t lower, int32_t upper) {
    EXPECT_TRUE(market.burn({owner}, lower, upper, 0, 110));
    return market.position({{owner}, lower, upper}).tokens_owed0;
  };
  // 0.3 % of 1e9 is 3e6, shared 3 : 1; each share is rounded down.
  EXPECT_EQ(to_string(fees(1, -600, 600)), "2249999");
  EXPECT_EQ(to_string(fees(2, -600, 600)), "749999");
  EXPECT_EQ(to_string(fees(3, 600, 1200)), "0");
}

} // namespace sluice
