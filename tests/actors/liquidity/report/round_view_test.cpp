#include "actors/liquidity/report/round_view.hpp"
#include "tests/actors/liquidity/report/sample_run.hpp"

#include <gtest/gtest.h>

#include <limits>

namespace sluice::report {

std::vector<uint16_t> uids(const round_view& round) {
  std::vector<uint16_t> all;
  for (const auto& x : round.rows)
    all.push_back(x.uid.value);
  return all;
}

TEST(round_view, the_ranking_of_record_then_the_unscored_by_uid) {
  const auto report = test::report_of("weth-usdc", false);
  const auto round = view_of(*report.evaluation, report, test::started().labels);
  EXPECT_EQ(uids(round), (std::vector<uint16_t>{3, 2, 1, 7, 4, 5, 6, 8}));
  EXPECT_EQ(round.rows[4].rank, 5u);
  EXPECT_EQ(round.rows[5].rank, 0u);
  ASSERT_TRUE(round.winner());
  EXPECT_EQ(round.winner()->uid, miner_uid{3});
}

TEST(round_view, who_refused_comes_before_who_failed) {
  auto report = test::report_of("weth-usdc", false);
  report.evaluation->results[4].verdict = miner_verdict::failed; // uid 5
  report.evaluation->results[7].verdict = miner_verdict::refused;
  const auto round = view_of(*report.evaluation, report, {});
  EXPECT_EQ(uids(round), (std::vector<uint16_t>{3, 2, 1, 7, 4, 8, 5, 6}));
}

TEST(round_view, without_a_ranking_scores_decide_and_no_number_comes_last) {
  auto report = test::report_of("weth-usdc", false);
  report.evaluation->ranking.clear();
  report.evaluation->results[2].score = std::numeric_limits<double>::quiet_NaN(); // uid 3
  const auto round = view_of(*report.evaluation, report, {});
  EXPECT_EQ(uids(round), (std::vector<uint16_t>{2, 1, 7, 4, 3, 5, 6, 8}));
  EXPECT_EQ(round.rows.front().strategy, "-");
}

TEST(round_view, each_kind_of_round_gets_its_own_predictions) {
  const auto report = test::report_of("weth-usdc", true);
  const auto live = view_of(*report.live, report, test::started().labels);
  ASSERT_EQ(live.rows.size(), 1u);
  ASSERT_TRUE(live.rows[0].metrics);
  EXPECT_EQ(live.rows[0].metrics->final_value, u256{60'066'000'000U});
  const auto evaluation = view_of(*report.evaluation, report, test::started().labels);
  EXPECT_EQ(evaluation.rows[1].metrics->final_value, u256{60'037'260'000U});
}

TEST(round_view, prices_are_in_whole_tokens) {
  const auto report = test::report_of("weth-usdc", false);
  const auto round = view_of(*report.evaluation, report, {});
  EXPECT_NEAR(*round.price_start, 3000, 1e-9);
  EXPECT_NEAR(*round.price_end, 3000 * 1.001 * 1.001, 1e-6);
  EXPECT_EQ(round.swaps, 214u);
}

TEST(round_view, nothing_known_is_nothing_shown) {
  job_report report;
  const auto round = view_of(round_record{}, report, {});
  EXPECT_FALSE(round.price_start);
  EXPECT_FALSE(round.price_end);
  EXPECT_FALSE(round.swaps);
  EXPECT_FALSE(round.winner());
  EXPECT_EQ(reason_of_winner(round), "");
}

TEST(round_view, the_reason_states_how_far_ahead_or_how_the_tie_was_broken) {
  auto report = test::report_of("weth-usdc", false);
  EXPECT_EQ(reason_of_winner(view_of(*report.evaluation, report, {})), "+6.13 bp ahead of uid 2");
  report.evaluation->results[1].score = 0.001234;
  EXPECT_EQ(reason_of_winner(view_of(*report.evaluation, report, {})),
            "as good as uid 2: better average before, or the lower uid");
  report.evaluation->results = {report.evaluation->results[2], report.evaluation->results[4]};
  EXPECT_EQ(reason_of_winner(view_of(*report.evaluation, report, {})), "the only one scored");
}

TEST(round_view, notes_of_miners_are_plain) {
  auto report = test::report_of("weth-usdc", false);
  report.evaluation->results[4].note = "refused: \x1b[31mred\nline";
  const auto round = view_of(*report.evaluation, report, {});
  EXPECT_EQ(round.rows[5].note, "refused:  [31mred line");
}

TEST(round_view, who_names_the_strategy_when_it_is_known) {
  EXPECT_EQ(who({3}, "narrow"), "uid 3 (narrow)");
  EXPECT_EQ(who({3}, "-"), "uid 3");
}

} // namespace sluice::report
