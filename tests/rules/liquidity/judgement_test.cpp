#include "rules/liquidity/judgement.hpp"

#include <gtest/gtest.h>

namespace sluice {
namespace {

/// Metrics of a plan that began with a million and came to `end`; never in range.
plan_metrics came_to(uint64_t end) {
  plan_metrics m;
  m.initial_value = u256{1'000'000u};
  m.final_value = u256{end};
  m.hodl_value = u256{end};
  return m;
}

constexpr double factor = 0.92; // of a plan that is never in range

class judgement_test : public testing::Test {
protected:
  score_terms with_baseline() {
    score_terms terms;
    terms.baseline = score_baseline::kept;
    return terms;
  }
  const yardstick lost{came_to(990'000), came_to(990'000)};
  const yardstick won{came_to(1'010'000), came_to(1'010'000)};
};

TEST_F(judgement_test, without_a_baseline_the_score_itself_enters) {
  const auto found = judge_round(miner_verdict::scored, came_to(1'020'000), won, {});
  EXPECT_DOUBLE_EQ(found.score, 0.02 * factor);
  EXPECT_EQ(found.baseline, std::nullopt);
  EXPECT_EQ(found.entered, found.score);
}

TEST_F(judgement_test, with_a_baseline_the_difference_enters) {
  const auto found = judge_round(miner_verdict::scored, came_to(1'020'000), lost, with_baseline());
  EXPECT_DOUBLE_EQ(found.score, 0.02 * factor);
  EXPECT_DOUBLE_EQ(*found.baseline, -0.01 * factor);
  EXPECT_DOUBLE_EQ(*found.entered, 0.03 * factor);
}

TEST_F(judgement_test, a_difference_below_the_least_is_none) {
  auto terms = with_baseline();
  terms.excess_min = 0.001;
  EXPECT_EQ(entered_value(0.0109, 0.01, terms), 0);
  EXPECT_EQ(entered_value(0.0091, 0.01, terms), 0);
  EXPECT_GT(entered_value(0.0111, 0.01, terms), 0);
  EXPECT_EQ(entered_value(0.0001, std::nullopt, terms), 0.0001); // only of a difference
}

TEST_F(judgement_test, a_failure_gets_the_loss_of_the_kept_plan_and_never_its_gain) {
  const auto lost_round = judge_round(miner_verdict::failed, {}, lost, {});
  EXPECT_EQ(lost_round.score, 0);
  EXPECT_DOUBLE_EQ(*lost_round.entered, -0.01 * factor);
  EXPECT_EQ(judge_round(miner_verdict::failed, {}, won, {}).entered, 0);
  EXPECT_EQ(judge_round(miner_verdict::failed, {}, lost, with_baseline()).entered, 0);
  const yardstick own_positions{came_to(990'000), came_to(1'010'000)};
  EXPECT_DOUBLE_EQ(*judge_round(miner_verdict::failed, {}, own_positions, with_baseline()).entered,
                   -0.02 * factor);
}

TEST_F(judgement_test, a_refusal_enters_nothing) {
  EXPECT_EQ(judge_round(miner_verdict::refused, {}, lost, with_baseline()), judgement{});
}

TEST_F(judgement_test, a_refused_live_round_costs_what_it_lost) {
  EXPECT_EQ(refusal_price(-0.5, came_to(2'000'000), {}), -0.5);
  EXPECT_EQ(refusal_price(0.5, came_to(1), {}), 0);
  EXPECT_DOUBLE_EQ(refusal_price(std::nullopt, came_to(990'000), {}), -0.01 * factor);
  EXPECT_EQ(refusal_price(std::nullopt, came_to(1'010'000), {}), 0);
}

} // namespace
} // namespace sluice
