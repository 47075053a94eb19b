#include "rules/liquidity/scoreboard.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>

namespace sluice {

namespace {

constexpr uint64_t day = 86'400;
constexpr uint64_t noon = 20'000 * day + day / 2;
const hotkey alice{"alice"}, bob{"bob"}, carol{"carol"};

miner_result scored(uint16_t uid, hotkey key, double score) {
  return {{uid}, std::move(key), miner_verdict::scored, score, 0, ""};
}
miner_result refused_result(uint16_t uid, hotkey key) {
  return {{uid}, std::move(key), miner_verdict::refused, 0, 0, "no"};
}
miner_result failed(uint16_t uid, hotkey key) {
  return {{uid}, std::move(key), miner_verdict::failed, 0, 0, "silent"};
}

scoreboard open_board() {
  scoreboard_terms terms;
  terms.eligibility_days = 0;
  return scoreboard{terms};
}

constexpr auto evaluation = round_kind::evaluation;
constexpr auto live = round_kind::live;

TEST(scoreboard, averages_follow_their_formulas) {
  auto board = open_board();
  board.absorb(evaluation, noon, {scored(1, alice, 2.0)});
  EXPECT_DOUBLE_EQ(board.find(alice)->evaluation_score, 0.2);
  EXPECT_DOUBLE_EQ(board.find(alice)->combined_score, 0.12);
  board.absorb(evaluation, noon, {scored(1, alice, 1.0)});
  EXPECT_DOUBLE_EQ(board.find(alice)->evaluation_score, 0.28);
  board.absorb(live, noon, {scored(1, alice, 3.0)});
  EXPECT_DOUBLE_EQ(board.find(alice)->live_score, 0.9);
  EXPECT_DOUBLE_EQ(board.find(alice)->combined_score, 0.6 * 0.28 + 0.4 * 0.9);
  EXPECT_DOUBLE_EQ(board.find(alice)->evaluation_score, 0.28);
}

TEST(scoreboard, a_refusal_counts_and_changes_no_score) {
  auto board = open_board();
  board.absorb(evaluation, noon, {scored(1, alice, 2.0)});
  const auto before = *board.find(alice);
  board.absorb(evaluation, noon + 5, {refused_result(1, alice)});
  auto expected = before;
  expected.refusals = 1;
  expected.last_active = noon + 5;
  EXPECT_EQ(*board.find(alice), expected);
}

TEST(scoreboard, a_failed_evaluation_averages_in_a_0) {
  auto board = open_board();
  board.absorb(evaluation, noon, {scored(1, alice, 2.0)});
  board.absorb(evaluation, noon + 9, {failed(1, alice)});
  const auto& x = *board.find(alice);
  EXPECT_DOUBLE_EQ(x.evaluation_score, 0.18);
  EXPECT_DOUBLE_EQ(x.combined_score, 0.108);
  EXPECT_EQ(x.failures, 1U);
  EXPECT_EQ(x.evaluations, 2U);
  EXPECT_EQ(x.successes, 1U);
  EXPECT_EQ(x.last_active, noon);
}

TEST(scoreboard, a_failed_live_round_changes_no_score) {
  auto board = open_board();
  board.absorb(live, noon, {scored(1, alice, 2.0)});
  board.absorb(live, noon, {failed(1, alice)});
  const auto& x = *board.find(alice);
  EXPECT_DOUBLE_EQ(x.live_score, 0.6);
  EXPECT_EQ(x.live_rounds, 2U);
  EXPECT_EQ(x.failures, 1U);
}

TEST(scoreboard, a_score_that_is_no_number_counts_as_0) {
  auto board = open_board();
  board.absorb(evaluation, noon, {scored(1, alice, 2.0)});
  board.absorb(evaluation, noon, {scored(1, alice, std::nan(""))});
  board.absorb(live, noon, {scored(1, alice, std::numeric_limits<double>::infinity())});
  EXPECT_DOUBLE_EQ(board.find(alice)->evaluation_score, 0.18);
  EXPECT_EQ(board.find(alice)->live_score, 0);
}

TEST(scoreboard, invalid_proposals_add_up) {
  auto board = open_board();
  auto x = scored(1, alice, 1);
  x.invalid = 3;
  board.absorb(evaluation, noon, {x});
  x = failed(1, alice);
  x.invalid = 2;
  board.absorb(evaluation, noon, {x});
  EXPECT_EQ(board.find(alice)->invalid, 5U);
}

TEST(scoreboard, scores_stay_with_the_hotkey_when_a_uid_changes_hands) {
  auto board = open_board();
  board.absorb(evaluation, noon, {scored(1, alice, 2.0)});
  const auto before = *board.find(alice);
  board.absorb(evaluation, noon + 60, {scored(1, bob, 1.0)});
  EXPECT_EQ(*board.find(alice), before);
  EXPECT_DOUBLE_EQ(board.find(bob)->evaluation_score, 0.1);
  EXPECT_EQ(board.find(bob)->first_seen, noon + 60);
  board.absorb(evaluation, noon + 90, {scored(4, alice, 0.0)});
  EXPECT_EQ(board.find(alice)->uid, miner_uid{4});
  EXPECT_DOUBLE_EQ(board.find(alice)->evaluation_score, 0.18);
  EXPECT_EQ(board.find(alice)->first_seen, noon);
}

TEST(scoreboard, a_day_counts_what_happened_on_it) {
  auto board = open_board();
  board.absorb(evaluation, noon, {scored(1, alice, 1), refused_result(2, bob), failed(3, carol)});
  board.absorb(live, noon + 60, {scored(1, alice, 1)});
  board.absorb(evaluation, noon + day, {refused_result(1, alice)});
  EXPECT_EQ(board.days().size(), 3U); // carol's silence is neither
  EXPECT_EQ(board.days().at({alice, 20'000}), (participation_day{2, 0}));
  EXPECT_EQ(board.days().at({alice, 20'001}), (participation_day{0, 1}));
  EXPECT_EQ(board.days().at({bob, 20'000}), (participation_day{0, 1}));
}

/// One scored round on each of these days, then judged on day `today`.
bool eligible_after(std::vector<int> days, int today, uint32_t wanted = 7) {
  scoreboard_terms terms;
  terms.eligibility_days = wanted;
  scoreboard board{terms};
  for (const int d : days)
    board.absorb(evaluation, noon + static_cast<uint64_t>(d) * day, {scored(1, alice, 1)});
  board.judge(noon + static_cast<uint64_t>(today) * day);
  return board.find(alice)->eligible;
}

TEST(eligibility, takes_seven_of_the_last_eight_days_today_included) {
  EXPECT_TRUE(eligible_after({0, 1, 2, 3, 4, 5, 6}, 6));
  EXPECT_TRUE(eligible_after({0, 1, 2, 3, 4, 5, 6}, 7));
  EXPECT_FALSE(eligible_after({0, 1, 2, 3, 4, 5, 6}, 8)); // day 0 has left the window
  EXPECT_FALSE(eligible_after({0, 1, 2, 3, 4, 5}, 5));
  EXPECT_TRUE(eligible_after({0, 1, 3, 4, 5, 6, 7}, 7)); // one day may be missed
  EXPECT_FALSE(eligible_after({0, 1, 4, 5, 6, 7}, 7));
  EXPECT_TRUE(eligible_after({3, 4}, 5, 2));
  EXPECT_FALSE(eligible_after({3, 4}, 6, 2));
}

TEST(eligibility, days_of_the_future_do_not_count) {
  EXPECT_FALSE(eligible_after({0, 1, 2, 3, 4, 5, 6}, 5));
}

TEST(eligibility, a_day_counts_only_with_more_rounds_taken_than_refused) {
  scoreboard_terms terms;
  terms.eligibility_days = 1;
  scoreboard board{terms};
  board.absorb(evaluation, noon, {scored(1, alice, 1)});
  EXPECT_TRUE(board.find(alice)->eligible);
  board.absorb(evaluation, noon, {refused_result(1, alice)});
  EXPECT_FALSE(board.find(alice)->eligible); // 1 : 1
  board.absorb(evaluation, noon, {scored(1, alice, 1)});
  EXPECT_TRUE(board.find(alice)->eligible);
}

TEST(eligibility, silence_alone_never_makes_a_day) {
  scoreboard_terms terms;
  terms.eligibility_days = 1;
  scoreboard board{terms};
  for (int i = 0; i < 5; ++i)
    board.absorb(evaluation, noon, {failed(1, alice)});
  EXPECT_FALSE(board.find(alice)->eligible);
}

TEST(eligibility, without_days_one_scored_round_is_enough) {
  auto board = open_board();
  board.absorb(evaluation, noon, {refused_result(1, alice), failed(2, bob), scored(3, carol, -1)});
  EXPECT_FALSE(board.find(alice)->eligible);
  EXPECT_FALSE(board.find(bob)->eligible);
  EXPECT_TRUE(board.find(carol)->eligible);
}

TEST(eligibility, the_trusted_are_always_eligible) {
  scoreboard_terms terms;
  terms.trusted = {bob};
  scoreboard board{terms};
  board.absorb(evaluation, noon, {scored(1, alice, 1), refused_result(2, bob)});
  EXPECT_FALSE(board.find(alice)->eligible);
  EXPECT_TRUE(board.find(bob)->eligible);
}

TEST(eligibility, the_first_days_of_time_do_not_wrap) {
  scoreboard_terms terms;
  terms.eligibility_days = 3;
  scoreboard board{terms};
  for (const uint64_t d : {0, 1, 2})
    board.absorb(evaluation, d * day, {scored(1, alice, 1)});
  EXPECT_TRUE(board.find(alice)->eligible);
}

TEST(scoreboard, absorbing_in_pieces_and_restoring_gives_the_same_board) {
  scoreboard_terms terms;
  terms.eligibility_days = 2;
  scoreboard whole{terms}, first{terms};
  const auto round = [](int i) {
    return std::vector{scored(1, alice, i * 0.3),
                       i % 2 == 0 ? refused_result(2, bob) : failed(2, bob)};
  };
  for (int i = 0; i < 6; ++i)
    whole.absorb(evaluation, noon + static_cast<uint64_t>(i) * day / 2, round(i));
  for (int i = 0; i < 3; ++i)
    first.absorb(evaluation, noon + static_cast<uint64_t>(i) * day / 2, round(i));
  scoreboard second{terms};
  for (const auto& [key, x] : first.scores())
    second.restore(key, x);
  for (const auto& [key, row] : first.days())
    second.restore(key.first, key.second, row);
  EXPECT_TRUE(second.take_changes().scores.empty()); // restored is not changed
  for (int i = 3; i < 6; ++i)
    second.absorb(evaluation, noon + static_cast<uint64_t>(i) * day / 2, round(i));
  EXPECT_EQ(second.scores(), whole.scores());
  EXPECT_EQ(second.days(), whole.days());
}

TEST(scoreboard, reports_exactly_what_changed) {
  scoreboard_terms terms;
  terms.eligibility_days = 1;
  scoreboard board{terms};
  EXPECT_TRUE(board.take_changes().scores.empty());
  board.absorb(evaluation, noon, {scored(1, alice, 1), failed(2, bob)});
  auto changed = board.take_changes();
  EXPECT_EQ(changed.scores, (std::set{alice, bob}));
  EXPECT_EQ(changed.days, (std::set<std::pair<hotkey, uint32_t>>{{alice, 20'000}}));
  EXPECT_TRUE(board.take_changes().scores.empty());
  EXPECT_TRUE(board.take_changes().days.empty());
  board.judge(noon + day);
  EXPECT_TRUE(board.take_changes().scores.empty()); // still eligible: nothing to write
  board.absorb(evaluation, noon + 2 * day, {refused_result(3, carol)});
  changed = board.take_changes();
  EXPECT_EQ(changed.scores, (std::set{alice, carol})); // alice stopped being eligible
  EXPECT_EQ(changed.days, (std::set<std::pair<hotkey, uint32_t>>{{carol, 20'002}}));
}

TEST(leader, is_the_best_eligible_with_a_positive_combined_score) {
  auto board = open_board();
  EXPECT_EQ(board.leader(), std::nullopt);
  board.absorb(evaluation, noon, {scored(1, alice, -1), failed(2, bob)});
  EXPECT_EQ(board.leader(), std::nullopt);
  board.absorb(evaluation, noon, {scored(2, bob, 1), scored(3, carol, 2)});
  EXPECT_EQ(board.leader(), carol);
}

TEST(leader, of_equals_has_the_lower_uid) {
  auto board = open_board();
  board.absorb(evaluation, noon, {scored(9, alice, 1), scored(2, bob, 1), scored(5, carol, 1)});
  EXPECT_EQ(board.leader(), bob);
}

TEST(leader, must_be_eligible) {
  scoreboard_terms terms;
  terms.trusted = {bob};
  scoreboard board{terms};
  board.absorb(evaluation, noon, {scored(1, alice, 9), scored(2, bob, 1)});
  EXPECT_EQ(board.leader(), bob);
}

std::vector<miner_uid>
candidates(const std::vector<miner_result>& results, const scoreboard& board) {
  return live_candidates(rank_round(results, board), results, board);
}

TEST(live_candidates, go_by_the_round_and_not_by_the_average) {
  auto board = open_board();
  board.absorb(evaluation, noon, {scored(1, alice, 9), scored(2, bob, 0)});
  const std::vector results{scored(1, alice, 0.1), scored(2, bob, 0.2), failed(3, carol)};
  board.absorb(evaluation, noon, results);
  EXPECT_EQ(board.leader(), alice);
  EXPECT_EQ(candidates(results, board), (std::vector<miner_uid>{{2}, {1}}));
}

TEST(live_candidates, skip_who_is_not_eligible) {
  scoreboard_terms terms;
  terms.trusted = {alice};
  scoreboard board{terms};
  const std::vector results{scored(1, alice, -3), scored(2, bob, 2), refused_result(3, carol)};
  board.absorb(evaluation, noon, results);
  EXPECT_EQ(candidates(results, board), std::vector{miner_uid{1}});
  EXPECT_TRUE(candidates({scored(2, bob, 2)}, board).empty());
  EXPECT_TRUE(candidates({}, board).empty());
}

TEST(live_candidates, never_refused_failed_or_sent_something_invalid) {
  auto board = open_board();
  board.absorb(evaluation, noon, {scored(1, alice, 1), scored(2, bob, 1)});
  EXPECT_TRUE(candidates({refused_result(1, alice), failed(2, bob)}, board).empty());
  auto invalid = scored(1, alice, 1);
  invalid.invalid = 1;
  EXPECT_TRUE(candidates({invalid}, board).empty());
}

TEST(live_candidates, ties_go_by_the_combined_score_before_the_round) {
  auto board = open_board();
  board.absorb(evaluation, noon, {scored(1, alice, 1), scored(2, bob, 2)});
  const std::vector results{scored(1, alice, 5), scored(2, bob, 5), scored(3, carol, 5)};
  const auto ranking = rank_round(results, board);
  EXPECT_EQ(ranking, (std::vector<miner_uid>{{2}, {1}, {3}}));
  board.absorb(evaluation, noon, results);
  EXPECT_EQ(live_candidates(ranking, results, board).front(), miner_uid{2});
}

// ---- the rules of docs/decisions/0036

miner_result entering(uint16_t uid, const hotkey& key, double value,
                      miner_verdict verdict = miner_verdict::scored) {
  return {{uid}, key, verdict, verdict == miner_verdict::scored ? value : 0, 0, "", value};
}

constexpr auto kept_plans = scoring_rules::kept_plans;

TEST(scoreboard, what_entered_is_what_is_averaged) {
  auto board = open_board();
  auto x = scored(1, alice, 7);
  x.entered = 2.0; // of a score of 7 above a baseline of 5
  board.absorb(evaluation, noon, {x, entering(2, bob, -1, miner_verdict::failed)}, kept_plans);
  EXPECT_DOUBLE_EQ(board.find(alice)->evaluation_score, 0.2);
  EXPECT_DOUBLE_EQ(board.find(bob)->evaluation_score, -0.1);
  EXPECT_EQ(board.find(bob)->failures, 1U);
  board.absorb(live, noon, {entering(2, bob, -3, miner_verdict::refused)}, kept_plans);
  EXPECT_DOUBLE_EQ(board.find(bob)->live_score, -0.9);
}

TEST(scoreboard, refusing_a_live_round_costs_no_day) {
  auto board = open_board();
  board.absorb(live, noon, {entering(2, bob, -3, miner_verdict::refused)}, kept_plans);
  EXPECT_TRUE(board.days().empty());
  board.absorb(evaluation, noon, {refused_result(2, bob)}, kept_plans);
  EXPECT_EQ(board.days().begin()->second.refused, 1U);
  EXPECT_EQ(board.find(bob)->refusals, 2U);
}

scoreboard_terms half_active() {
  scoreboard_terms terms;
  terms.eligibility_days = 0;
  terms.active_share = 0.5;
  return terms;
}

TEST(active_share, counts_the_last_96_evaluation_rounds_of_the_job) {
  scoreboard board{half_active()};
  EXPECT_EQ(board.activity(alice), 0);
  uint64_t now = noon;
  const auto round = [&](bool played) {
    board.absorb(evaluation, now += 900,
                 {played ? entering(1, alice, 1) : entering(1, alice, 0, miner_verdict::failed)},
                 kept_plans);
  };
  round(true);
  EXPECT_EQ(board.activity(alice), 1);
  round(false);
  EXPECT_EQ(board.activity(alice), 0.5);
  EXPECT_TRUE(board.counts(alice));
  round(false);
  EXPECT_FALSE(board.active(alice));
  EXPECT_FALSE(board.counts(alice)); // though it is eligible
  EXPECT_TRUE(board.find(alice)->eligible);
  for (int i = 0; i < 48; ++i)
    round(true);
  for (int i = 0; i < 48; ++i)
    round(false);
  EXPECT_EQ(board.activity(alice), 0.5); // the rounds before the 96 are forgotten
  round(false);
  EXPECT_EQ(board.activity(alice), 47.0 / 96);
  board.absorb(live, now, {entering(1, alice, 1)}, kept_plans); // not an evaluation round
  EXPECT_EQ(board.activity(alice), 47.0 / 96);
}

TEST(active_share, a_newcomer_counts_against_all_rounds_of_the_job) {
  scoreboard board{half_active()};
  for (int i = 0; i < 96; ++i)
    board.absorb(evaluation, noon, {entering(1, alice, 1)}, kept_plans);
  for (int i = 0; i < 47; ++i)
    board.absorb(evaluation, noon, {entering(1, alice, 1), entering(2, bob, 9)}, kept_plans);
  EXPECT_FALSE(board.counts(bob));
  board.absorb(evaluation, noon, {entering(1, alice, 1), entering(2, bob, 9)}, kept_plans);
  EXPECT_TRUE(board.counts(bob));
}

TEST(evidence, is_mean_and_deviation_of_the_last_seven_days) {
  scoreboard_terms terms;
  terms.eligibility_days = 0;
  terms.evidence = 2;
  scoreboard board{terms};
  board.absorb(evaluation, noon, {entering(1, alice, 1000)}, kept_plans); // gone in a week
  for (int i = 0; i < 30; ++i) {
    EXPECT_EQ(board.weight_score(alice), std::nullopt) << i; // too few
    board.absorb(i % 2 == 0 ? evaluation : live, noon + 7 * day + static_cast<uint64_t>(i),
                 {entering(1, alice, i % 2 == 0 ? 3 : 1)}, kept_plans);
  }
  // Python: statistics.mean([3, 1] * 15), statistics.stdev([3, 1] * 15)
  const auto seen = board.evidence_of(alice);
  EXPECT_EQ(seen.count, 30U);
  EXPECT_DOUBLE_EQ(seen.mean, 2);
  EXPECT_DOUBLE_EQ(seen.deviation, 1.0170952554312156);
  EXPECT_DOUBLE_EQ(*board.weight_score(alice), 2 - 2 * 1.0170952554312156 / std::sqrt(30.0));
  board.absorb(evaluation, noon + 14 * day + 1, {entering(1, alice, 5)}, kept_plans);
  EXPECT_EQ(board.evidence_of(alice).count, 29U); // two of them are a week old
}

TEST(scoreboard, recalls_what_is_not_stored) {
  auto terms = half_active();
  terms.evidence = 1;
  scoreboard board{terms}, restored{terms};
  std::vector<std::vector<miner_result>> rounds;
  for (int i = 0; i < 150; ++i)
    rounds.push_back(
      {i % 3 == 0 ? entering(1, alice, 0, miner_verdict::failed) : entering(1, alice, i * 0.25),
       entering(2, bob, -i)});
  for (size_t i = 0; i < rounds.size(); ++i)
    board.absorb(i % 5 == 4 ? live : evaluation, noon + i * 7200, rounds[i], kept_plans);
  for (const auto& [key, row] : board.scores())
    restored.restore(key, row);
  for (size_t i = 20; i < rounds.size(); ++i) // 104 evaluation rounds, more than a week
    restored.recall(i % 5 == 4 ? live : evaluation, noon + i * 7200, rounds[i], kept_plans);
  for (const auto& key : {alice, bob}) {
    EXPECT_EQ(restored.activity(key), board.activity(key));
    EXPECT_EQ(restored.evidence_of(key), board.evidence_of(key));
    EXPECT_EQ(restored.weight_score(key), board.weight_score(key));
  }
}

TEST(rank_round, puts_who_was_invalid_behind_and_lets_the_incumbent_win_ties) {
  auto board = open_board();
  auto invalid = scored(1, alice, 9);
  invalid.invalid = 1;
  const std::vector results{invalid, scored(2, bob, 5), scored(3, carol, 5)};
  EXPECT_EQ(rank_round(results, board), (std::vector<miner_uid>{{1}, {2}, {3}}));
  const auto ranking = rank_round(results, board, kept_plans, carol);
  EXPECT_EQ(ranking, (std::vector<miner_uid>{{3}, {2}, {1}}));
  EXPECT_EQ(winner_of(ranking, results, kept_plans), miner_uid{3});
  EXPECT_EQ(winner_of({{1}}, results, kept_plans), std::nullopt);
  EXPECT_EQ(winner_of({{1}}, results, scoring_rules::original), miner_uid{1});
  EXPECT_EQ(winner_of({}, {}, kept_plans), std::nullopt);
}

} // namespace

TEST(scores_to_send, reports_to_every_miner_its_scores) {
  scoreboard board{{0.5, 0.5, 0.5, 0, {}}};
  const std::vector<miner_result> results{{{1}, {"a"}, miner_verdict::scored, 4, 0, ""},
                                          {{2}, {"b"}, miner_verdict::scored, 8, 2, "invalid: x"},
                                          {{3}, {"c"}, miner_verdict::refused, 0, 0, "refused: y"}};
  const round_id round{{"pair"}, round_kind::evaluation, {9}};
  board.absorb(round_kind::evaluation, 1000, results);
  const auto notices = scores_to_send(round, results, {{2}, {1}}, board);
  ASSERT_EQ(notices.size(), 3U);
  EXPECT_EQ(notices[0].first, hotkey{"a"});
  EXPECT_EQ(notices[0].second,
            (miner_scores{round, miner_verdict::scored, 4, 2, 2, 0, "", 2, 0, 1, true}));
  EXPECT_EQ(notices[1].second.rank, 1U);
  EXPECT_EQ(notices[1].second.invalid, 2U);
  EXPECT_EQ(notices[1].second.note, "invalid: x");
  EXPECT_EQ(notices[2].second.rank, 0U);
  EXPECT_EQ(notices[2].second.verdict, miner_verdict::refused);
  EXPECT_EQ(notices[2].second.note, "refused: y");
}

} // namespace sluice
