#include "actors/report/people.hpp"
#include "io/text/text.hpp"
#include "tests/actors/report/sample_run.hpp"
#include "tests/support/lines_of.hpp"

#include <gtest/gtest.h>

namespace sluice::report {

using test::line_with;
using test::lines_of;

run_memory remembered(const lap_done& lap) {
  run_memory memory;
  memory.start(test::started());
  memory.take(lap);
  return memory;
}

TEST(people, the_first_words_name_jobs_miners_and_the_state) {
  auto first = test::started();
  EXPECT_EQ(draw_start(first, {}), "sluice dev, seed 7\n"
                                   "jobs     weth-usdc  seeded market, seed 7\n"
                                   "         ens-weth  events=ens-weth-3000.jsonl\n"
                                   "miners   crasher, garbage, hold, narrow, refuser, silent, "
                                   "volatility, wide\n"
                                   "state    /tmp/sluice data\n\n");
  first.laps_done = 12;
  EXPECT_EQ(line_with(draw_start(first, {}), "before"),
            "before   12 rounds done by earlier runs; going on");
}

TEST(people, a_lap_shows_every_job_and_the_new_weights) {
  const auto lap = test::lap();
  const auto memory = remembered(lap);
  const auto text = draw_lap(lap, {true, {}}, memory, {});
  EXPECT_FALSE(line_with(text, "ens-weth  round 1961").empty());
  EXPECT_FALSE(line_with(text, "weth-usdc  round 1961").empty());
  EXPECT_FALSE(line_with(text, "live round 1961").empty());
  EXPECT_EQ(line_with(text, "weights"), "weights  epoch 3  block 226  uid 3: 43.2 %, burn (uid 0): "
                                        "56.8 %  read back: same, block 227");
  EXPECT_EQ(line_with(draw_lap(lap, {}, memory, {}), "weights"), "");
}

TEST(people, weights_that_were_not_published_say_why_and_name_nobody) {
  auto record = test::published();
  record.status = publish_status::skipped;
  record.reason = "nearly empty";
  EXPECT_EQ(draw_weights(record, 226, remembered(test::lap()), {}),
            "weights  epoch 3  block 226  not published: nearly empty\n");
}

TEST(people, a_miner_in_slot_0_is_not_the_burn) {
  auto lap = test::lap();
  lap.jobs[0].scores[0].second.uid = {0};
  EXPECT_EQ(draw_weights(test::published(), 226, remembered(lap), {}).find("burn"),
            std::string::npos);
}

TEST(people, an_empty_lap_is_silence) {
  EXPECT_EQ(draw_lap({}, {}, run_memory{}, {}), "");
}

TEST(people, a_job_that_ended_says_why) {
  lap_done lap;
  lap.jobs.resize(1);
  lap.jobs[0].job = {"ens-weth"};
  lap.jobs[0].ended = true;
  lap.jobs[0].note = "the recording ends at block 20";
  EXPECT_EQ(draw_lap(lap, {false, {{"ens-weth"}}}, remembered(lap), {}),
            "ens-weth is over: the recording ends at block 20\n\n");
  lap.jobs[0].failed = true;
  EXPECT_EQ(draw_lap(lap, {false, {{"ens-weth"}}}, remembered(lap), {100, true}),
            "\x1b[31mens-weth failed: the recording ends at block 20\x1b[0m\n\n");
}

TEST(people, the_last_words_say_how_to_go_on) {
  const auto text = draw_over({0, "", 20}, remembered(test::lap()), {});
  const auto lines = lines_of(text);
  EXPECT_EQ(lines.front(), "done: 20 rounds of every job in this run");
  EXPECT_EQ(lines[lines.size() - 2], "state     /tmp/sluice data");
  EXPECT_EQ(lines.back(), "continue  sluice node --dev --feed market --data '/tmp/sluice data'");
  EXPECT_EQ(line_with(text, "weth-usdc"), "weth-usdc  3 rounds  1 of them also live in this run");
  EXPECT_FALSE(line_with(text, "weights  epoch 3").empty());
}

TEST(people, standings_are_by_combined_score) {
  const auto lines = lines_of(draw_over({0, "", 1}, remembered(test::lap()), {}));
  std::vector<int> uids;
  for (size_t i = 4; i < 12; ++i) // after two lines, the job's and the titles
    uids.push_back(std::stoi(lines[i]));
  EXPECT_EQ(uids, (std::vector<int>{8, 7, 6, 5, 2, 4, 3, 1}));
}

TEST(people, a_run_that_failed_says_so_first) {
  const auto text = draw_over({3, "weth-usdc: cannot read", 1}, run_memory{}, {});
  EXPECT_EQ(lines_of(text).front(), "ended with code 3 after 1 round; weth-usdc: cannot read");
}

TEST(people, nothing_is_wider_than_the_page_except_the_command) {
  const auto lap = test::lap();
  const auto memory = remembered(lap);
  for (size_t width = 1; width < 150; ++width) {
    SCOPED_TRACE(width);
    const page on{width, false};
    const auto text = draw_start(test::started(), on) + draw_lap(lap, {true, {}}, memory, on)
                      + draw_over({1, std::string(300, 'x'), 20}, memory, on);
    for (const auto& line : lines_of(text))
      if (!line.starts_with("state     ") && !line.starts_with("continue  ")) {
        EXPECT_LE(shown_width(line), width) << line;
      }
  }
}

} // namespace sluice::report
