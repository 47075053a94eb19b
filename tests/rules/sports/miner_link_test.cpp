#include "rules/sports/miner_link.hpp"

#include <gtest/gtest.h>

namespace sluice {
namespace {

using enum miner_link_action;

TEST(miner_link, goes_from_idle_to_online) {
  miner_link link;
  EXPECT_EQ(link.due(1), connect);
  EXPECT_EQ(link.state(), miner_link_state::connecting);
  EXPECT_EQ(link.due(5'000), none);
  link.opened(4'000);
  EXPECT_EQ(link.due(13'999), none) << "ten seconds to be let in";
  link.welcomed(13'999);
  EXPECT_TRUE(link.online());
  EXPECT_EQ(link.due(43'998), none);
  EXPECT_EQ(link.due(43'999), heartbeat);
  EXPECT_EQ(link.due(44'000), none) << "one heartbeat per interval";
}

TEST(miner_link, gives_up_what_takes_too_long) {
  miner_link link;
  link.due(1);
  EXPECT_EQ(link.due(5'001), drop);
  link.lost(5'001, 0);
  EXPECT_EQ(link.state(), miner_link_state::waiting);
  link = miner_link{};
  link.due(1);
  link.opened(2);
  EXPECT_EQ(link.due(10'002), drop);
}

TEST(miner_link, ends_a_connection_that_is_silent) {
  miner_link link;
  link.due(1);
  link.opened(1);
  link.welcomed(1);
  link.received(100'000);
  EXPECT_NE(link.due(249'999), drop);
  EXPECT_EQ(link.due(250'000), drop);
}

TEST(miner_link, waits_longer_after_every_failure) {
  miner_link link;
  uint64_t now = 1;
  for (const uint64_t expected : {1'000, 2'000, 4'000, 8'000, 16'000, 32'000, 60'000, 60'000}) {
    ASSERT_EQ(link.due(now), connect);
    const auto pause = link.lost(now, uint64_t{1} << 63); // the middle
    EXPECT_EQ(pause, expected);
    EXPECT_EQ(link.due(now + pause - 1), none);
    now += pause;
  }
  for (const auto chance : {uint64_t{0}, ~uint64_t{0}}) {
    const auto pause = miner_link_pause_ms({}, 0, chance);
    EXPECT_GE(pause, 900U);
    EXPECT_LE(pause, 1'100U);
  }
}

TEST(miner_link, forgets_failures_once_it_is_stable) {
  miner_link link;
  link.due(1);
  link.lost(1, 0);
  link.due(10'000);
  link.opened(10'000);
  link.welcomed(10'000);
  link.lost(39'999, 0);
  EXPECT_EQ(link.failures(), 2U) << "half a minute was not over";
  link.due(100'000);
  link.opened(100'000);
  link.welcomed(100'000);
  link.lost(130'000, 0);
  EXPECT_EQ(link.failures(), 1U);
}

} // namespace
} // namespace sluice
