#include "sim/evaluate/market.hpp"
#include "tests/support/random_swaps.hpp"

#include <gtest/gtest.h>

namespace sluice {
namespace {

pool with_balances(const pool& like, const u256& balance0, const u256& balance1) {
  pool_parts parts{
    like.fee(), like.tick_spacing(), like.state(), like.ticks(), like.positions(), {}, {}};
  for (uint32_t i = 0; i < like.state().observation_cardinality; ++i)
    if (auto x = like.observation_at(static_cast<uint16_t>(i)); x.initialized)
      parts.observations.push_back(x);
  parts.state.balance0 = balance0;
  parts.state.balance1 = balance1;
  auto made = pool::restore(parts);
  EXPECT_TRUE(made) << made.error().what;
  return *made;
}

/// What is left when everybody has taken out everything; none when somebody could not.
std::optional<token_amounts> left_over(pool at) {
  for (const auto& [key, info] : at.positions()) {
    if (info.liquidity != 0
        && !at.burn(key.owner, key.tick_lower, key.tick_upper, info.liquidity, 2'000'000'000))
      return std::nullopt;
    if (!at.collect(key.owner, key.tick_lower, key.tick_upper, u128_max, u128_max))
      return std::nullopt;
  }
  return token_amounts{at.state().balance0, at.state().balance1};
}

TEST(pool_solvency, a_pool_that_began_empty_pays_everybody) {
  for (uint64_t seed = 1; seed <= 6; ++seed) {
    SCOPED_TRACE("seed " + std::to_string(seed));
    market source({}, seed);
    for (int i = 0; i < 500; ++i)
      (void)source.next();
    const pool& at = source.state();
    EXPECT_TRUE(at.is_solvent());
    EXPECT_TRUE(left_over(at));
  }
}

TEST(pool_solvency, a_pool_that_lacks_a_few_tokens_is_not_solvent) {
  market source({}, 9);
  for (int i = 0; i < 500; ++i)
    (void)source.next();
  const pool& at = source.state();
  const auto rest = left_over(at);
  ASSERT_TRUE(rest);
  const auto& has = at.state();
  // Everybody's rounding down leaves a wei for each amount at most: so much less cannot do.
  const u256 roundings = 4 * at.positions().size() + 4;
  for (const bool token1 : {false, true}) {
    const auto less = [&](const u256& by) {
      return with_balances(at, token1 ? has.balance0 : has.balance0 - by,
                           token1 ? has.balance1 - by : has.balance1);
    };
    const u256& slack = token1 ? rest->amount1 : rest->amount0;
    EXPECT_FALSE(less(slack + 1).is_solvent());
    if (slack > roundings) {
      EXPECT_TRUE(less(slack - roundings).is_solvent());
      EXPECT_TRUE(left_over(less(slack - roundings)));
    }
    EXPECT_TRUE(
      with_balances(at, has.balance0 + 1'000'000U, has.balance1 + 1'000'000U).is_solvent());
  }
}

TEST(pool_solvency, what_the_protocol_and_the_owed_wait_for_counts) {
  pool at(500, 10);
  ASSERT_TRUE(at.initialize(u256{1} << 96, 1));
  ASSERT_TRUE(at.set_fee_protocol(4, 4, true));
  ASSERT_TRUE(at.mint({1}, -1000, 1000, 1'000'000'000'000U, 1));
  for (int i = 0; i < 40; ++i)
    ASSERT_TRUE(at.swap(
      {i % 2 == 0, i256{900'000'000}, i % 2 == 0 ? min_sqrt_ratio + 1 : max_sqrt_ratio - 1}, 2));
  ASSERT_TRUE(at.burn({1}, -1000, 1000, 400'000'000'000U, 3));
  EXPECT_TRUE(at.is_solvent());
  const auto& state = at.state();
  EXPECT_GT(state.protocol_fees0, 1000U);
  const auto rest = left_over(at); // the protocol's part and dust
  ASSERT_TRUE(rest);
  EXPECT_FALSE(
    with_balances(at, state.balance0 - rest->amount0 + state.protocol_fees0 - 10U, state.balance1)
      .is_solvent());
  EXPECT_TRUE(
    with_balances(at, state.balance0 - rest->amount0 + state.protocol_fees0 + 10U, state.balance1)
      .is_solvent());
}

} // namespace
} // namespace sluice
