#include "actors/report/text_lines.hpp"
#include "tests/actors/liquidity/report/sample_run.hpp"
#include "tests/support/lines_of.hpp"

#include <gtest/gtest.h>

#include <limits>

// Whole runs of this mechanism alone, as lines for grep.

namespace sluice::report {

using test::line_with;
using test::lines_of;

TEST(jobs_lines, a_start_is_one_line_and_one_per_feed) {
  EXPECT_EQ(start_lines(test::remembered({})),
            "start title=\"sluice dev, seed 7\" laps_done=0 jobs=2 miners=8 "
            "data=\"/tmp/sluice data\"\n"
            "feed what=\"weth-usdc  seeded market, seed 7\"\n"
            "feed what=\"ens-weth  events=ens-weth-3000.jsonl\"\n");
}

TEST(jobs_lines, a_round_is_one_line_of_keys_and_values) {
  const auto step = test::done_step();
  const auto text = step_done_lines(step, test::remembered({step}));
  EXPECT_EQ(lines_of(text).size(), 4u);
  EXPECT_EQ(line_with(text, "round id=weth"),
            "round id=weth-usdc/evaluation/1961 blocks=882450-882899 price=3000.00..3006.00 "
            "swaps=214 winner=3 strategy=narrow score=0.001234 "
            "ranking=3:0.001234,2:0.000621,1:0.000500,7:0.000500,4:-0.000077 "
            "others=5:refused,6:failed,8:failed");
  EXPECT_EQ(line_with(text, "live"),
            "live id=weth-usdc/live/1961 blocks=882450-882899 uid=2 strategy=wide verdict=scored "
            "score=0.001100 against_hold=36 token=USDC executions=2");
  EXPECT_EQ(line_with(text, "weights"),
            "weights epoch=3 block=226 status=confirmed row=0:56.8%,3:43.2% read_back=same "
            "read_back_block=227");
}

TEST(jobs_lines, weights_that_have_not_changed_are_not_repeated) {
  const auto step = test::done_step();
  EXPECT_EQ(line_with(step_done_lines(step, test::remembered({step, step})), "weights"), "");
}

TEST(jobs_lines, a_failed_round_and_a_job_that_ended_state_why) {
  auto jobs = test::jobs();
  jobs[0].evaluation->status = round_status::failed;
  jobs[0].evaluation->note = "given up after 3 attempts";
  jobs[0].ended = true;
  jobs[0].note = "the recording ends";
  const auto step = test::done_step(jobs);
  const auto text = step_done_lines(step, test::remembered({step}));
  EXPECT_EQ(line_with(text, "round id=ens"),
            "round id=ens-weth/evaluation/1961 blocks=882450-882899 status=failed "
            "note=\"given up after 3 attempts\"");
  EXPECT_EQ(line_with(text, "ended"),
            "ended job=ens-weth rounds=3 failed=no note=\"the recording ends\"");
}

TEST(jobs_lines, a_line_stays_a_line_whatever_a_miner_writes) {
  auto jobs = test::jobs();
  jobs[1].live->results[0].note = "say \"hi\"\nweights epoch=9 \x1b[2J\\";
  const auto step = test::done_step(jobs);
  const auto text
    = step_done_lines(step, test::remembered({step, step})); // its weights have not changed
  EXPECT_EQ(lines_of(text).size(), 3u);
  EXPECT_NE(text.find("miner_note=\"say \\\"hi\\\" weights epoch=9  [2J\\\\\""), std::string::npos)
    << text;
}

TEST(jobs_lines, the_end_names_the_leaders) {
  EXPECT_EQ(over_lines({0, "", 20}, test::remembered({test::done_step()})),
            "job id=ens-weth rounds=3 leader=2 strategy=wide combined=0.000252\n"
            "job id=weth-usdc rounds=3 leader=2 strategy=wide combined=0.000252\n"
            "over code=0 laps=20 data=\"/tmp/sluice data\"\n");
  EXPECT_EQ(over_lines({2, "no price", 0}, test::unstarted({})),
            "over code=2 laps=0 why=\"no price\"\n");
}

TEST(jobs_lines, odd_rounds_are_lines_too) {
  std::vector<job_report> jobs(1);
  jobs[0].evaluation.emplace();
  jobs[0].live.emplace();
  jobs[0].live->id.kind = round_kind::live;
  jobs[0].live->results.resize(1);
  jobs[0].live->results[0].score = std::numeric_limits<double>::quiet_NaN();
  step_done step;
  step.mechanisms = {test::step_of(jobs)};
  EXPECT_EQ(step_done_lines(step, test::unstarted({step})),
            "round id=/evaluation/0 blocks=0-0 price=-..- winner=-\n"
            "live id=/live/0 blocks=0-0 uid=0 strategy=- verdict=scored score=-\n");
}

} // namespace sluice::report
