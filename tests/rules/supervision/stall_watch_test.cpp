#include "rules/supervision/stall_watch.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <random>
#include <string>
#include <utility>
#include <vector>

namespace sluice {
namespace {

using namespace std::chrono_literals;
using sights = std::vector<message_sight>;

TEST(stall_watch, names_a_message_that_is_in_hand_for_its_bound) {
  stall_watch watch{1s};
  const sights one{{7, 3, 5s}};
  for (int i = 0; i < 5; ++i)
    EXPECT_TRUE(watch.look(100s + i * 1s, one).empty()) << i;
  const auto stalled = watch.look(105s, one);
  ASSERT_EQ(stalled.size(), 1U);
  EXPECT_EQ(stalled[0].sight, 0U);
  EXPECT_EQ(stalled[0].lasted, 5s);
}

TEST(stall_watch, begins_anew_with_every_message_and_every_actor) {
  stall_watch watch{1s};
  for (uint64_t i = 0; i < 100; ++i)
    EXPECT_TRUE(watch.look(std::chrono::seconds{i}, sights{{7, i / 4, 4s}}).empty()) << i;
  for (uint64_t i = 0; i < 100; ++i) // another one with the same number of its message
    EXPECT_TRUE(watch.look(std::chrono::seconds{200 + i}, sights{{i / 4, 1, 4s}}).empty()) << i;
}

TEST(stall_watch, begins_anew_after_a_look_at_which_the_actor_was_idle) {
  stall_watch watch{1s};
  EXPECT_TRUE(watch.look(1s, sights{{7, 1, 3s}}).empty());
  EXPECT_TRUE(watch.look(2s, sights{{7, 1, 3s}}).empty());
  EXPECT_TRUE(watch.look(3s, sights{}).empty());
  EXPECT_TRUE(watch.look(4s, sights{{7, 1, 3s}}).empty());
  EXPECT_TRUE(watch.look(6s, sights{{7, 1, 3s}}).empty());
  EXPECT_FALSE(watch.look(7s, sights{{7, 1, 3s}}).empty());
}

TEST(stall_watch, lets_what_has_no_bound_take_its_time) {
  stall_watch watch{1s};
  for (int i = 0; i < 1000; ++i)
    EXPECT_TRUE(watch.look(i * 1s, sights{{7, 1, 0ms}}).empty());
}

TEST(stall_watch, blames_nobody_for_a_process_that_stood_still) {
  stall_watch watch{1s};
  EXPECT_TRUE(watch.look(1s, sights{{7, 1, 10s}}).empty());
  EXPECT_TRUE(watch.look(24h, sights{{7, 1, 10s}}).empty()) << "counts as two seconds";
  EXPECT_TRUE(watch.look(24h + 7s, sights{{7, 1, 10s}}).empty());
  EXPECT_TRUE(watch.look(48h, sights{{7, 1, 10s}}).empty());
  const auto stalled = watch.look(72h, sights{{7, 1, 8s}});
  ASSERT_EQ(stalled.size(), 1U);
  EXPECT_EQ(stalled[0].lasted, 8s);
}

TEST(stall_watch, agrees_with_a_history_that_is_kept_whole) {
  for (uint64_t seed = 1; seed <= 40; ++seed) {
    SCOPED_TRACE("seed " + std::to_string(seed));
    std::mt19937_64 rng{seed};
    stall_watch watch{10ms};
    std::vector<std::pair<std::chrono::milliseconds, sights>> history;
    std::chrono::milliseconds now{0};
    std::vector<uint64_t> messages(6, 1);
    for (int i = 0; i < 300; ++i) {
      now += std::chrono::milliseconds{rng() % 20};
      sights seen;
      for (uint64_t actor = 0; actor < messages.size(); ++actor) {
        if (rng() % 8 == 0)
          ++messages[actor];
        if (rng() % 12 != 0)
          seen.push_back({actor, messages[actor], 40ms});
      }
      history.emplace_back(now, seen);
      const auto stalled = watch.look(now, seen);
      size_t at = 0;
      for (size_t x = 0; x < seen.size(); ++x) {
        std::chrono::milliseconds lasted{0};
        for (auto k = history.size() - 1; k > 0; --k) {
          const auto& before = history[k - 1].second;
          const bool same = std::any_of(before.begin(), before.end(), [&](const auto& one) {
            return one.actor == seen[x].actor && one.message == seen[x].message;
          });
          if (!same)
            break;
          lasted += history[k].first - history[k - 1].first; // never above twice 10 ms here
        }
        if (lasted < 40ms)
          continue;
        ASSERT_LT(at, stalled.size());
        ASSERT_EQ(stalled[at].sight, x);
        ASSERT_EQ(stalled[at++].lasted, lasted);
      }
      ASSERT_EQ(at, stalled.size());
    }
  }
}

} // namespace
} // namespace sluice
