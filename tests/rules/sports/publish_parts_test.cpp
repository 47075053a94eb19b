#include "rules/sports/publish_parts.hpp"

#include <gtest/gtest.h>

namespace sluice {
namespace {

constexpr int64_t second_of_blocks = 1'000'000;

TEST(sports_publish_parts, tell_the_block_of_an_earlier_moment) {
  EXPECT_EQ(block_before(1000, 0, 12), 1000U);
  EXPECT_EQ(block_before(1000, -5, 12), 1000U);
  EXPECT_EQ(block_before(1000, 3600 * second_of_blocks, 12), 700U);
  EXPECT_EQ(block_before(1000, 3599 * second_of_blocks, 12), 701U) << "whole blocks only";
  EXPECT_EQ(block_before(10, 3600 * second_of_blocks, 12), 1U);
}

TEST(sports_publish_parts, score_when_both_the_time_and_the_blocks_have_passed) {
  const sports_settings rules; // 3600 s, more than 60 blocks
  EXPECT_FALSE(scoring_is_due(3599 * second_of_blocks, 12, rules));
  EXPECT_TRUE(scoring_is_due(3600 * second_of_blocks, 12, rules));
  EXPECT_FALSE(scoring_is_due(3600 * second_of_blocks, 60, rules)) << "60 blocks are not more";
  EXPECT_TRUE(scoring_is_due(3660 * second_of_blocks, 60, rules));
  EXPECT_FALSE(scoring_is_due(-1, 12, rules));
}

sports_standing standing_with(uint16_t uid, double weight) {
  sports_standing x;
  x.uid = {uid};
  x.key = {"k" + std::to_string(uid)};
  x.weight = weight;
  return x;
}

/// One whose hotkey has left the subnet since.
TEST(sports_publish_parts, hand_in_weights_of_sum_1) {
  using weights = std::map<miner_uid, double>;
  const sports_scores scores{0,
                             {standing_with(1, 0.25), standing_with(2, 0.5), standing_with(3, 0)}};
  EXPECT_EQ(published_weights(scores), (weights{{{1}, 0.25 / 0.75}, {{2}, 0.5 / 0.75}}));
  EXPECT_TRUE(published_weights({}).empty());
  EXPECT_TRUE(published_weights({0, {standing_with(3, 0)}}).empty());
}

TEST(sports_publish_parts, count_whoever_predicted_and_is_registered) {
  const std::map<hotkey, miner_uid> registered{{{"a"}, {7}}, {{"b"}, {3}}, {{"c"}, {5}}};
  const auto members = members_of(registered, {{{"a"}, {}}, {{"gone"}, {}}}, {{{"b"}, 2}});
  ASSERT_EQ(members.size(), 2U);
  EXPECT_EQ(members[0].uid, miner_uid{3});
  EXPECT_FALSE(members[0].valid) << "it has no prediction any more";
  EXPECT_EQ(members[1].uid, miner_uid{7});
  EXPECT_TRUE(members[1].valid);
}

} // namespace
} // namespace sluice
