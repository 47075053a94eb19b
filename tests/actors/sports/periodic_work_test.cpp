#include "actors/periodic/task_manager.hpp"
#include "actors/sports/periodic_work.hpp"
#include "tests/support/sports_world.hpp"

namespace sluice::test {
namespace {

class sports_periodic_test : public sports_test {
protected:
  task_owner_actor start(task_manager_actor tasks) {
    const auto survey = mock<sports_survey_actor>([this](const sports_survey_call&) {
      ++surveys;
      return sports_surveyed{};
    });
    sports_periodic_config config;
    config.rules = rules;
    config.step_s = 30;
    config.now_us = clock();
    return keep(
      spawn_sports_periodic(sys, std::move(config), {intake, scoring, survey, std::move(tasks)}));
  }

  size_t surveys = 0;
  sports_intake_actor intake = make_intake();
  sports_scoring_actor scoring = make_scoring(intake);
};

TEST_F(sports_periodic_test, has_its_work_done_by_the_task_manager) {
  const auto tasks = keep(spawn_task_manager(
    sys, {[] { return uint64_t{1}; }, [] { return uint64_t{0}; }}, event_manager_actor{}));
  start(tasks);
  advance(std::chrono::seconds(61));
  EXPECT_GE(surveys, 2U);
  EXPECT_EQ(ask<sports_scoring>(scoring, atom::view_v).number, 1U) << "the first one at once";
  const auto all = ask<task_list>(tasks, atom::view_v);
  std::vector<std::string> names;
  for (const auto& x : all.tasks)
    names.push_back(x.name);
  EXPECT_EQ(names,
            (std::vector<std::string>{"sports.scoring", "sports.settlement", "sports.survey"}));
}

TEST_F(sports_periodic_test, scores_only_when_it_is_due) {
  const auto actor = start({});
  const auto run = [&](const char* name) { ask<atom::done>(actor, run_task{name, 1, 1}); };
  run("sports.scoring");
  EXPECT_EQ(ask<sports_scoring>(scoring, atom::view_v).number, 1U);
  now_us += sports_hour_us - 1;
  run("sports.scoring");
  EXPECT_EQ(ask<sports_scoring>(scoring, atom::view_v).number, 1U);
  now_us += 1; // 3600 s, 300 blocks
  run("sports.scoring");
  EXPECT_EQ(ask<sports_scoring>(scoring, atom::view_v).number, 2U);
  EXPECT_TRUE(ask_error<atom::done>(actor, run_task{"sports.dance", 1, 1}));
}

} // namespace
} // namespace sluice::test
