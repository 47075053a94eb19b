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
  EXPECT_FALSE(scoring_is_due(5, 5 + (3599 * second_of_blocks), 12, rules));
  EXPECT_TRUE(scoring_is_due(5, 5 + (3600 * second_of_blocks), 12, rules));
  EXPECT_FALSE(scoring_is_due(5, 5 + (3600 * second_of_blocks), 60, rules))
    << "60 blocks are not more";
  EXPECT_TRUE(scoring_is_due(5, 5 + (3660 * second_of_blocks), 60, rules));
  EXPECT_FALSE(scoring_is_due(5, 5 + (-1), 12, rules));
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

stored_prediction wager_at(uint64_t number, const std::string& key, int64_t at_us) {
  stored_prediction x;
  x.number = number;
  x.prediction_id = std::to_string(number);
  x.game_id = "g";
  x.key = {key};
  x.received_us = at_us;
  x.odds = 2 * nano_one;
  x.wager = static_cast<nano>(number) * nano_one;
  return x;
}

TEST(sports_publish_parts, leave_out_wagers_of_the_moment_itself) {
  constexpr int64_t noon_us = 43'200'000'000;
  sports_book book;
  sports_game game;
  game.external_id = "g";
  game.start_us = 2 * noon_us;
  book.put(game);
  for (const auto& x : {wager_at(1, "a", noon_us - 1), wager_at(2, "a", noon_us),
                        wager_at(3, "b", noon_us), wager_at(4, "a", noon_us)})
    ASSERT_TRUE(book.apply(x));
  using wagers = std::map<hotkey, nano>;
  EXPECT_EQ(wagered_before(book, noon_us), (wagers{{{"a"}, 1 * nano_one}}));
  EXPECT_EQ(wagered_before(book, noon_us + 1),
            (wagers{{{"a"}, 7 * nano_one}, {{"b"}, 3 * nano_one}}));
  EXPECT_TRUE(wagered_before(book, 3 * noon_us).empty()) << "another day";
}

} // namespace
} // namespace sluice
