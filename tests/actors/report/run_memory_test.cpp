#include "actors/report/run_memory.hpp"
#include "tests/actors/report/sample_run.hpp"

#include <gtest/gtest.h>

#include <limits>

namespace sluice::report {

TEST(run_memory, counts_rounds_of_both_kinds) {
  run_memory memory;
  memory.take(test::lap());
  memory.take(test::lap());
  auto failed = test::lap();
  failed.jobs[1].evaluation->status = round_status::failed;
  memory.take(failed);
  const auto& job = memory.jobs().at({"weth-usdc"});
  EXPECT_EQ(job.rounds, 2u);
  EXPECT_EQ(job.live, 3u);
  EXPECT_EQ(job.failed_rounds, 1u);
  EXPECT_EQ(job.completed, 3u);
}

TEST(run_memory, the_weights_of_an_epoch_are_news_once) {
  run_memory memory;
  auto lap = test::lap();
  EXPECT_TRUE(memory.take(lap).weights);
  EXPECT_FALSE(memory.take(lap).weights);
  lap.published->epoch = {4};
  EXPECT_TRUE(memory.take(lap).weights);
  lap.published.reset();
  EXPECT_FALSE(memory.take(lap).weights);
  EXPECT_EQ(memory.published()->epoch, epoch_no{4});
}

TEST(run_memory, the_end_of_a_job_is_news_once_and_its_scores_stay) {
  run_memory memory;
  memory.take(test::lap());
  lap_done last;
  last.jobs.resize(1);
  last.jobs[0].job = {"ens-weth"};
  last.jobs[0].ended = true;
  last.jobs[0].note = "the recording ends";
  EXPECT_EQ(memory.take(last).ended, (std::vector<job_id>{{"ens-weth"}}));
  EXPECT_TRUE(memory.take(last).ended.empty());
  EXPECT_EQ(memory.standings({"ens-weth"}).size(), 8u);
  EXPECT_EQ(memory.jobs().at({"ens-weth"}).note, "the recording ends");
}

TEST(run_memory, the_leader_is_the_best_eligible_one) {
  run_memory memory;
  memory.start(test::started());
  auto lap = test::lap();
  memory.take(lap);
  EXPECT_EQ(memory.standings({"weth-usdc"}).front().score.uid, miner_uid{8}); // not eligible
  EXPECT_EQ(memory.leader({"weth-usdc"})->strategy, "wide");
  for (auto& [key, score] : lap.jobs[1].scores)
    score.combined_score = score.uid.value < 3 ? 0.5 : -1;
  memory.take(lap);
  EXPECT_EQ(memory.leader({"weth-usdc"})->score.uid, miner_uid{1}); // a tie: the lower uid
  for (auto& [key, score] : lap.jobs[1].scores)
    score.combined_score = 0;
  memory.take(lap);
  EXPECT_FALSE(memory.leader({"weth-usdc"}));
  EXPECT_FALSE(memory.leader({"nobody's"}));
}

TEST(run_memory, an_average_that_is_no_number_is_last) {
  run_memory memory;
  auto lap = test::lap();
  lap.jobs[1].scores[7].second.combined_score = std::numeric_limits<double>::quiet_NaN();
  memory.take(lap);
  EXPECT_EQ(memory.standings({"weth-usdc"}).back().score.uid, miner_uid{8});
}

TEST(run_memory, knows_who_is_a_miner) {
  run_memory memory;
  memory.take(test::lap());
  EXPECT_TRUE(memory.is_miner({3}));
  EXPECT_FALSE(memory.is_miner({0}));
}

} // namespace sluice::report
