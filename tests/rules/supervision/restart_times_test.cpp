#include "rules/supervision/restart_times.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <random>
#include <vector>

namespace sluice {
namespace {

using namespace std::chrono_literals;
constexpr uint64_t all_of_it = UINT64_MAX;

TEST(restart_times, count_what_lies_in_the_window_and_the_edge_does) {
  restart_times times;
  EXPECT_EQ(times.count(), 0U);
  EXPECT_EQ(times.note(1s, 10s), 1U);
  EXPECT_EQ(times.note(11s, 10s), 2U);
  EXPECT_EQ(times.note(11s + 1ns, 10s), 2U);
  EXPECT_EQ(times.count(), 2U);
  EXPECT_EQ(times.note(1h, 10s), 1U);
}

TEST(restart_times, agree_with_counting_a_whole_history_anew) {
  for (uint64_t seed = 1; seed <= 30; ++seed) {
    SCOPED_TRACE("seed " + std::to_string(seed));
    std::mt19937_64 rng{seed};
    const std::chrono::nanoseconds window{1 + static_cast<int64_t>(rng() % 50)};
    restart_times times;
    std::vector<int64_t> history;
    int64_t now = 0;
    for (int i = 0; i < 400; ++i) {
      now += static_cast<int64_t>(rng() % 8);
      history.push_back(now);
      size_t straight = 0;
      for (const auto at : history)
        straight += now - at <= window.count() ? 1 : 0;
      ASSERT_EQ(times.note(std::chrono::nanoseconds{now}, window), straight);
    }
  }
}

TEST(restart_times, are_no_more_than_can_be_kept) {
  restart_times times;
  for (size_t i = 0; i < 3 * restart_times::counted_max; ++i)
    times.note(1s, 1h);
  EXPECT_EQ(times.count(), restart_times::counted_max);
}

TEST(restart_pause, is_none_at_first_and_doubles_up_to_the_longest) {
  for (const size_t none : {0U, 1U})
    EXPECT_EQ(restart_pause(none, 50ms, 5s, all_of_it), 0ns);
  EXPECT_EQ(restart_pause(2, 50ms, 5s, all_of_it), 50ms);
  EXPECT_EQ(restart_pause(3, 50ms, 5s, all_of_it), 100ms);
  EXPECT_EQ(restart_pause(4, 50ms, 150ms, all_of_it), 150ms);
  EXPECT_EQ(restart_pause(8, 50ms, 5s, all_of_it), 3200ms);
  for (const size_t many : {size_t{9}, size_t{10}, size_t{1'000'000}})
    EXPECT_EQ(restart_pause(many, 50ms, 5s, all_of_it), 5s);
  EXPECT_EQ(restart_pause(1'000'000, 0ns, 5s, all_of_it), 0ns);
  EXPECT_EQ(restart_pause(2, 50ms, 10ms, all_of_it), 10ms) << "the longest bounds the first, too";
  const std::chrono::nanoseconds huge{INT64_MAX};
  EXPECT_EQ(restart_pause(100, 1ns, huge, all_of_it), huge) << "without wrapping around";
}

TEST(restart_pause, keeps_half_of_itself_and_spreads_the_rest_evenly) {
  std::mt19937_64 rng{17};
  SCOPED_TRACE("seed 17");
  constexpr size_t draws = 20'000;
  double sum = 0;
  double squares = 0;
  for (size_t i = 0; i < draws; ++i) {
    const auto pause = restart_pause(2, 50ms, 5s, rng());
    ASSERT_GE(pause, 25ms);
    ASSERT_LE(pause, 50ms);
    const auto ms = std::chrono::duration<double, std::milli>(pause).count();
    sum += ms;
    squares += ms * ms;
  }
  // An even spread over 25 to 50: mean 37.5, variance 25^2 / 12.
  const double mean = sum / draws;
  EXPECT_NEAR(mean, 37.5, 0.2);
  EXPECT_NEAR(squares / draws - mean * mean, 625.0 / 12, 1.5);
  EXPECT_EQ(restart_pause(2, 50ms, 5s, 0), 25ms);
  EXPECT_EQ(restart_pause(2, 3ns, 5s, 0), 2ns);
  EXPECT_EQ(restart_pause(2, 3ns, 5s, all_of_it), 3ns);
}

} // namespace
} // namespace sluice
