#include "rules/liquidity/pace.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <limits>
#include <random>
#include <vector>

namespace sluice {
namespace {

constexpr uint64_t pace_highest = std::numeric_limits<uint64_t>::max();

TEST(pace, jobs_of_equal_length_play_a_round_in_every_step) {
  const auto pace = one_round_per_step(900, 0);
  for (uint64_t step = 1; step < 50; ++step) {
    EXPECT_EQ(rounds_due(pace, 900, step), step);
    EXPECT_TRUE(is_due(pace, 900, step));
  }
  const auto late = one_round_per_step(900, 7);
  EXPECT_EQ(rounds_due(late, 900, 7), 0U);
  EXPECT_FALSE(is_due(late, 900, 7));
  EXPECT_EQ(rounds_due(late, 900, 9), 2U);
}

TEST(pace, a_round_ten_times_as_long_ends_in_every_tenth_step) {
  const job_pace pace{0, 0, 0, 900};
  for (uint64_t step = 1; step <= 100; ++step) {
    EXPECT_EQ(rounds_due(pace, 9000, step), step / 10);
    EXPECT_EQ(is_due(pace, 9000, step), step % 10 == 0);
  }
  EXPECT_EQ(first_step_with(pace, 9000, 0), 0U);
  EXPECT_EQ(first_step_with(pace, 9000, 3), 30U);
  EXPECT_EQ(last_step_with(pace, 9000, 3), 39U);
}

TEST(pace, at_the_ends_of_the_numbers_nothing_wraps) {
  const job_pace pace{0, pace_highest - 1, 0, 604'800};
  EXPECT_EQ(rounds_due(pace, 1, pace_highest), pace_highest);
  EXPECT_EQ(first_step_with(pace, 604'800, pace_highest), 1U);
  EXPECT_EQ(last_step_with(pace, 1, pace_highest), pace_highest);
  EXPECT_EQ(first_step_with({0, 0, 0, 1}, 604'800, pace_highest), pace_highest);
  EXPECT_EQ(rounds_due({0, 0, 0, 0}, 0, 5), 0U);
}

TEST(pace, a_job_that_stood_still_goes_on_where_it_was) {
  const job_pace pace{0, 0, 0, 900}; // 9000 seconds: stands after step 13, goes on after 20
  const auto again = resumed(pace, 9000, 13, 20);
  EXPECT_EQ(again, (job_pace{20, 1, 2700, 900}));
  EXPECT_EQ(rounds_due(again, 9000, 26), 1U);
  EXPECT_EQ(rounds_due(again, 9000, 27), 2U);
}

/// The same, second by second of block time: whoever is awake gets older; the round ends when it is
/// as old as it is long.
struct pace_second_model {
  uint64_t length = 1;
  uint64_t age = 0;
  uint64_t rounds = 0;
  bool plays = true;

  void pass(uint64_t seconds) {
    for (uint64_t i = 0; i < seconds && plays; ++i)
      if (++age == length) {
        age = 0;
        ++rounds;
      }
  }
};

TEST(pace, is_what_seconds_that_pass_one_by_one_make_of_it) {
  for (uint32_t seed = 0; seed < 200; ++seed) {
    SCOPED_TRACE(testing::Message() << "seed " << seed);
    std::mt19937 rng{seed};
    std::map<job_id, job_progress> jobs;
    std::map<job_id, pace_second_model> model;
    std::map<job_id, uint64_t> stood;
    const auto count = 1 + rng() % 5;
    for (uint64_t i = 0; i < count; ++i) {
      const job_id id{std::string(1, static_cast<char>('a' + i))};
      const uint64_t length = 1 + rng() % 40;
      jobs[id] = {length, one_round_per_step(length, 0), 0, false, true, 0};
      model[id].length = length;
    }
    for (uint64_t step = 1; step <= 60; ++step) {
      for (auto& [id, x] : jobs) {
        if (rng() % 12 != 0)
          continue;
        x.plays = model[id].plays = !x.plays;
        if (x.plays)
          x.pace = resumed(x.pace, x.round_seconds, stood[id], step - 1);
        else
          stood[id] = step - 1;
      }
      for (const auto& [id, pace] : paces_that_change(jobs, step))
        jobs[id].pace = pace;
      EXPECT_TRUE(paces_that_change(jobs, step).empty()) << "asked again";
      uint64_t shortest = 0;
      for (const auto& [id, x] : model)
        if (x.plays && (shortest == 0 || x.length < shortest))
          shortest = x.length;
      bool somebody = false;
      for (auto& [id, x] : model) {
        const auto before = x.rounds;
        x.pass(shortest);
        auto& job = jobs.at(id);
        if (!job.plays)
          continue;
        ASSERT_EQ(rounds_due(job.pace, job.round_seconds, step), x.rounds) << id.value;
        ASSERT_EQ(is_due(job.pace, job.round_seconds, step), x.rounds > before) << id.value;
        ASSERT_LE(x.rounds - before, 1U) << "two rounds in a step";
        somebody = somebody || x.rounds > before;
        job.completed = x.rounds;
      }
      EXPECT_EQ(somebody, shortest != 0) << "a step in which nothing ends";
    }
  }
}

/// What is on the disk at any moment inside a step tells which step it is.
TEST(pace, the_steps_that_are_done_are_known_from_what_is_completed) {
  for (uint32_t seed = 0; seed < 300; ++seed) {
    SCOPED_TRACE(testing::Message() << "seed " << seed);
    std::mt19937 rng{seed};
    std::map<job_id, job_progress> jobs;
    const auto count = 1 + rng() % 5;
    for (uint64_t i = 0; i < count; ++i) {
      const job_id id{std::string(1, static_cast<char>('a' + i))};
      const uint64_t length = 1 + rng() % 30;
      jobs[id] = {length, one_round_per_step(length, 0), 0, false, true, 0};
    }
    const auto done = [&jobs] {
      std::vector<job_progress> all;
      for (const auto& row : jobs)
        all.push_back(row.second);
      return steps_done_of(all);
    };
    for (uint64_t step = 1; step <= 60; ++step) {
      EXPECT_EQ(done(), step - 1) << "before step " << step;
      for (const auto& [id, pace] : paces_that_change(jobs, step))
        jobs[id].pace = pace;
      EXPECT_EQ(done(), step - 1) << "with its paces";
      if (rng() % 10 == 0) { // one is new in this step, its record is written before it plays
        const job_id id{"new" + std::to_string(step)};
        const uint64_t length = 1 + rng() % 30;
        jobs[id] = {length, one_round_per_step(length, step), 0, false, true, 0};
        EXPECT_EQ(done(), step - 1) << "with a new one";
      }
      std::vector<job_progress*> due;
      for (auto& [id, x] : jobs)
        if (is_due(x.pace, x.round_seconds, step))
          due.push_back(&x);
      std::shuffle(due.begin(), due.end(), rng);
      for (auto* x : due) {
        EXPECT_EQ(done(), step - 1) << "inside step " << step;
        ++x->completed;
      }
    }
  }
}

TEST(pace, without_jobs_there_is_no_step) {
  EXPECT_EQ(steps_done_of({}), std::nullopt);
  EXPECT_EQ(unit_of({}, 1), std::nullopt);
  EXPECT_TRUE(paces_that_change({}, 1).empty());
}

TEST(pace, a_job_that_is_over_is_part_of_the_step_in_which_that_was_found) {
  job_progress x{900, {0, 0, 0, 900}, 5, true, true, 0};
  EXPECT_TRUE(plays_in(x, 6)); // asked for round 6 it had none
  EXPECT_FALSE(plays_in(x, 7));
  x.plays = false;
  EXPECT_FALSE(plays_in(x, 6));
}

/// The short one ends in step 6 while the long one is in the middle of its first round.
TEST(pace, when_the_shortest_job_ends_the_step_takes_the_length_of_the_next) {
  std::map<job_id, job_progress> jobs{
    {{"long"}, {9000, {0, 0, 0, 900}, 0, false, true, 0}},
    {{"short"}, {900, one_round_per_step(900, 0), 5, true, true, 0}}};
  EXPECT_TRUE(paces_that_change(jobs, 6).empty()) << "the same step again, after a kill";
  const auto next = paces_that_change(jobs, 7);
  ASSERT_EQ(next.size(), 1U);
  const auto pace = next.at({"long"});
  EXPECT_EQ(pace, (job_pace{6, 0, 5400, 9000}));
  EXPECT_EQ(rounds_due(pace, 9000, 7), 1U);
  std::vector<job_progress> all{jobs.at({"long"}), jobs.at({"short"})};
  EXPECT_EQ(steps_done_of(all), 5U); // one less at most
  all[0].pace = pace;
  EXPECT_EQ(steps_done_of(all), 6U);
}

/// Played in one step per round by an earlier version, four rounds each.
TEST(pace, jobs_that_were_played_in_step_go_on_from_there) {
  std::map<job_id, job_progress> jobs{
    {{"long"}, {2700, one_round_per_step(2700, 0), 4, false, true, 0}},
    {{"short"}, {900, one_round_per_step(900, 0), 4, false, true, 0}}};
  const auto next = paces_that_change(jobs, 5);
  ASSERT_EQ(next.size(), 1U);
  EXPECT_EQ(next.at({"long"}), (job_pace{4, 4, 0, 900}));
  jobs[{"long"}].pace = next.at({"long"});
  EXPECT_EQ(rounds_due(jobs[{"long"}].pace, 2700, 6), 4U);
  EXPECT_EQ(rounds_due(jobs[{"long"}].pace, 2700, 7), 5U);
}

} // namespace
} // namespace sluice
