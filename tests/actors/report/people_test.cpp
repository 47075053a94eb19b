#include "actors/report/people.hpp"
#include "io/text/text.hpp"
#include "tests/actors/report/sample_report.hpp"
#include "tests/support/lines_of.hpp"

#include <gtest/gtest.h>

namespace sluice::report {

using test::line_with;
using test::lines_of;

TEST(people, the_first_lines_name_mechanisms_miners_and_the_state) {
  auto first = test::count_started();
  first.steps_done = 12;
  first.serves["miner_gateway"] = "ws://127.0.0.1:8700";
  run_memory memory{test::count_reports()};
  memory.start(first);
  EXPECT_EQ(draw_start(memory, {}), "sluice dev, seed 7\n"
                                    "alpha    up to 10\n"
                                    "         fingers\n"
                                    "beta     up to 20\n"
                                    "         beads\n"
                                    "         stones\n"
                                    "miners   2 hold, wide\n"
                                    "state    /tmp/sluice data\n"
                                    "gateway  ws://127.0.0.1:8700\n"
                                    "before   12 steps done by earlier runs; going on\n\n");
}

TEST(people, what_is_not_known_of_a_run_is_not_shown) {
  EXPECT_EQ(draw_start(run_memory{}, {}), "sluice\n\n");
  auto first = test::count_started();
  first.steps_done = 1;
  run_memory memory;
  memory.start(first);
  EXPECT_EQ(line_with(draw_start(memory, {}), "before"),
            "before   1 step done by earlier runs; going on");
}

TEST(people, a_step_shows_every_mechanism_and_then_the_new_weights) {
  auto memory = test::count_memory({test::count_step_done()});
  EXPECT_EQ(draw_step_done(test::count_step_done(), memory, {}),
            "alpha counted 4\n\n"
            "beta counted 5\n\n"
            "weights  epoch 3  block 226  uid 3: 43.2 %, burn (uid 0): 56.8 %  "
            "read back: same, block 227\n\n");
  memory.take(test::count_step_done());
  EXPECT_EQ(line_with(draw_step_done(test::count_step_done(), memory, {}), "weights"), "");
}

TEST(people, weights_that_were_not_published_state_why_and_name_nobody) {
  auto record = test::published();
  record.status = publish_status::skipped;
  record.reason = "nearly empty";
  EXPECT_EQ(draw_weights(record, 226, test::count_memory(), {}),
            "weights  epoch 3  block 226  not published: nearly empty\n");
}

TEST(people, a_miner_in_slot_0_is_not_the_burn) {
  const auto burn = [](miner_uid uid) {
    mechanism_reports parts;
    parts["alpha"] = std::make_unique<test::count_report>("alpha", uid);
    return draw_weights(test::published(), 226, run_memory{std::move(parts)}, {}).find("burn");
  };
  EXPECT_NE(burn({1}), std::string::npos);
  EXPECT_EQ(burn({0}), std::string::npos);
}

TEST(people, an_empty_step_is_silence) {
  EXPECT_EQ(draw_step_done({}, run_memory{}, {}), "");
  EXPECT_EQ(draw_step_done({}, test::count_memory(), {}), "");
}

TEST(people, the_last_lines_state_how_to_continue) {
  EXPECT_EQ(draw_over({0, "", 20},
                      test::count_memory({test::count_step_done(), test::count_step_done()}), {}),
            "done: 20 steps in this run\n\n"
            "alpha counted 8 in all\n\n"
            "beta counted 10 in all\n\n"
            "weights  epoch 3  block 226  uid 3: 43.2 %, burn (uid 0): 56.8 %  "
            "read back: same, block 227\n\n"
            "state     /tmp/sluice data\n"
            "continue  sluice node --dev --data '/tmp/sluice data'\n");
  EXPECT_EQ(draw_over({0, "", 1}, run_memory{}, {}), "done: 1 step in this run\n\n");
}

TEST(people, a_run_that_failed_reports_that_first) {
  const auto text = draw_over({3, "weth-usdc: cannot read", 1}, run_memory{}, {});
  EXPECT_EQ(lines_of(text).front(), "ended with code 3 after 1 step; weth-usdc: cannot read");
}

TEST(people, nothing_is_wider_than_the_page_except_the_command) {
  const auto step = test::count_step_done();
  const auto memory = test::count_memory({step});
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
