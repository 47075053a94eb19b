#include "actors/report/text_lines.hpp"
#include "tests/actors/report/sample_report.hpp"
#include "tests/support/lines_of.hpp"

#include <gtest/gtest.h>

namespace sluice::report {

using test::line_with;
using test::lines_of;

TEST(text_lines, a_start_is_one_line_and_those_of_the_mechanisms) {
  auto first = test::count_started();
  first.serves["miner_gateway"] = "ws://127.0.0.1:8700";
  run_memory memory{test::count_reports()};
  memory.start(first);
  EXPECT_EQ(start_lines(memory), "start title=\"sluice dev, seed 7\" laps_done=0 alpha=10 beta=20 "
                                 "miners=3 data=\"/tmp/sluice data\"\n"
                                 "alpha_source what=fingers\n"
                                 "beta_source what=beads\n"
                                 "beta_source what=stones\n"
                                 "serves what=miner_gateway at=ws://127.0.0.1:8700\n");
  EXPECT_EQ(start_lines(run_memory{}), "start laps_done=0 miners=0\n");
}

TEST(text_lines, a_step_is_the_lines_of_each_mechanism_and_then_the_weights) {
  EXPECT_EQ(step_done_lines(test::count_step_done(), test::count_memory({test::count_step_done()})),
            "alpha count=4\n"
            "beta count=5\n"
            "weights epoch=3 block=226 status=confirmed row=0:56.8%,3:43.2% read_back=same "
            "read_back_block=227\n");
}

TEST(text_lines, weights_that_have_not_changed_are_not_repeated) {
  const auto memory = test::count_memory({test::count_step_done(), test::count_step_done()});
  EXPECT_EQ(line_with(step_done_lines(test::count_step_done(), memory), "weights"), "");
}

TEST(text_lines, weights_of_several_mechanisms_state_what_they_are_made_of) {
  step_done step;
  step.published = test::published();
  step.parts = {{"alpha", 0.6, part_state::fresh, 0, 3, ""},
                {"beta", 0.4, part_state::burned, 0, 0, "no data"}};
  run_memory memory;
  memory.take(step);
  EXPECT_NE(step_done_lines(step, memory)
              .find(" mechanisms=\"alpha 60.0 %, beta 40.0 % burned: no data\"\n"),
            std::string::npos)
    << step_done_lines(step, memory);
}

TEST(text_lines, weights_that_failed_state_why_on_one_line) {
  step_done step;
  step.published = test::published();
  step.published->status = publish_status::failed;
  step.published->reason = "say \"hi\"\nweights epoch=9";
  run_memory memory;
  memory.take(step);
  EXPECT_EQ(step_done_lines(step, memory),
            "weights epoch=3 block=0 status=failed row=0:56.8%,3:43.2% "
            "reason=\"say \\\"hi\\\" weights epoch=9\"\n");
}

TEST(text_lines, the_end_has_a_summary_of_each_mechanism) {
  EXPECT_EQ(over_lines({0, "", 20}, test::count_memory({test::count_step_done()})),
            "alpha sum=4\n"
            "beta sum=5\n"
            "over code=0 laps=20 data=\"/tmp/sluice data\"\n");
  EXPECT_EQ(over_lines({2, "no price", 0}, run_memory{}), "over code=2 laps=0 why=\"no price\"\n");
}

} // namespace sluice::report
