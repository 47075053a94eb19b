#include "rules/periodic/periodic_task.hpp"

#include <gtest/gtest.h>

#include <random>

namespace sluice::test {
namespace {

constexpr uint64_t middle = uint64_t{1} << 63; // no jitter
constexpr uint64_t unix_begin = 1'700'000'000'000;

task_moment at(uint64_t ms) {
  return {ms, unix_begin + ms};
}

periodic_terms every_minute() {
  periodic_terms x;
  x.initial_delay_ms = 5000;
  return x;
}

periodic_task games(const periodic_terms& terms = every_minute()) {
  return {1, "games", terms, at(0)};
}

TEST(periodic_task_test, runs_after_its_initial_delay_and_then_every_interval) {
  auto task = games();
  EXPECT_EQ(task.due_ms(), 5000U);
  EXPECT_FALSE(task.begin(at(4999)));
  EXPECT_EQ(task.begin(at(5000)), (task_attempt{1, 1}));
  EXPECT_EQ(task.state(), periodic_state::running);
  EXPECT_FALSE(task.begin(at(200'000))); // never twice at a time
  const auto end = task.ended("", at(6000), middle);
  ASSERT_TRUE(end);
  EXPECT_FALSE(end->failed);
  EXPECT_EQ(end->took_ms, 1000U);
  EXPECT_EQ(task.due_ms(), 65'000U); // from the start of the last one
  EXPECT_EQ(task.begin(at(65'000)), (task_attempt{2, 1}));
  task.ended("", at(200'000), middle); // longer than its interval
  EXPECT_EQ(task.due_ms(), 200'100U);
}

TEST(periodic_task_test, retries_after_1_2_4_seconds_and_then_waits_for_its_next_period) {
  auto task = games();
  uint64_t now = 5000;
  for (uint64_t attempt = 1; attempt <= 4; ++attempt) {
    ASSERT_EQ(task.begin(at(now)), (task_attempt{1, attempt}));
    const auto end = task.ended("broken", at(now), middle);
    ASSERT_TRUE(end && end->failed);
    EXPECT_EQ(end->retry_in_ms, attempt == 4 ? 0U : 1000U << (attempt - 1));
    now += end->retry_in_ms;
    if (end->retries()) {
      EXPECT_EQ(task.state(), periodic_state::retrying);
      EXPECT_EQ(task.due_ms(), now);
    }
  }
  EXPECT_EQ(task.due_ms(), 65'000U);
  auto seen = task.view(at(now));
  EXPECT_EQ(seen.runs, 1U);
  EXPECT_EQ(seen.failures, 1U);
  EXPECT_EQ(seen.consecutive_failures, 1U);
  EXPECT_EQ(seen.errors, 4U);
  EXPECT_EQ(seen.retries, 3U);
  EXPECT_EQ(seen.last_error, "broken");
  EXPECT_EQ(seen.last_error_ms, unix_begin + now);
  // The budget is new in the next run.
  ASSERT_TRUE(task.begin(at(65'000)));
  EXPECT_EQ(task.ended("broken", at(65'000), middle)->retry_in_ms, 1000U);
  ASSERT_TRUE(task.begin(at(66'000)));
  EXPECT_FALSE(task.ended("", at(66'000), middle)->failed);
  seen = task.view(at(66'000));
  EXPECT_EQ(seen.successes, 1U);
  EXPECT_EQ(seen.consecutive_failures, 0U);
}

TEST(periodic_task_test, one_that_takes_too_long_has_failed_but_nothing_begins_before_its_answer) {
  auto terms = every_minute();
  terms.timeout_ms = 2000;
  auto task = games(terms);
  ASSERT_TRUE(task.begin(at(5000)));
  EXPECT_EQ(task.due_ms(), 7000U);
  EXPECT_FALSE(task.late(at(6999), middle));
  const auto late = task.late(at(7000), middle);
  ASSERT_TRUE(late && late->failed);
  EXPECT_EQ(late->why, "it took longer than 2000 ms");
  EXPECT_FALSE(task.due_ms()); // until it answers
  EXPECT_FALSE(task.begin(at(60'000)));
  EXPECT_EQ(task.state(), periodic_state::running);
  EXPECT_EQ(task.run_now(at(60'000)).error().code, ec::busy);
  EXPECT_FALSE(task.ended("", at(60'000), middle)); // it was judged
  EXPECT_EQ(task.due_ms(), 60'000U);
  EXPECT_EQ(task.begin(at(60'000)), (task_attempt{1, 2})); // the retry
  const auto seen = task.view(at(60'000));
  EXPECT_EQ(seen.timeouts, 1U);
  EXPECT_EQ(seen.skipped, 1U);
}

TEST(periodic_task_test, pauses_and_resumes) {
  auto task = games();
  ASSERT_TRUE(task.begin(at(5000)));
  ASSERT_TRUE(task.pause());
  EXPECT_EQ(task.pause().error().code, ec::refused);
  EXPECT_EQ(task.state(), periodic_state::running); // the one in hand ends
  EXPECT_FALSE(task.ended("broken", at(6000), middle)->retries());
  EXPECT_EQ(task.state(), periodic_state::paused);
  EXPECT_FALSE(task.due_ms());
  EXPECT_FALSE(task.view(at(6000)).is_scheduled);
  ASSERT_TRUE(task.resume(at(30'000), middle));
  EXPECT_EQ(task.due_ms(), 65'000U);
  EXPECT_EQ(task.resume(at(30'000), middle).error().code, ec::refused);
  ASSERT_TRUE(task.begin(at(65'000)));
  ASSERT_TRUE(task.ended("broken", at(65'000), middle)->retries());
  ASSERT_TRUE(task.pause()); // its retry is given up
  EXPECT_EQ(task.view(at(65'000)).runs, 2U);
  ASSERT_TRUE(task.resume(at(300'000), middle));
  EXPECT_EQ(task.due_ms(), 300'100U);
}

TEST(periodic_task_test, runs_now_when_it_is_wanted) {
  auto task = games();
  ASSERT_TRUE(task.run_now(at(100)));
  EXPECT_EQ(task.begin(at(100)), (task_attempt{1, 1}));
  EXPECT_EQ(task.run_now(at(100)).error().code, ec::busy);
  task.ended("broken", at(200), middle);
  ASSERT_TRUE(task.run_now(at(300))); // ends the run that waits for its retry
  EXPECT_EQ(task.begin(at(300)), (task_attempt{2, 1}));
  task.ended("", at(400), middle);
  EXPECT_EQ(task.view(at(400)).failures, 1U);
  ASSERT_TRUE(task.pause());
  ASSERT_TRUE(task.run_now(at(500), 1000)); // also while it is paused
  EXPECT_EQ(task.begin(at(500)), (task_attempt{3, 1}));
  EXPECT_EQ(task.due_ms(), 1500U);
  EXPECT_FALSE(task.late(at(1500), middle)->retries()); // with a limit there are no retries
  task.ended("", at(1600), middle);
  EXPECT_EQ(task.state(), periodic_state::paused);
  EXPECT_FALSE(task.due_ms());
}

TEST(periodic_task_test, waits_for_an_owner_and_goes_on_with_the_next) {
  auto task = games();
  ASSERT_TRUE(task.begin(at(5000)));
  const auto end = task.owner_gone("it ended", at(6000), middle);
  ASSERT_TRUE(end && end->failed && !end->retries());
  EXPECT_EQ(task.state(), periodic_state::ownerless);
  EXPECT_FALSE(task.due_ms());
  EXPECT_EQ(task.run_now(at(6000)).error().code, ec::refused);
  auto terms = every_minute();
  terms.interval_ms = 30'000;
  task.owner_came(terms, at(7000), middle);
  EXPECT_EQ(task.due_ms(), 35'000U);
  EXPECT_EQ(task.view(at(7000)).interval_s, 30);
  EXPECT_EQ(task.view(at(7000)).next_in_ms, 28'000U);
}

TEST(periodic_task_test, shows_the_mean_of_the_last_hundred_durations) {
  auto terms = every_minute();
  terms.initial_delay_ms = 0;
  auto task = games(terms);
  uint64_t now = 0;
  for (uint64_t i = 1; i <= 150; ++i) {
    now = std::max(now, *task.due_ms());
    ASSERT_TRUE(task.begin(at(now)));
    now += i * 10; // 51 to 150 are kept: a mean of 1005 ms
    task.ended("", at(now), middle);
  }
  const auto seen = task.view(at(now));
  EXPECT_NEAR(seen.avg_duration_s, 1.005, 1e-9);
  EXPECT_NEAR(seen.min_duration_s, 0.01, 1e-9);
  EXPECT_NEAR(seen.max_duration_s, 1.5, 1e-9);
  EXPECT_NEAR(seen.total_duration_s, 113.25, 1e-6);
  EXPECT_NEAR(seen.last_duration_s, 1.5, 1e-9);
}

/// Whatever happens, in whatever order: never two attempts at a time, never more than the budget,
/// every run is counted once.
TEST(periodic_task_test, keeps_its_promises_in_any_order_of_orders) {
  for (uint32_t seed = 1; seed <= 40; ++seed) {
    std::mt19937_64 chance{seed};
    auto terms = every_minute();
    terms.timeout_ms = seed % 2 == 0 ? 3000 : 0;
    auto task = games(terms);
    uint64_t now = 0, begun = 0, attempts_judged = 0;
    bool owner_works = false;
    uint64_t attempts_of_run = 0, last_run = 0;
    const auto judged
      = [&](const std::optional<task_attempt_end>& x) { attempts_judged += x ? 1 : 0; };
    for (int i = 0; i < 2000; ++i) {
      now += chance() % 2000;
      judged(task.late(at(now), chance()));
      if (const auto x = task.begin(at(now))) {
        ASSERT_FALSE(owner_works) << "seed " << seed << ": two at a time";
        attempts_of_run = x->run == last_run ? attempts_of_run + 1 : 1;
        ASSERT_EQ(x->attempt, attempts_of_run) << "seed " << seed;
        ASSERT_LE(x->attempt, 1 + terms.max_retries) << "seed " << seed;
        ASSERT_TRUE(x->run == last_run || x->run == last_run + 1) << "seed " << seed;
        last_run = x->run;
        owner_works = true;
        ++begun;
      }
      switch (chance() % 12) {
      case 0:
        (void)task.pause();
        break;
      case 1:
        (void)task.resume(at(now), chance());
        break;
      case 2:
        ASSERT_FALSE(task.run_now(at(now), chance() % 2 * 1500) && owner_works) << "seed " << seed;
        break;
      case 3:
        if (chance() % 4 == 0) {
          judged(task.owner_gone("gone", at(now), chance()));
          owner_works = false;
          task.owner_came(terms, at(now), chance());
        }
        break;
      default:
        if (owner_works) {
          judged(task.ended(chance() % 2 == 0 ? "broken" : "", at(now), chance()));
          owner_works = false;
        }
      }
      const auto seen = task.view(at(now));
      ASSERT_EQ(seen.runs, seen.successes + seen.failures) << "seed " << seed;
      ASSERT_LE(seen.runs, last_run) << "seed " << seed;
      ASSERT_GE(seen.runs + 1, last_run) << "seed " << seed;
      ASSERT_EQ(seen.errors + seen.successes, attempts_judged) << "seed " << seed;
      ASSERT_EQ(begun, last_run + seen.retries) << "seed " << seed;
    }
    EXPECT_GT(task.view(at(now)).successes, 10U) << "seed " << seed;
  }
}

} // namespace
} // namespace sluice::test
