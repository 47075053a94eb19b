#include "actors/sports/scoring.hpp"
#include "rules/sports/events.hpp"
#include "storage/sports/recall.hpp"
#include "storage/tables.hpp"
#include "tests/support/sports_world.hpp"

namespace sluice::test {
namespace {

namespace tables = storage::tables;

class sports_scoring_test : public sports_test {
protected:
  /// A game of this day on which miner 1 wins and miner 2 loses.
  void play_day(int64_t day) {
    const auto game = game_at("g" + std::to_string(day), 24 * day + 10);
    now_us = game.start_us - sports_hour_us;
    ask<sports_games_taken>(intake, sports_game_batch{now_us, {game}});
    const auto id = std::to_string(day);
    submit_one(intake, 1, claim("won-" + id, 1, game, game_outcome::team_a, 1000));
    submit_one(intake, 2, claim("lost-" + id, 2, game, game_outcome::team_b, 1000));
    now_us = game.start_us + sports_hour_us;
    ask<sports_games_taken>(intake,
                            sports_game_batch{now_us, {decided(game, game_outcome::team_a)}});
  }

  sports_scoring score() { return ask<sports_scoring>(scoring, sports_score_call{now_us}); }

  static const sports_standing& standing_of(const sports_scoring& x, uint16_t uid) {
    const auto at = std::ranges::find(x.scores.miners, miner_uid{uid}, &sports_standing::uid);
    if (at == x.scores.miners.end())
      throw std::runtime_error("uid " + std::to_string(uid) + " has no standing");
    return *at;
  }

  sports_intake_actor intake = make_intake();
  sports_scoring_actor scoring = make_scoring(intake);
};

TEST_F(sports_scoring_test, ranks_who_wins_above_who_loses) {
  play_day(0);
  const auto made = score();
  EXPECT_EQ(made.number, 1U);
  EXPECT_EQ(made.settled, 2U);
  ASSERT_EQ(made.scores.miners.size(), 2U) << "who never predicted does not take part";
  const auto& winner = standing_of(made, 1);
  const auto& loser = standing_of(made, 2);
  EXPECT_EQ(winner.tier, 1U);
  EXPECT_EQ(winner.wins, 1U);
  EXPECT_EQ(loser.losses, 1U);
  EXPECT_EQ(winner.lifetime_earnings, 2000 * nano_one);
  EXPECT_EQ(loser.lifetime_roi, -1);
  // Two of one tier: e^12 / (e^12 + 1) (facts/mechanisms D3.5).
  EXPECT_NEAR(winner.weight, std::exp(12.0) / (std::exp(12.0) + 1), 1e-12);
  EXPECT_NEAR(winner.weight + loser.weight, 1, 1e-12);
  EXPECT_EQ(made.moves, 2U) << "both entered tier 1";
  EXPECT_EQ(*storage::last_scoring(*disk), made);
  EXPECT_EQ(seen->standing(key_of(1))->wins, 1U);
  const auto events = events_of(sports_topics::scoring_complete);
  ASSERT_EQ(events.size(), 1U);
  ASSERT_EQ(events.front().scores.size(), 2U);
  EXPECT_EQ(events.front().scores.front().miner_uid, 1U);
  EXPECT_EQ(events.front().timestamp, event_time(now_us));
  ASSERT_EQ(events_of(sports_topics::miner_updated).size(), 2U);
  EXPECT_EQ(events_of(sports_topics::miner_updated).front().detail, "0 -> 1");
}

TEST_F(sports_scoring_test, answers_one_moment_once) {
  play_day(0);
  const auto made = score();
  EXPECT_EQ(score(), made);
  kill(scoring);
  scoring = make_scoring(intake);
  EXPECT_EQ(score(), made) << "from the disk";
  EXPECT_EQ(ask<sports_scoring>(scoring, atom::view_v), made);
  now_us += sports_hour_us;
  EXPECT_EQ(score().number, 2U);
}

TEST_F(sports_scoring_test, lets_a_miner_rise_and_tells_when) {
  for (int64_t day = 0; day < 5; ++day) {
    play_day(day);
    score();
  }
  const auto made = score();
  EXPECT_EQ(standing_of(made, 1).tier, 2U) << "4000 wagered in 7 days";
  EXPECT_EQ(standing_of(made, 2).tier, 2U);
  size_t moves = 0;
  ASSERT_TRUE(tables::sports_tier_moves.for_each(
    *disk, [&](const miner_day&, const tier_move& x) { moves += x.to == 2 ? 1 : 0; }));
  EXPECT_EQ(moves, 2U);
  const auto events = events_of(sports_topics::miner_updated);
  EXPECT_EQ(std::ranges::count(events, std::string{"1 -> 2"}, &miner_updated_event::detail), 2);
  const auto tiers = storage::recall_tiers(*disk);
  ASSERT_TRUE(tiers);
  EXPECT_EQ(tiers->tiers.at(key_of(1)), 2U);
}

/// A pause of the node: every day of it has its run, once.
TEST_F(sports_scoring_test, makes_up_for_days_without_a_run) {
  for (int64_t day = 0; day < 5; ++day)
    play_day(day);
  const auto made = score();
  EXPECT_EQ(standing_of(made, 1).tier, 2U);
  EXPECT_EQ(*tables::sports_numbers.find(*disk, tables::sports_tier_day_key),
            sports_day_of(now_us));
  now_us += 9 * 24 * sports_hour_us;
  EXPECT_EQ(standing_of(score(), 1).tier, 1U) << "nothing was wagered for 7 days";
}

TEST_F(sports_scoring_test, lets_the_weight_of_who_is_banned_run_out) {
  play_day(0);
  const auto before = standing_of(score(), 1).weight;
  storage::batch writes;
  tables::bans.put(writes, key_of(1), {"cheats", "operator", 1});
  ASSERT_TRUE(disk->commit(writes));
  now_us += sports_hour_us;
  const auto made = score();
  EXPECT_EQ(made.blacklisted.at(key_of(1)), before);
  EXPECT_NEAR(standing_of(made, 1).weight, 0.9 * before / (1 + 0.9 * before), 1e-12);
}

TEST_F(sports_scoring_test, has_no_scores_before_anybody_predicted) {
  const auto made = score();
  EXPECT_TRUE(made.scores.miners.empty());
  EXPECT_EQ(count_of("scoring_complete"), 1U);
}

} // namespace
} // namespace sluice::test
