#include "sim/evaluate/baseline.hpp"
#include "sim/evaluate/window.hpp"
#include "sim/math/tick_math.hpp"

#include <gtest/gtest.h>

namespace sluice {
namespace {

const hotkey first_owner{"alice"}, second_owner{"bob"};

/// A moment before the first block of a pool that stands at tick 0.
window market_moment() {
  window market;
  market.terms = {500, 10, 18, 18};
  market.from = 1;
  market.to = 0;
  market.start = {u256{1} << 96, 0};
  return market;
}

const plan vault_of_three{{u256{1000u}, u256{2000u}},
                          {{-100, 100, 5'000'000}, {-50, 20, 7'000'000}, {300, 400, 9'000'000}},
                          {},
                          {},
                          false};

TEST(baseline_plan, is_the_vault_itself_for_who_owns_nothing_of_it) {
  EXPECT_EQ(baseline_plan(vault_of_three, {}, first_owner, market_moment().start.sqrt_price_x96),
            vault_of_three);
  EXPECT_EQ(baseline_plan(vault_of_three, {{}, second_owner, second_owner}, first_owner,
                          market_moment().start.sqrt_price_x96),
            vault_of_three);
}

TEST(baseline_plan, holds_what_the_miners_positions_pay_out) {
  const auto market = market_moment();
  const auto without = baseline_plan(vault_of_three, {{}, first_owner, first_owner}, first_owner,
                                     market.start.sqrt_price_x96);
  EXPECT_EQ(without.positions, std::vector{vault_of_three.positions[0]});
  // The same, by the model: what a plan holds that asks for the first position alone.
  auto burning = vault_of_three;
  const auto whole = evaluate(market, vault_of_three, pool_model::observed, 10);
  ASSERT_TRUE(whole) << whole.error().what;
  const auto& kept = whole->end.positions.front();
  burning.opening = {{kept.tick_lower, kept.tick_upper, kept.amount0, kept.amount1, {}}};
  const auto burned = evaluate(market, burning, pool_model::observed, 10);
  ASSERT_TRUE(burned) << burned.error().what;
  EXPECT_EQ(without.start, burned->end.free);
  EXPECT_EQ(burned->end.positions.size(), 1u);
  EXPECT_EQ(evaluate(market, without, pool_model::observed, 10)->metrics.initial_value,
            whole->metrics.initial_value);
}

} // namespace
} // namespace sluice
