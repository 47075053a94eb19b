#include "rules/sports/frame_queue.hpp"

#include <gtest/gtest.h>

#include <deque>
#include <random>
#include <vector>

namespace sluice {
namespace {

std::vector<std::string> all_of(sports_frame_queue& queue) {
  std::vector<std::string> all;
  while (const auto x = queue.pop())
    all.push_back(x->type);
  return all;
}

TEST(sports_frame_queue, gives_confirmations_then_games_then_the_rest_each_in_order) {
  sports_frame_queue queue{10};
  queue.push({frame_urgency::normal, "n1"});
  queue.push({frame_urgency::game_update, "g1"});
  queue.push({frame_urgency::confirmation, "c1"});
  queue.push({frame_urgency::normal, "n2"});
  queue.push({frame_urgency::confirmation, "c2"});
  EXPECT_EQ(queue.size(), 5U);
  EXPECT_EQ(all_of(queue), (std::vector<std::string>{"c1", "c2", "g1", "n1", "n2"}));
  EXPECT_EQ(queue.size(), 0U);
}

TEST(sports_frame_queue, that_is_full_lets_the_oldest_normal_frame_go) {
  sports_frame_queue queue{3};
  queue.push({frame_urgency::normal, "n1"});
  queue.push({frame_urgency::normal, "n2"});
  queue.push({frame_urgency::confirmation, "c1"});
  EXPECT_TRUE(queue.push({frame_urgency::normal, "n3"}));
  EXPECT_TRUE(queue.push({frame_urgency::confirmation, "c2"}));
  EXPECT_TRUE(queue.push({frame_urgency::game_update, "g1"}));
  EXPECT_EQ(queue.dropped(), 3U);
  EXPECT_FALSE(queue.push({frame_urgency::confirmation, "c3"}));
  EXPECT_FALSE(queue.push({frame_urgency::normal, "n4"}));
  EXPECT_EQ(queue.size(), 3U);
  EXPECT_EQ(all_of(queue), (std::vector<std::string>{"c1", "c2", "g1"}));
}

TEST(sports_frame_queue, loses_no_confirmation_whatever_comes) {
  const auto seed = std::random_device{}();
  SCOPED_TRACE("seed " + std::to_string(seed));
  std::mt19937_64 chance{seed};
  sports_frame_queue queue{20};
  std::deque<std::string> urgent;
  for (int i = 0; i < 50'000; ++i) {
    if (chance() % 3 == 0) {
      const auto x = queue.pop();
      ASSERT_EQ(x && x->urgency == frame_urgency::confirmation, !urgent.empty());
      if (!urgent.empty()) {
        ASSERT_EQ(x->type, urgent.front());
        urgent.pop_front();
      }
    } else {
      const auto urgency = static_cast<frame_urgency>(chance() % 3);
      const auto name = std::to_string(i);
      if (queue.push({urgency, name}) && urgency == frame_urgency::confirmation)
        urgent.push_back(name);
    }
    ASSERT_LE(queue.size(), 20U);
  }
}

} // namespace
} // namespace sluice
