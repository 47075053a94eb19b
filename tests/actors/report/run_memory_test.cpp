#include "actors/report/run_memory.hpp"
#include "tests/actors/report/sample_report.hpp"

#include <gtest/gtest.h>

namespace sluice::report {

std::vector<std::string> names_of(const mechanism_reports& parts) {
  std::vector<std::string> names;
  for (const auto& [name, part] : parts)
    names.push_back(name);
  return names;
}

TEST(run_memory, the_weights_of_an_epoch_are_reported_once) {
  run_memory memory;
  step_done step;
  step.published = test::published();
  memory.take(step);
  EXPECT_TRUE(memory.new_weights());
  memory.take(step);
  EXPECT_FALSE(memory.new_weights());
  step.published->epoch = {4};
  memory.take(step);
  EXPECT_TRUE(memory.new_weights());
  step.published.reset();
  memory.take(step);
  EXPECT_FALSE(memory.new_weights());
  EXPECT_EQ(memory.published()->epoch, epoch_no{4});
}

TEST(run_memory, weights_that_get_another_status_are_reported) {
  run_memory memory;
  step_done step;
  step.published = test::published();
  step.published->status = publish_status::sent;
  memory.take(step);
  step.published->status = publish_status::confirmed;
  memory.take(step);
  EXPECT_TRUE(memory.new_weights());
}

TEST(run_memory, parts_of_mechanisms_that_are_not_configured_are_left_out) {
  run_memory memory{test::count_reports()};
  EXPECT_EQ(names_of(memory.parts()), (std::vector<std::string>{"alpha", "beta"}));
  auto first = test::count_started();
  first.mechanisms.erase("alpha");
  memory.start(first);
  EXPECT_EQ(names_of(memory.parts()), (std::vector<std::string>{"beta"}));
  EXPECT_FALSE(memory.is_miner({3}));
  EXPECT_TRUE(memory.is_miner({7}));
}

TEST(run_memory, each_part_takes_the_steps_of_its_own_mechanism) {
  auto step = test::count_step_done();
  step.mechanisms.push_back(test::count_step("gamma", 1000)); // without a part
  const auto memory = test::count_memory({step, test::count_step_done()});
  EXPECT_EQ(memory.parts().at("alpha")->summary_lines(), "alpha sum=8\n");
  EXPECT_EQ(memory.parts().at("beta")->summary_lines(), "beta sum=10\n");
}

TEST(run_memory, a_start_that_comes_again_forgets_nothing) {
  auto memory = test::count_memory({test::count_step_done()});
  memory.start(test::count_started());
  EXPECT_EQ(memory.parts().at("alpha")->summary_lines(), "alpha sum=4\n");
  memory.take(test::count_step_done());
  EXPECT_FALSE(memory.new_weights());
}

TEST(run_memory, a_miner_of_any_mechanism_is_a_miner) {
  const auto memory = test::count_memory();
  EXPECT_TRUE(memory.is_miner({3}));
  EXPECT_TRUE(memory.is_miner({7}));
  EXPECT_FALSE(memory.is_miner({0}));
  EXPECT_FALSE(run_memory{}.is_miner({3}));
}

TEST(run_memory, steps_are_shown_in_the_order_of_names) {
  std::vector<std::string> shown;
  test::count_memory().for_each_step(
    test::count_step_done(),
    [&](const mechanism_report&, const step_report& x) { shown.push_back(x.mechanism); });
  EXPECT_EQ(shown, (std::vector<std::string>{"alpha", "beta"}));
}

} // namespace sluice::report
