#include "rules/trading/event.hpp"
#include "rules/trading/run_time.hpp"
#include "tests/support/trading_feed_of.hpp"

#include <gtest/gtest.h>

namespace sluice {

namespace {

trading_settings with_feeds(std::vector<trading_feed_kind> kinds, bool now = false) {
  trading_settings x;
  for (const auto kind : kinds)
    x.feeds.push_back(test::trading_feed_of("f" + std::to_string(x.feeds.size()), kind));
  if (now)
    x.now_us = 1'700'000'000 * us_per_second;
  return x;
}

} // namespace

TEST(trading_run_time, a_step_follows_the_one_before_by_its_blocks) {
  const int64_t start = 1'000 * us_per_second;
  EXPECT_EQ(step_moment_us(start, 0, 75, 12), start);
  EXPECT_EQ(step_moment_us(start, 1, 75, 12), start + 900 * us_per_second);
  EXPECT_EQ(step_moment_us(start, 96, 75, 12), start + us_per_day);
  EXPECT_EQ(step_moment_us(start, UINT64_MAX, UINT64_MAX, 3600), time_us_max);
  EXPECT_EQ(step_moment_us(time_us_max, 1, 1, 1), time_us_max);
}

TEST(trading_run_time, recordings_end_and_everything_else_goes_on) {
  using enum trading_feed_kind;
  EXPECT_TRUE(is_stepped(with_feeds({world})));
  EXPECT_TRUE(is_endless(with_feeds({world})));
  EXPECT_TRUE(is_endless(with_feeds({world}, true)));
  EXPECT_TRUE(is_stepped(with_feeds({file}, true)));
  EXPECT_FALSE(is_endless(with_feeds({file}, true)));
  EXPECT_FALSE(is_stepped(with_feeds({file})));
  EXPECT_TRUE(is_endless(with_feeds({file})));
  EXPECT_FALSE(is_stepped(with_feeds({taostats, file})));
  EXPECT_TRUE(is_endless(with_feeds({taostats, file}, true)));
}

TEST(trading_run_time, something_is_due_after_its_seconds_and_when_the_clock_went_back) {
  EXPECT_FALSE(is_due(0, 3'599 * us_per_second + 999'999, 3'600));
  EXPECT_TRUE(is_due(0, 3'600 * us_per_second, 3'600));
  EXPECT_TRUE(is_due(10, 9, 3'600));
  EXPECT_TRUE(is_due(10, 10, 0));
}

} // namespace sluice
