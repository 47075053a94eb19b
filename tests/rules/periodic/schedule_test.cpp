#include "rules/periodic/schedule.hpp"

#include <gtest/gtest.h>

#include <limits>
#include <random>
#include <vector>

namespace sluice::test {
namespace {

TEST(periodic_schedule, runs_a_period_after_the_last_start_within_its_jitter) {
  // BET-TASK-2
  EXPECT_NEAR(next_run(1000, 60, 0.1, 0, 1001), 1054, 1e-9);
  EXPECT_NEAR(next_run(1000, 60, 0.1, 0.5, 1001), 1060, 1e-9);
  EXPECT_NEAR(next_run(1000, 60, 0.1, 1, 1001), 1066, 1e-9);
}

TEST(periodic_schedule, makes_up_for_no_run_that_was_missed) {
  EXPECT_NEAR(next_run(1000, 60, 0, 0.5, 1200), 1200.1, 1e-9); // BET-TASK-3
  EXPECT_NEAR(next_run(1000, 60, 0, 0.5, 1060), 1060.1, 1e-9); // now is not later than now
  EXPECT_NEAR(next_run(1000, 60, 0, 0.5, 1059.99), 1060, 1e-9);
}

TEST(periodic_schedule, waits_a_tenth_of_a_second_at_least) {
  EXPECT_NEAR(next_run(1000, 1, 1, 0, 1000), 1000.1, 1e-9); // the jitter takes all of the interval
  EXPECT_NEAR(next_run(1000, 0.01, 0, 0.5, 1000), 1000.1, 1e-9);
}

TEST(periodic_schedule, is_within_its_bounds_for_any_numbers) {
  std::mt19937_64 chance{7};
  std::uniform_real_distribution<double> some{0, 1};
  for (int i = 0; i < 2000; ++i) {
    const auto last = 1000 * some(chance);
    const auto interval = 0.1 + 100 * some(chance);
    const auto jitter = some(chance);
    const auto now = last + 150 * some(chance);
    const auto at = next_run(last, interval, jitter, some(chance), now);
    EXPECT_GT(at, now) << "seed 7, number " << i;
    EXPECT_GE(at, last + 0.1 - 1e-9) << "seed 7, number " << i;
    EXPECT_LE(at, std::max(last + interval * (1 + jitter), now) + 0.1 + 1e-9)
      << "seed 7, number " << i;
  }
}

TEST(periodic_schedule, doubles_the_pauses_between_retries) {
  EXPECT_EQ(retry_delays(1, 2, 3), (std::vector<double>{1, 2, 4})); // BET-TASK-1
  EXPECT_EQ(retry_delays(1, 2, 8), (std::vector<double>{1, 2, 4, 8, 16, 32, 60, 60}));
  EXPECT_EQ(retry_delays(0.5, 3, 3), (std::vector<double>{0.5, 1.5, 4.5}));
  EXPECT_TRUE(retry_delays(1, 2, 0).empty());
  EXPECT_EQ(retry_delays(1, 2, UINT64_MAX).size(), 1000U);
  const periodic_terms terms;
  for (uint64_t i = 1; i <= 8; ++i)
    EXPECT_EQ(retry_delay_ms(terms, i), 1000 * retry_delays(1, 2, 8)[i - 1]) << i;
}

TEST(periodic_schedule, doubles_the_pauses_between_connections) {
  const std::vector<double> expected{1, 2, 4, 8, 16, 32, 60, 60}; // BET-RECON-1
  for (size_t i = 0; i < expected.size(); ++i)
    EXPECT_EQ(reconnect_delay(1, 60, i), expected[i]) << i;
  EXPECT_EQ(reconnect_delay(5, 300, UINT64_MAX), 300);
}

TEST(periodic_schedule, takes_any_number_for_chance) {
  EXPECT_EQ(unit_of(0), 0);
  EXPECT_LT(unit_of(UINT64_MAX), 1);
  EXPECT_EQ(unit_of(uint64_t{1} << 63), 0.5);
}

TEST(periodic_schedule, states_which_term_is_out_of_range) {
  const auto why = [](auto change) {
    periodic_terms x;
    change(x);
    return terms_fault(x);
  };
  EXPECT_EQ(why([](auto&) {}), "");
  EXPECT_EQ(why([](auto& x) { x.interval_ms = 99; }),
            "interval_ms: expected 100 to 604800000, got 99");
  EXPECT_TRUE(why([](auto& x) { x.jitter = 1.5; }).starts_with("jitter: "));
  EXPECT_TRUE(why([](auto& x) {
                x.jitter = std::numeric_limits<double>::quiet_NaN();
              }).starts_with("jitter: "));
  EXPECT_TRUE(why([](auto& x) { x.max_retries = 11; }).starts_with("max_retries: "));
  EXPECT_TRUE(why([](auto& x) { x.backoff_factor = 0.5; }).starts_with("backoff_factor: "));
  EXPECT_TRUE(why([](auto& x) { x.retry_delay_ms = 0; }).starts_with("retry_delay_ms: "));
}

TEST(periodic_schedule, knows_names_of_tasks) {
  for (const auto* good : {"games", "a.b-c_9", "9a"})
    EXPECT_TRUE(is_task_name(good)) << good;
  for (const auto* bad : {"", "9", "Games", "a b", "a/b"}) // digits only are an id
    EXPECT_FALSE(is_task_name(bad)) << bad;
  EXPECT_FALSE(is_task_name(std::string(65, 'a')));
}

} // namespace
} // namespace sluice::test
