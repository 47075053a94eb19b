#include "sim/math/tick_math.hpp"
#include "sim/pool/pool.hpp"
#include "tests/support/random_swaps.hpp"

#include <gtest/gtest.h>

namespace sluice {
namespace {

struct step_counter : swap_observer {
  void on_step(const swap_step& /*step*/) override { ++steps; }
  uint64_t steps = 0;
};

/// Most swaps of a pool end before the next stop: small ones, at a stop, at the limit, and a mint
/// or a burn now and then, which moves the stops. An observer makes the engine take the loop, which
/// the other does not see; the straight form stands beside both.
void small_swaps(uint64_t seed, uint64_t& within, uint64_t& further) {
  SCOPED_TRACE("seed " + std::to_string(seed));
  test::swap_hunt hunt(seed);
  test::any_number luck(seed + 7'000);
  pool quick = hunt.random_pool();
  pool loop = quick;
  uint32_t now = 1'700'000'000;
  for (int round = 0; round < 12; ++round) {
    test::straight_pool straight(quick);
    for (int i = 0; i < 40; ++i) {
      auto order = hunt.random_order(quick);
      const u256 size = order.amount_specified.magnitude() >> static_cast<unsigned>(luck.below(24));
      if (!size.is_zero())
        order.amount_specified
          = order.amount_specified.is_negative() ? -i256::from_u256(size) : i256::from_u256(size);
      if (luck.one_in(40))
        order.sqrt_price_limit_x96 = quick.state().sqrt_price_x96;
      payment pay;
      if (luck.one_in(30))
        pay = {luck.one_in(2), luck.one_in(2), luck.one_in(2)};
      now += static_cast<uint32_t>(luck.below(3));
      step_counter seen;
      const pool before = quick;
      const auto got = quick.swap(order, now, pay);
      const auto expected = loop.swap(order, now, pay, &seen);
      ASSERT_EQ(got.why(), expected.why()) << "swap " << i;
      if (got) {
        ASSERT_EQ(*got, *expected) << "swap " << i;
      }
      ASSERT_TRUE(quick == loop) << "swap " << i;
      if (!got) {
        ASSERT_TRUE(quick == before) << "swap " << i;
      }
      (seen.steps == 1 ? within : further) += 1;
      if (pay.short0 || pay.short1 || pay.reenter) {
        if (got) // the straight form is always paid
          (void)straight.swap(order, now);
        continue;
      }
      ASSERT_EQ(straight.swap(order, now).why(), got.why()) << "swap " << i;
      ASSERT_EQ(straight.difference(quick), "") << "swap " << i;
    }
    const auto spacing = quick.tick_spacing();
    const auto width = spacing << luck.below(4);
    const auto lower
      = (quick.state().tick / spacing - static_cast<int32_t>(luck.below(4))) * spacing;
    const auto amount = static_cast<u128>(luck.bits(1 + static_cast<unsigned>(luck.below(60))));
    const bool burns = luck.one_in(3);
    for (auto* each : {&quick, &loop}) {
      (void)each->mint({0x77}, lower, lower + width, amount, now);
      if (burns)
        (void)each->burn({0x77}, lower, lower + width, amount, now);
    }
    ASSERT_TRUE(quick == loop);
  }
}

TEST(pool_swap_within, is_the_swap_that_the_loop_makes) {
  uint64_t within = 0, further = 0;
  for (uint64_t seed = 0; seed < 400; ++seed) {
    small_swaps(seed, within, further);
    if (HasFailure())
      return;
  }
  EXPECT_GT(within, 50'000U);
  EXPECT_GT(further, 5'000U);
}

/// A stop that appears or goes between two swaps counts for the next one.
TEST(pool_swap_within, meets_a_stop_that_was_minted_meanwhile) {
  pool at(500, 10);
  ASSERT_TRUE(at.initialize(u256{1} << 96, 1));
  ASSERT_TRUE(at.mint({1}, -1000, 1000, u128{1} << 70, 1));
  const swap_request up{false, i256::from_u256(u256{1} << 60), max_sqrt_ratio - 1};
  ASSERT_TRUE(at.swap(up, 2));
  ASSERT_TRUE(at.mint({2}, 20, 40, u128{1} << 80, 3));
  for (int i = 0; i < 40; ++i) {
    pool observed = at;
    step_counter seen;
    ASSERT_TRUE(observed.swap(up, 4, {}, &seen));
    ASSERT_TRUE(at.swap(up, 4));
    ASSERT_TRUE(at == observed) << "swap " << i;
  }
  EXPECT_GE(at.state().tick, 20);
  EXPECT_GT(at.state().liquidity, u128{1} << 80);
}

} // namespace
} // namespace sluice
