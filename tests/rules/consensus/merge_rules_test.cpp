#include "rules/consensus/merge.hpp"

#include <gtest/gtest.h>

namespace sluice {
namespace {

TEST(consensus_rules, take_the_weighted_mean_and_the_plain_one_without_weights) {
  const std::vector<double> values{1000, 1200, 900};
  EXPECT_NEAR(weighted_mean(values, std::vector<double>{1.0, 0.8, 0.9}), 1025.925925925926, 1e-9);
  EXPECT_NEAR(weighted_mean(values, std::vector<double>{0, 0, 0}), 3100.0 / 3, 1e-9);
}

vote_result vote(const std::vector<double>& yes, const std::vector<double>& no) {
  std::vector<vote_entry> entries;
  for (const auto x : yes)
    entries.push_back({"true", x, entries.size() + 1, static_cast<uint16_t>(entries.size())});
  for (const auto x : no)
    entries.push_back({"false", x, entries.size() + 1, static_cast<uint16_t>(entries.size())});
  auto made = weighted_vote(entries, 0.6);
  made.winner = entries[made.winner].key == "true" ? 1 : 0;
  return made;
}

TEST(consensus_rules, let_exactly_sixty_per_cent_win) {
  EXPECT_EQ(vote({1, 1, 1}, {1, 1}).winner, 1U);
  EXPECT_FALSE(vote({1, 1, 1}, {1, 1}).conflict);
  EXPECT_FALSE(vote({0.1, 0.2, 0.3}, {0.4}).conflict); // 0.6000000000000001 of 1 either way
  EXPECT_TRUE(vote({0.59}, {0.41}).conflict);
  EXPECT_EQ(vote({0.59}, {0.41}).winner, 1U);
}

TEST(consensus_rules, let_the_most_recent_of_two_equal_halves_stand) {
  const auto made = vote({1}, {1});
  EXPECT_TRUE(made.conflict);
  EXPECT_EQ(made.winner, 0U);
}

TEST(consensus_rules, take_the_newest_of_those_with_eight_tenths_of_the_highest_weight) {
  const std::vector<vote_entry> entries{
    {"", 1.0, 100, 48}, {"", 0.85, 200, 49}, {"", 0.7, 300, 50}};
  EXPECT_EQ(newest_of_high(entries, 0.8), 1U);
  const std::vector<vote_entry> two{entries[0], entries[2]};
  EXPECT_EQ(newest_of_high(two, 0.8), 0U);
  const std::vector<vote_entry> equal{{"", 0.9, 5, 9}, {"", 1.0, 5, 8}, {"", 1.0, 5, 7}};
  EXPECT_EQ(newest_of_high(equal, 0.8), 2U); // then the weight, then the lower uid
  const std::vector<vote_entry> exact{{"", 1.0, 1, 1}, {"", 0.8, 2, 2}};
  EXPECT_EQ(newest_of_high(exact, 0.8), 1U);
}

TEST(consensus_rules, take_the_conflicts_off_before_the_confidence_is_bounded) {
  const auto measured = measure_consensus(1.0, 2, 1, 4);
  EXPECT_DOUBLE_EQ(measured.conflict_ratio, 0.25);
  EXPECT_DOUBLE_EQ(measured.confidence, 0.95);
  EXPECT_TRUE(measured.eligible);
  EXPECT_FALSE(measure_consensus(0.8, 2, 2, 4).eligible);
  EXPECT_FALSE(measure_consensus(0.8, 1, 0, 4).eligible); // no quorum
  EXPECT_DOUBLE_EQ(measure_consensus(1.0, 5, 0, 13).confidence, 1);
  EXPECT_DOUBLE_EQ(measure_consensus(0.1, 2, 9, 9).confidence, 0);
  EXPECT_DOUBLE_EQ(measure_consensus(0.1, 2, 0, 0).conflict_ratio, 0);
}

} // namespace
} // namespace sluice
