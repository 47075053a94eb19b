#include "rules/sports/tiers.hpp"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace sluice {
namespace {

constexpr int64_t tier_today = 20'000;

hotkey tier_key(uint16_t uid) {
  return {"miner-" + std::to_string(uid)};
}

/// Small tiers: 10 slots hold 2, 2, 1, 1.
class sports_tiers_rules : public ::testing::Test {
protected:
  sports_tiers_rules() {
    rules_.slots = 10;
    rules_.tiers[3].capacity_share = 0.1;
    rules_.tiers[4].capacity_share = 0.1;
    for (auto& terms : rules_.tiers)
      terms.wagered_min = 0;
  }

  void member(uint16_t uid, double composite, uint8_t tier = 0, bool valid = true) {
    members_.push_back({miner_uid{uid}, tier_key(uid), valid});
    auto& record = records_[tier_key(uid)];
    for (int64_t day = tier_today - 44; day <= tier_today; ++day)
      record.daily[day].composite = composite;
    if (tier > 0)
      state_.tiers[tier_key(uid)] = tier;
  }
  std::vector<tier_move> run() { return run_tiers(state_, tier_today, members_, records_, rules_); }
  int tier(uint16_t uid) const { return state_.tiers.at(tier_key(uid)); }

  sports_settings rules_;
  std::vector<sports_member> members_;
  sports_records records_;
  tier_state state_;
};

TEST_F(sports_tiers_rules, let_new_miners_in_at_the_bottom) {
  rules_.tiers[1].wagered_min = 1; // nobody may rise
  member(3, 0.5);
  member(1, 0.5);
  member(2, 0.5, 0, false);
  const auto moves = run();
  ASSERT_EQ(moves.size(), 2U);
  EXPECT_EQ(moves[0], (tier_move{tier_today, miner_uid{1}, tier_key(1), 0, 1}));
  EXPECT_EQ(moves[1], (tier_move{tier_today, miner_uid{3}, tier_key(3), 0, 1}));
  EXPECT_EQ(tier(2), 0);
  EXPECT_TRUE(run().empty()) << "nothing changes by itself";
}

TEST_F(sports_tiers_rules, fill_free_places_with_the_best) {
  for (uint16_t uid = 0; uid < 4; ++uid)
    member(uid, uid, 1);
  run();
  EXPECT_EQ(tier(3), 2);
  EXPECT_EQ(tier(2), 2);
  EXPECT_EQ(tier(1), 1) << "tier 2 holds two";
  EXPECT_EQ(tier(0), 1);
  run();
  EXPECT_EQ(tier(3), 3) << "one tier a day";
}

TEST_F(sports_tiers_rules, prefer_the_lower_uid_among_equals) {
  for (const uint16_t uid : {7, 4, 9})
    member(uid, 1.0, 1);
  run();
  EXPECT_EQ(tier(4), 2);
  EXPECT_EQ(tier(7), 2);
  EXPECT_EQ(tier(9), 1);
}

TEST_F(sports_tiers_rules, exchange_the_worst_of_a_full_tier_for_better_ones) {
  for (auto& terms : rules_.tiers)
    terms.window_days = 45;
  rules_.tiers[2].wagered_min = 1; // tier 3 stays empty
  member(0, 1.0, 2);
  member(1, 3.0, 2);
  member(2, 2.0, 1);
  member(3, 1.0, 1);
  run();
  EXPECT_EQ(tier(0), 1);
  EXPECT_EQ(tier(1), 2);
  EXPECT_EQ(tier(2), 2);
  EXPECT_EQ(tier(3), 1);
  member(4, 2.0, 1);
  run();
  EXPECT_EQ(tier(2), 2) << "an equal score does not win";
  EXPECT_EQ(tier(4), 1);
}

TEST_F(sports_tiers_rules, take_a_tier_away_that_is_not_earned) {
  rules_.tiers[4].wagered_min = 100;
  rules_.tiers[3].wagered_min = 50;
  rules_.tiers[2].wagered_min = 50;
  member(0, 1.0, 5);
  records_[tier_key(0)].wagered[tier_today] = 10;
  const auto moves = run();
  EXPECT_EQ(tier(0), 2) << "it falls until it fulfils what is asked";
  ASSERT_EQ(moves.size(), 1U);
  EXPECT_EQ(moves[0].from, 5);
  EXPECT_EQ(moves[0].to, 2);
}

TEST_F(sports_tiers_rules, ask_for_no_losses_once_there_are_enough_days) {
  member(0, 1.0, 3);
  auto& record = records_[tier_key(0)];
  for (int64_t day = tier_today - 3; day <= tier_today; ++day)
    record.daily[day].roi = -0.1;
  EXPECT_EQ(tier_fault(&record, 3, tier_today, rules_), "") << "four days are too few";
  record.daily[tier_today - 4].roi = -0.1;
  EXPECT_NE(tier_fault(&record, 3, tier_today, rules_), "");
  record.daily[tier_today - 4].roi = 0.4;
  EXPECT_EQ(tier_fault(&record, 3, tier_today, rules_), "") << "a mean of 0 is no loss";
  record.daily[tier_today - 4].roi = 0.39;
  EXPECT_NE(tier_fault(&record, 3, tier_today, rules_), "");
  EXPECT_EQ(tier_fault(&record, 2, tier_today, rules_), "") << "tier 2 has no such rule";
}

TEST_F(sports_tiers_rules, take_everything_from_who_is_invalid) {
  member(0, 1.0, 4, false);
  run();
  EXPECT_EQ(tier(0), 0);
  members_[0].valid = true;
  run();
  EXPECT_LE(tier(0), 2) << "it begins again";
}

TEST_F(sports_tiers_rules, run_every_day_that_was_missed_once) {
  for (uint16_t uid = 0; uid < 3; ++uid)
    member(uid, 1.0 + uid);
  auto straight = state_;
  std::vector<tier_move> expected;
  for (int64_t day = tier_today - 5; day <= tier_today; ++day)
    for (auto& x : run_tiers(straight, day, members_, records_, rules_))
      expected.push_back(x);
  auto state = state_;
  auto moves = advance_tiers(state, tier_today - 5, tier_today - 3, members_, records_, rules_);
  for (auto& x : advance_tiers(state, 0, tier_today, members_, records_, rules_))
    moves.push_back(x);
  EXPECT_EQ(moves, expected);
  EXPECT_EQ(state, straight);
  EXPECT_TRUE(advance_tiers(state, 0, tier_today, members_, records_, rules_).empty());
}

TEST(sports_tier_capacity, is_a_whole_part_of_the_slots) {
  const sports_settings rules;
  EXPECT_EQ(tier_capacity(1, rules), 256U);
  EXPECT_EQ(tier_capacity(2, rules), 51U);
  EXPECT_EQ(tier_capacity(3, rules), 51U);
  EXPECT_EQ(tier_capacity(4, rules), 25U);
  EXPECT_EQ(tier_capacity(5, rules), 12U);
}

} // namespace
} // namespace sluice
