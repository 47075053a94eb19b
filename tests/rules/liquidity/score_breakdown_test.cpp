#include "rules/liquidity/score_breakdown.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <random>

namespace sluice {

namespace {

plan_metrics metrics_of(uint64_t initial, uint64_t final, uint64_t hodl, uint64_t fees,
                        uint64_t swaps, uint64_t in_range) {
  plan_metrics m;
  m.initial_value = initial;
  m.final_value = final;
  m.hodl_value = hodl;
  m.fees_value = fees;
  m.swaps = swaps;
  m.swaps_in_range = in_range;
  m.in_range_ratio = ratio(u256{in_range}, u256{swaps});
  m.impermanent_loss = impermanent_loss(m.hodl_value, m.final_value, m.fees_value);
  return m;
}

TEST(score_breakdown, of_a_plan_that_won_reads_like_a_sum) {
  const auto steps = score_breakdown(metrics_of(1000, 1100, 1080, 50, 8, 6), {});
  ASSERT_EQ(steps.size(), 6U);
  EXPECT_EQ(steps[0].filled, "(1100 - 1000) / 1000");
  EXPECT_EQ(steps[0].value, 0.1);
  EXPECT_EQ(steps[1].filled, "clamp(0.1, -10, 10)");
  EXPECT_EQ(steps[2].filled, "max(0, (1080 - (1100 - 50)) / 1080)");
  EXPECT_DOUBLE_EQ(steps[2].value, 30.0 / 1080);
  EXPECT_EQ(steps[3].filled, "exp(-10 * 0.027777777777777776)");
  EXPECT_EQ(steps[4].filled, "0.92 + 0.08 * 6 / 8");
  EXPECT_DOUBLE_EQ(steps[4].value, 0.98);
  EXPECT_EQ(steps[5].formula, "clamp(capped gain * penalty * range factor, min, max)");
  EXPECT_DOUBLE_EQ(steps[5].value, 0.1 * std::exp(-300.0 / 1080) * 0.98);
}

TEST(score_breakdown, of_a_plan_that_lost_divides_by_the_penalty) {
  const auto steps = score_breakdown(metrics_of(1000, 900, 950, 0, 4, 0), {});
  EXPECT_EQ(steps[0].value, -0.1);
  EXPECT_EQ(steps.back().formula, "clamp(capped gain / penalty * range factor, min, max)");
  EXPECT_DOUBLE_EQ(steps.back().value, -0.1 / std::exp(-10 * 50.0 / 950) * 0.92);
}

TEST(score_breakdown, ends_with_the_score_whatever_the_numbers) {
  for (uint32_t seed = 0; seed < 2000; ++seed) {
    std::mt19937_64 rng{seed};
    const auto any = [&] { return rng() >> (rng() % 60); };
    const auto swaps = 1 + rng() % 500;
    const auto m = metrics_of(any(), any(), any(), any(), swaps, rng() % (swaps + 1));
    const auto steps = score_breakdown(m, {});
    EXPECT_EQ(steps.back().name, "score");
    EXPECT_EQ(steps.back().value, score(m)) << "seed " << seed;
    if (steps.size() == 6) {
      const auto product
        = steps[1].value >= 0 ? steps[1].value * steps[3].value : steps[1].value / steps[3].value;
      const score_terms terms;
      EXPECT_EQ(steps[5].value,
                std::isnan(product * steps[4].value)
                  ? terms.score_min
                  : std::clamp(product * steps[4].value, terms.score_min, terms.score_max))
        << "seed " << seed;
      EXPECT_EQ(steps[2].value, m.impermanent_loss) << "seed " << seed;
    }
  }
}

TEST(score_breakdown, by_value_states_the_share_and_turns_it_for_a_loss) {
  score_terms terms;
  terms.range = range_measure::value;
  auto won = metrics_of(1000, 1100, 1080, 50, 8, 6);
  won.in_range_ratio = 0.25;
  auto steps = score_breakdown(won, terms);
  EXPECT_EQ(steps[4].formula, "floor + share * value in range");
  EXPECT_EQ(steps[4].filled, "0.92 + 0.08 * 0.25");
  EXPECT_EQ(steps[5].value, score(won, terms));
  auto lost = metrics_of(1000, 900, 950, 0, 4, 1);
  lost.in_range_ratio = 0.25;
  steps = score_breakdown(lost, terms);
  EXPECT_EQ(steps[4].formula, "floor + share * (1 - value in range)");
  EXPECT_EQ(steps[4].filled, "0.92 + 0.08 * (1 - 0.25)");
  EXPECT_EQ(steps[5].value, score(lost, terms));
}

TEST(score_breakdown, of_nothing_is_the_lowest_score) {
  const auto steps = score_breakdown({}, {});
  ASSERT_EQ(steps.size(), 1U);
  EXPECT_EQ(steps[0].value, score({}));
}

} // namespace

} // namespace sluice
