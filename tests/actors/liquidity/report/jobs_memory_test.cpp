#include "actors/liquidity/report/jobs_memory.hpp"
#include "tests/actors/liquidity/report/sample_run.hpp"

#include <gtest/gtest.h>

#include <limits>

namespace sluice::report {

TEST(jobs_memory, counts_rounds_of_both_kinds) {
  auto failed = test::jobs();
  failed[1].evaluation->status = round_status::failed;
  const auto memory = test::jobs_after({test::jobs(), test::jobs(), failed});
  const auto& job = memory.jobs().at({"weth-usdc"});
  EXPECT_EQ(job.rounds, 2u);
  EXPECT_EQ(job.live, 3u);
  EXPECT_EQ(job.failed_rounds, 1u);
  EXPECT_EQ(job.completed, 3u);
}

TEST(jobs_memory, the_end_of_a_job_is_reported_once_and_its_scores_stay) {
  auto memory = test::jobs_after({test::jobs()});
  EXPECT_FALSE(memory.ended_now({"ens-weth"}));
  std::vector<job_report> last(1);
  last[0].job = {"ens-weth"};
  last[0].ended = true;
  last[0].note = "the recording ends";
  memory.take(test::step_of(last));
  EXPECT_TRUE(memory.ended_now({"ens-weth"}));
  EXPECT_FALSE(memory.ended_now({"weth-usdc"}));
  memory.take(test::step_of(last));
  EXPECT_FALSE(memory.ended_now({"ens-weth"}));
  EXPECT_EQ(memory.standings({"ens-weth"}).size(), 8u);
  EXPECT_EQ(memory.jobs().at({"ens-weth"}).note, "the recording ends");
}

TEST(jobs_memory, the_leader_is_the_best_eligible_one) {
  auto memory = test::jobs_after({test::jobs()});
  EXPECT_EQ(memory.standings({"weth-usdc"})[4].score.uid, miner_uid{8}); // more, not eligible
  EXPECT_EQ(memory.leader({"weth-usdc"})->strategy, "wide");
  auto jobs = test::jobs();
  for (auto& [key, score] : jobs[1].scores)
    score.combined_score = score.uid.value < 3 ? 0.5 : -1;
  memory.take(test::step_of(jobs));
  EXPECT_EQ(memory.leader({"weth-usdc"})->score.uid, miner_uid{1}); // a tie: the lower uid
  for (auto& [key, score] : jobs[1].scores)
    score.combined_score = 0;
  memory.take(test::step_of(jobs));
  EXPECT_FALSE(memory.leader({"weth-usdc"}));
  EXPECT_FALSE(memory.leader({"nobody's"}));
}

TEST(jobs_memory, whoever_failed_or_refused_stands_below_who_played) {
  auto jobs = test::jobs();
  for (auto& [key, score] : jobs[1].scores) {
    score.combined_score = score.uid.value < 5 ? -0.002 : 0;
    (score.uid.value < 5    ? score.successes
     : score.uid.value == 5 ? score.refusals
                            : score.failures)
      = 12;
  }
  const auto memory = test::jobs_after({jobs});
  std::vector<int> uids;
  for (const auto& x : memory.standings({"weth-usdc"}))
    uids.push_back(x.score.uid.value);
  EXPECT_EQ(uids, (std::vector<int>{1, 2, 3, 4, 5, 6, 7, 8}));
}

TEST(jobs_memory, an_average_that_is_no_number_is_last) {
  auto jobs = test::jobs();
  jobs[1].scores[7].second.combined_score = std::numeric_limits<double>::quiet_NaN();
  const auto memory = test::jobs_after({jobs});
  EXPECT_EQ(memory.standings({"weth-usdc"}).back().score.uid, miner_uid{8});
}

TEST(jobs_memory, knows_who_is_a_miner) {
  const auto memory = test::jobs_after({test::jobs()});
  EXPECT_TRUE(memory.is_miner({3}));
  EXPECT_FALSE(memory.is_miner({0}));
}

TEST(jobs_memory, reads_its_own_settings_and_sources_of_a_run) {
  auto first = test::started();
  first.sources["other"] = {"beads"};
  jobs_memory memory;
  memory.start(first);
  EXPECT_EQ(memory.configured().size(), 2u);
  EXPECT_EQ(memory.feeds().size(), 2u);
  EXPECT_EQ(memory.labels(), first.labels);
  memory.start({}); // a run without this mechanism
  EXPECT_TRUE(memory.configured().empty());
  EXPECT_TRUE(memory.feeds().empty());
}

TEST(jobs_memory, a_step_of_another_kind_has_no_jobs) {
  EXPECT_TRUE(jobs_of({}).empty());
  EXPECT_TRUE(jobs_of(test::count_step("other", 3)).empty());
  EXPECT_EQ(jobs_of(test::step_of(test::jobs())).size(), 2u);
}

} // namespace sluice::report
