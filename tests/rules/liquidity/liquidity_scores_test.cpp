#include "rules/liquidity/liquidity_scores.hpp"
#include "tests/rules/odd_numbers.hpp"

#include <gtest/gtest.h>

namespace sluice {

namespace {

constexpr auto winners = score_policy::winner_per_job;
const burn_terms burn{{0}, 1};

std::vector<job_standing> two_jobs() {
  return {{{"a"}, {{{3}, 0.6}, {{5}, 0.5}}, 0}, {{"b"}, {{{5}, 0.2}, {{3}, 0.1}}, 0}};
}

mechanism_scores scores_of(const std::vector<job_standing>& jobs, score_policy policy,
                           burn_terms terms, double revenue, double emission) {
  const auto scores = liquidity_scores({9}, jobs, policy, terms, revenue, emission);
  EXPECT_TRUE(scores) << (scores ? "" : scores.error().what);
  return scores ? *scores : mechanism_scores{};
}

std::string fault_of(std::optional<double> revenue, std::optional<double> emission,
                     burn_terms terms = burn, std::vector<job_standing> jobs = two_jobs()) {
  const auto scores = liquidity_scores({9}, jobs, winners, terms, revenue, emission);
  if (scores)
    return "";
  EXPECT_EQ(scores.error().code, ec::refused);
  return scores.error().what;
}

TEST(liquidity_scores, only_the_winner_of_each_job_counts) {
  const auto scores = scores_of(two_jobs(), winners, burn, 10, 10);
  EXPECT_EQ(scores.mechanism, "liquidity");
  EXPECT_EQ(scores.epoch, epoch_no{9});
  ASSERT_EQ(scores.scores.size(), 2U);
  EXPECT_DOUBLE_EQ(scores.scores.at({3}), 0.75);
  EXPECT_DOUBLE_EQ(scores.scores.at({5}), 0.25);
  EXPECT_TRUE(scores.barred.empty());
}

TEST(liquidity_scores, a_winner_of_several_jobs_adds_up) {
  auto jobs = two_jobs();
  jobs.push_back({{"c"}, {{{3}, 0.2}}, 0});
  const auto scores = scores_of(jobs, winners, burn, 10, 10);
  EXPECT_DOUBLE_EQ(scores.scores.at({3}), 0.8);
  EXPECT_DOUBLE_EQ(scores.scores.at({5}), 0.2);
}

TEST(liquidity_scores, proportional_counts_every_positive_score) {
  const auto scores = scores_of(two_jobs(), score_policy::proportional, burn, 10, 10);
  EXPECT_DOUBLE_EQ(scores.scores.at({3}), 0.5);
  EXPECT_DOUBLE_EQ(scores.scores.at({5}), 0.5);
}

TEST(liquidity_scores, the_rest_of_the_emission_is_burned) {
  const auto scores = scores_of(two_jobs(), winners, burn, 2.5, 10);
  EXPECT_DOUBLE_EQ(scores.scores.at({0}), 0.75);
  EXPECT_DOUBLE_EQ(scores.scores.at({3}), 0.25 * 0.75);
  EXPECT_DOUBLE_EQ(scores.scores.at({5}), 0.25 * 0.25);
}

TEST(liquidity_scores, miners_never_get_more_than_the_profit_ratio) {
  const auto scores = scores_of(two_jobs(), winners, {{0}, 0.4}, 100, 10);
  EXPECT_DOUBLE_EQ(scores.scores.at({0}), 0.6);
  EXPECT_DOUBLE_EQ(scores.scores.at({3}) + scores.scores.at({5}), 0.4);
}

TEST(liquidity_scores, no_revenue_burns_everything) {
  const auto scores = scores_of(two_jobs(), winners, burn, 0, 10);
  EXPECT_EQ(scores.scores, (std::map<miner_uid, double>{{{0}, 1.0}}));
}

TEST(liquidity_scores, the_burn_uid_may_be_a_miner_too) {
  const auto scores = scores_of(two_jobs(), winners, {{3}, 1}, 5, 10);
  EXPECT_DOUBLE_EQ(scores.scores.at({3}), 0.5 + 0.375);
}

TEST(liquidity_scores, no_standing_at_all_gives_no_scores) {
  EXPECT_TRUE(scores_of({}, winners, burn, 1, 10).scores.empty());
  EXPECT_TRUE(scores_of({{{"a"}, {}, 0}}, winners, burn, 1, 10).scores.empty());
  EXPECT_TRUE(
    scores_of({{{"a"}, {{{1}, 0.0}, {{2}, -1.0}}, 0}}, winners, burn, 1, 10).scores.empty());
}

TEST(liquidity_scores, huge_scores_do_not_overflow) {
  const auto scores = scores_of({{{"a"}, {{{1}, 1e308}}, 0}, {{"b"}, {{{2}, 1e308}}, 0}}, winners,
                                burn, 1e308, 1e-300);
  EXPECT_DOUBLE_EQ(scores.scores.at({1}), 0.5);
  EXPECT_DOUBLE_EQ(scores.scores.at({2}), 0.5);
}

/// The other jobs' miners get what they would get if it had not failed.
TEST(liquidity_scores, the_part_of_a_job_that_failed_is_burned) {
  for (const auto policy : {winners, score_policy::proportional}) {
    const auto before = scores_of(two_jobs(), policy, burn, 5, 10);
    auto jobs = two_jobs();
    jobs[0].failed = true; // 0.6 for uid 3, and 0.5 for uid 5 where everybody counts
    const auto scores = scores_of(jobs, policy, burn, 5, 10);
    const bool all = policy == score_policy::proportional;
    const auto total = all ? 1.4 : 0.8;
    const auto lost = all ? 1.1 : 0.6;
    EXPECT_DOUBLE_EQ(scores.scores.at({0}), 0.5 + 0.5 * lost / total);
    EXPECT_DOUBLE_EQ(scores.scores.at({5}), 0.5 * 0.2 / total);
    EXPECT_EQ(scores.scores.contains({3}), all);
    EXPECT_LE(scores.scores.at({5}), before.scores.at({5}));
    double sum = 0;
    for (const auto& row : scores.scores)
      sum += row.second;
    EXPECT_DOUBLE_EQ(sum, 1);
  }
}

TEST(liquidity_scores, when_every_job_has_failed_all_of_it_is_burned) {
  auto jobs = two_jobs();
  for (auto& x : jobs)
    x.failed = true;
  const auto scores = scores_of(jobs, winners, burn, 10, 10);
  EXPECT_EQ(scores.scores, (std::map<miner_uid, double>{{{0}, 1.0}}));
  EXPECT_EQ(scores_of(jobs, winners, {{3}, 1}, 2, 10).scores,
            (std::map<miner_uid, double>{{{3}, 1.0}}));
}

TEST(liquidity_scores, a_job_that_failed_before_anybody_counted_burns_nothing) {
  auto jobs = two_jobs();
  jobs.push_back({{"c"}, {{{9}, -1.0}}, 0, {}, true});
  EXPECT_EQ(scores_of(jobs, winners, burn, 5, 10), scores_of(two_jobs(), winners, burn, 5, 10));
}

TEST(liquidity_scores, a_missing_or_broken_input_is_refused_with_its_name) {
  EXPECT_EQ(fault_of(std::nullopt, 10), "no liquidity scores: revenue is missing");
  EXPECT_EQ(fault_of(1, std::nullopt), "no liquidity scores: emission is missing");
  EXPECT_EQ(fault_of(not_a_number, 10), "no liquidity scores: revenue is not a finite number");
  EXPECT_EQ(fault_of(1, infinity), "no liquidity scores: emission is not a finite number");
  EXPECT_EQ(fault_of(-1, 10), "no liquidity scores: revenue is negative");
  EXPECT_EQ(fault_of(1, 0), "no liquidity scores: emission is 0");
  EXPECT_EQ(fault_of(1, 10, {{0}, 1.5}), "no liquidity scores: profit_ratio is above 1");
  EXPECT_EQ(fault_of(1, 10, {{0}, not_a_number}),
            "no liquidity scores: profit_ratio is not a finite number");
  EXPECT_EQ(fault_of(std::nullopt, 10, burn, {}), "no liquidity scores: revenue is missing");
}

TEST(liquidity_scores, a_broken_standing_is_refused_with_its_job) {
  EXPECT_EQ(fault_of(1, 10, burn, {{{"eth"}, {{{7}, not_a_number}}, 0}}),
            "no liquidity scores: job eth: the score of uid 7 is not a finite number");
  EXPECT_EQ(fault_of(1, 10, burn, {{{"eth"}, {}, infinity}}),
            "no liquidity scores: job eth: revenue is not a finite number");
}

TEST(standing, revenue_adds_up_over_the_jobs) {
  EXPECT_EQ(total_revenue({}), 0);
  const std::vector<job_standing> jobs{{{"a"}, {}, 1.5}, {{"b"}, {{{1}, 1.0}}, 2.25}};
  EXPECT_EQ(total_revenue(jobs), 3.75);
}

/// Uids 1 to n with these scores.
job_standing standing_with(const std::vector<double>& scores, std::vector<miner_cluster> clusters) {
  job_standing made{{"a"}, {}, 0, std::move(clusters)};
  for (const double x : scores)
    made.eligible.emplace_back(miner_uid{static_cast<uint16_t>(made.eligible.size() + 1)}, x);
  return made;
}

using uid_parts = std::map<miner_uid, double>;
constexpr auto everybody = score_policy::proportional;

TEST(parts, a_cluster_has_the_mean_of_its_members_divided) {
  const miner_cluster pair{{{1}, {3}}, {}, {}, {}};
  EXPECT_EQ(parts_of(standing_with({0.5, 0.25, 0.25}, {pair}), everybody),
            (uid_parts{{{1}, 0.1875}, {{2}, 0.25}, {{3}, 0.1875}}));
  EXPECT_EQ(parts_of(standing_with({0.5, 0.25, -8}, {pair}), everybody), // below 0 counts as 0
            (uid_parts{{{1}, 0.125}, {{2}, 0.25}, {{3}, 0.125}}));
  EXPECT_EQ(parts_of(standing_with({-1, 0.25, -8}, {pair}), everybody), (uid_parts{{{2}, 0.25}}));
}

TEST(parts, whose_record_does_not_count_is_not_in_the_mean) {
  const miner_cluster cluster{{{1}, {2}, {7}}, {}, {}, {}};
  EXPECT_EQ(parts_of(standing_with({0.5, 0.25}, {cluster}), everybody),
            (uid_parts{{{1}, 0.1875}, {{2}, 0.1875}}));
}

TEST(parts, the_member_that_takes_it_gets_all_of_it) {
  const miner_cluster cluster{{{1}, {2}}, miner_uid{2}, {}, {}};
  EXPECT_EQ(parts_of(standing_with({0.5, -1}, {cluster}), everybody), (uid_parts{{{2}, 0.25}}));
  const miner_cluster gone{{{1}, {2}, {7}}, miner_uid{7}, {}, {}};
  EXPECT_EQ(parts_of(standing_with({0.5, 0.25}, {gone}), everybody),
            (uid_parts{{{1}, 0.1875}, {{2}, 0.1875}}));
}

TEST(parts, the_winner_is_who_is_best_clusters_or_not) {
  const miner_cluster cluster{{{1}, {2}}, miner_uid{2}, {}, {}};
  EXPECT_EQ(parts_of(standing_with({0.5, 0.25}, {cluster}), winners), (uid_parts{{{1}, 0.5}}));
  EXPECT_EQ(parts_of(standing_with({0, -1}, {}), winners), uid_parts{});
}

TEST(parts, large_scores_of_a_cluster_do_not_overflow) {
  const miner_cluster cluster{{{1}, {2}}, {}, {}, {}};
  EXPECT_EQ(parts_of(standing_with({1e308, 1.5e308}, {cluster}), everybody),
            (uid_parts{{{1}, 6.25e307}, {{2}, 6.25e307}}));
}

TEST(liquidity_scores, eight_hotkeys_get_what_one_gets) {
  const auto one = scores_of({standing_with({0.5, 0.25}, {})}, everybody, burn, 10, 10);
  miner_cluster cluster;
  std::vector<double> scores{0.5};
  for (uint16_t uid = 2; uid <= 9; ++uid) {
    cluster.members.push_back({uid});
    scores.push_back(0.25);
  }
  const auto eight = scores_of({standing_with(scores, {cluster})}, everybody, burn, 10, 10);
  double sum = 0;
  for (const auto uid : cluster.members)
    sum += eight.scores.at(uid);
  EXPECT_DOUBLE_EQ(eight.scores.at({1}), one.scores.at({1}));
  EXPECT_DOUBLE_EQ(sum, one.scores.at({2}));
}

TEST(standing, lists_the_registered_and_eligible_best_first) {
  scoreboard board;
  const auto put = [&](const char* key, double combined, bool eligible) {
    miner_score x;
    x.combined_score = combined;
    x.eligible = eligible;
    board.restore({key}, x);
  };
  put("good", 0.5, true);
  put("better", 0.7, true);
  put("twin", 0.5, true);
  put("waiting", 0.9, false);
  put("loser", -0.1, true);
  put("gone", 2.0, true);
  const auto rows = standing_of(board, {{{1}, {"twin"}},
                                        {{2}, {"better"}},
                                        {{3}, {"good"}},
                                        {{4}, {"waiting"}},
                                        {{5}, {"loser"}},
                                        {{6}, {"new"}}});
  EXPECT_EQ(rows, (std::vector<std::pair<miner_uid, double>>{
                    {{2}, 0.7}, {{1}, 0.5}, {{3}, 0.5}, {{5}, -0.1}}));
}

} // namespace

} // namespace sluice
