#include "actors/report/people.hpp"
#include "io/text/text.hpp"
#include "tests/actors/liquidity/report/sample_run.hpp"
#include "tests/support/lines_of.hpp"

#include <gtest/gtest.h>

// Whole runs of this mechanism alone, as people see them.

namespace sluice::report {

using test::line_with;
using test::lines_of;

TEST(jobs_page, the_first_lines_name_jobs_miners_and_the_state) {
  auto first = test::started();
  EXPECT_EQ(draw_start(test::remembered({}, first), {}),
            "sluice dev, seed 7\n"
            "jobs     weth-usdc  seeded market, seed 7\n"
            "         ens-weth  events=ens-weth-3000.jsonl\n"
            "miners   crasher, garbage, hold, narrow, refuser, silent, "
            "volatility, wide\n"
            "state    /tmp/sluice data\n\n");
  first.steps_done = 12;
  EXPECT_EQ(line_with(draw_start(test::remembered({}, first), {}), "before"),
            "before   12 steps done by earlier runs; going on");
}

TEST(jobs_page, a_step_shows_every_job_and_the_new_weights) {
  const auto step = test::done_step();
  const auto text = draw_step_done(step, test::remembered({step}), {});
  EXPECT_FALSE(line_with(text, "ens-weth  round 1961").empty());
  EXPECT_FALSE(line_with(text, "weth-usdc  round 1961").empty());
  EXPECT_FALSE(line_with(text, "live round 1961").empty());
  EXPECT_EQ(line_with(text, "weights"), "weights  epoch 3  block 226  uid 3: 43.2 %, burn (uid 0): "
                                        "56.8 %  read back: same, block 227");
  EXPECT_EQ(line_with(draw_step_done(step, test::remembered({step, step}), {}), "weights"), "");
}

TEST(jobs_page, an_empty_line_follows_each_job) {
  const auto text = draw_step_done(test::done_step(), test::remembered({test::done_step()}), {});
  const auto second = text.find("weth-usdc  round");
  EXPECT_EQ(text.substr(second - 2, 2), "\n\n");
  EXPECT_EQ(text.substr(text.find("weights  epoch") - 2, 2), "\n\n");
}

TEST(jobs_page, a_miner_in_slot_0_is_not_the_burn) {
  auto jobs = test::jobs();
  jobs[0].scores[0].second.uid = {0};
  const auto drawn = [](const step_done& step) {
    return draw_weights(test::published(), 226, test::remembered({step}), {});
  };
  EXPECT_NE(drawn(test::done_step()).find("burn"), std::string::npos);
  EXPECT_EQ(drawn(test::done_step(jobs)).find("burn"), std::string::npos);
}

TEST(jobs_page, a_job_that_ended_states_why) {
  std::vector<job_report> jobs(1);
  jobs[0].job = {"ens-weth"};
  jobs[0].ended = true;
  jobs[0].note = "the recording ends at block 20";
  step_done step;
  step.mechanisms = {test::step_of(jobs)};
  EXPECT_EQ(draw_step_done(step, test::remembered({step}), {}),
            "ens-weth is over: the recording ends at block 20\n\n");
  jobs[0].failed = true;
  step.mechanisms = {test::step_of(jobs)};
  EXPECT_EQ(draw_step_done(step, test::remembered({step}), {100, true}),
            "\x1b[31mens-weth failed: the recording ends at block 20\x1b[0m\n\n");
}

TEST(jobs_page, the_last_lines_state_how_to_continue) {
  const auto text = draw_over({0, "", 20}, test::remembered({test::done_step()}), {});
  const auto lines = lines_of(text);
  EXPECT_EQ(lines.front(), "done: 20 steps in this run");
  EXPECT_EQ(lines[lines.size() - 2], "state     /tmp/sluice data");
  EXPECT_EQ(lines.back(), "continue  sluice node --dev --feed market --data '/tmp/sluice data'");
  EXPECT_EQ(line_with(text, "weth-usdc"), "weth-usdc  3 rounds  1 of them also live in this run");
  EXPECT_FALSE(line_with(text, "weights  epoch 3").empty());
}

TEST(jobs_page, a_job_that_ended_or_had_failed_rounds_is_listed_at_the_end) {
  auto jobs = test::jobs();
  jobs[0].completed = 1;
  jobs[0].evaluation->status = round_status::failed;
  jobs[0].ended = jobs[0].failed = true;
  jobs[0].note = "no price";
  EXPECT_EQ(
    line_with(draw_over({2, "", 1}, test::remembered({test::done_step(jobs)}), {}), "ens-weth"),
    "ens-weth  1 round  1 failed in this run  failed: no price");
  jobs[0].failed = false;
  EXPECT_EQ(
    line_with(draw_over({0, "", 1}, test::remembered({test::done_step(jobs)}), {}), "ens-weth"),
    "ens-weth  1 round  1 failed in this run  over: no price");
}

TEST(jobs_page, standings_have_the_eligible_first_by_combined_score) {
  const auto lines = lines_of(draw_over({0, "", 1}, test::remembered({test::done_step()}), {}));
  std::vector<int> uids;
  for (size_t i = 4; i < 12; ++i) // after two lines, the job's and the titles
    uids.push_back(std::stoi(lines[i]));
  EXPECT_EQ(uids, (std::vector<int>{2, 4, 3, 1, 8, 7, 6, 5}));
}

TEST(jobs_page, nothing_is_wider_than_the_page_except_the_command) {
  const auto step = test::done_step();
  const auto memory = test::remembered({step});
  for (size_t width = 1; width < 150; ++width) {
    SCOPED_TRACE(width);
    const page on{width, false};
    const auto text = draw_start(memory, on) + draw_step_done(step, memory, on)
                      + draw_over({1, std::string(300, 'x'), 20}, memory, on);
    for (const auto& line : lines_of(text))
      if (!line.starts_with("state     ") && !line.starts_with("continue  ")) {
        EXPECT_LE(shown_width(line), width) << line;
      }
  }
}

} // namespace sluice::report
