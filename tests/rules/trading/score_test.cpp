#include "rules/trading/score.hpp"
#include "tests/rules/trading/some_events.hpp"

#include <gtest/gtest.h>

namespace sluice {
namespace {

constexpr int64_t now_us = test::april_2025_us + 14 * 3600 * us_per_second;
const int32_t today = utc_day(now_us);

closing_day day(int32_t age, int64_t pnl_tao, int64_t cost_tao = 100) {
  return {today - age, 1, i128{pnl_tao} * rao_per_tao, i128{cost_tao} * rao_per_tao};
}

TEST(trading_score, the_decay_is_that_of_the_original) {
  EXPECT_NEAR(return_decay(), 1.238598968445554, 1e-12);
  EXPECT_NEAR(day_weight(1), 0.73370389680169, 1e-12);
  EXPECT_NEAR(day_weight(14), 0.013100611249984, 1e-12);
}

// ATX-SCORE-1: 5 today, 8 three days ago, 12 seven days ago.
TEST(trading_score, is_the_weighted_sum_over_the_number_of_dates) {
  const std::vector days{day(7, 12), day(0, 5), day(3, 8)};
  const auto score = score_of({}, now_us, days, 3, 1);
  EXPECT_NEAR(score.score, 3.177747646371, 1e-9);
  ASSERT_EQ(score.days.size(), 3U);
  EXPECT_EQ(score.days[0].age, 7U);
  EXPECT_EQ(score.days[2].weight, 1);
  double sum = 0;
  for (const auto& x : score.days)
    sum += x.value * x.weight;
  EXPECT_EQ(score.score, sum / 3);
}

TEST(trading_score, ages_above_the_look_back_are_left_out_and_the_future_is_today) {
  const std::vector days{day(22, 1000), day(21, 1), day(-5, 10)};
  const auto score = score_of({}, now_us, days, 0, 0);
  ASSERT_EQ(score.days.size(), 2U);
  EXPECT_NEAR(score.score, (day_weight(21) + 10) / 2, 1e-12);
  trading_score_terms one_day;
  one_day.lookback_days = 1;
  EXPECT_EQ(score_of(one_day, now_us, days, 0, 0).score, 10);
}

TEST(trading_score, a_date_counts_although_its_sum_is_nothing) {
  const std::vector days{day(0, 10), day(1, 0)};
  EXPECT_EQ(score_of({}, now_us, days, 0, 0).score, 5);
}

TEST(trading_score, dates_of_several_books_are_one_date) {
  const std::vector days{day(0, 10), day(0, -4)};
  const auto score = score_of({}, now_us, days, 0, 0);
  ASSERT_EQ(score.days.size(), 1U);
  EXPECT_EQ(score.score, 6);
  EXPECT_EQ(score.days[0].lots, 2U);
}

TEST(trading_score, roi_does_not_favour_large_capital) {
  trading_score_terms terms;
  terms.value = score_value::roi;
  const std::vector small{day(0, 1, 10)};
  const std::vector large{day(0, 50, 10'000)};
  EXPECT_NEAR(score_of(terms, now_us, small, 0, 0).score, 10, 1e-12);
  EXPECT_NEAR(score_of(terms, now_us, large, 0, 0).score, 0.5, 1e-12);
  const std::vector nothing_paid{day(0, 1, 0)};
  EXPECT_EQ(score_of(terms, now_us, nothing_paid, 0, 0).score, 0);
}

TEST(trading_score, thresholds_act_and_state_why) {
  trading_score_terms terms;
  terms.min_trades = 3;
  terms.min_volume_rao = 1000;
  const std::vector days{day(0, 10)};
  EXPECT_EQ(score_of(terms, now_us, days, 3, 1000).score, 10);
  const auto few = score_of(terms, now_us, days, 2, 1000);
  EXPECT_EQ(few.score, 0);
  EXPECT_NE(few.withheld.find("min_trades"), std::string::npos);
  const auto small = score_of(terms, now_us, days, 3, 999);
  EXPECT_EQ(small.score, 0);
  EXPECT_NE(small.withheld.find("min_volume_rao"), std::string::npos);
}

TEST(trading_weights, are_proportional_or_the_original_ones) {
  const std::vector<double> scores{3, 1, 2, -5, 0, 1e-7}; // ATX-W-1, ATX-W-2
  EXPECT_EQ(weights_of(weight_policy::legacy_minmax, scores),
            (std::vector<double>{1, 0, 0.5, 0, 0, 0}));
  const auto shares = weights_of(weight_policy::proportional, scores);
  EXPECT_NEAR(shares[0], 0.5, 1e-12);
  EXPECT_NEAR(shares[1], 1.0 / 6, 1e-12);
  EXPECT_EQ(shares[5], 0);
}

TEST(trading_weights, one_alone_or_all_equal_get_one_from_the_original) {
  EXPECT_EQ(weights_minmax_legacy(std::vector<double>{0, 4, -1}), (std::vector<double>{0, 1, 0}));
  EXPECT_EQ(weights_minmax_legacy(std::vector<double>{2, 2}), (std::vector<double>{1, 1}));
}

TEST(trading_weights, nobody_positive_is_nobody) {
  EXPECT_EQ(weights_proportional(std::vector<double>{-1, 1e-6}), (std::vector<double>{0, 0}));
  EXPECT_TRUE(weights_minmax_legacy({}).empty());
}

TEST(ema_update, absent_rewards_are_nothing) {
  const auto next = ema_update(0.1, std::vector<double>{1, 2}, {{1, 10.0}});
  EXPECT_NEAR(next[0], 0.9, 1e-12);
  EXPECT_NEAR(next[1], 2.8, 1e-12);
}

TEST(resynced_scores, replaced_hotkeys_and_new_uids_begin_with_nothing) {
  const std::vector<std::string> before{"a", "b"};
  const std::vector<std::string> after{"a", "x", "c"};
  EXPECT_EQ(resynced_scores(before, after, std::vector<double>{1, 2}),
            (std::vector<double>{1, 0, 0}));
}

} // namespace
} // namespace sluice
