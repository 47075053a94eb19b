#include "rules/sports/league.hpp"
#include "rules/sports/league_miner.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <set>

namespace sluice {
namespace {

constexpr int64_t league_hour_us = 3'600'000'000;

sports_world test_league(uint64_t seed = 5) {
  sports_world world;
  world.seed = seed;
  return world;
}

TEST(league, gives_the_same_games_whenever_it_is_asked) {
  const auto world = test_league();
  const auto now = sports_moment_us(world, 9);
  EXPECT_EQ(league_updates(world, now), league_updates(world, now));
  EXPECT_NE(league_updates(world, now), league_updates(test_league(6), now));
}

TEST(league, announces_a_game_before_and_decides_it_after) {
  const auto world = test_league();
  for (uint64_t number = 0; number < 200; ++number) {
    const auto game = league_game_at(world, number);
    EXPECT_NE(game.team_a, game.team_b);
    const auto in = [&](int64_t at) {
      const auto range = league_games_at(world, at);
      return number >= range.first && number < range.last;
    };
    EXPECT_TRUE(in(game.start_us - league_announced_us)) << number;
    EXPECT_FALSE(in(game.start_us - league_announced_us - 1)) << number;
    EXPECT_TRUE(in(game.start_us + league_played_us + 6 * league_hour_us)) << number;
    EXPECT_EQ(league_update(world, game, game.start_us).outcome, game_outcome::undecided);
    const auto after = league_update(world, game, game.start_us + league_played_us);
    EXPECT_EQ(after.outcome, game.never_decided ? game_outcome::undecided : game.outcome);
  }
}

TEST(league, has_odds_with_a_margin_that_close_in_on_the_truth) {
  const auto world = test_league();
  double at_first = 0;
  double at_last = 0;
  for (uint64_t number = 0; number < 400; ++number) {
    const auto game = league_game_at(world, number);
    const auto first = league_line(game, game.start_us - league_announced_us);
    const auto last = league_line(game, game.start_us);
    at_first += std::abs(first.of[0] - game.truth.of[0]);
    at_last += std::abs(last.of[0] - game.truth.of[0]);
    EXPECT_NEAR(last.of[0] + last.of[1] + last.of[2], 1, 1e-12);
    const auto x = league_update(world, game, game.start_us);
    const auto sum = 1 / double_of(x.team_a_odds) + 1 / double_of(x.team_b_odds)
                     + (x.tie_odds ? 1 / double_of(*x.tie_odds) : 0);
    EXPECT_NEAR(sum, 1.05, 0.03) << number;
  }
  EXPECT_LT(at_last, at_first / 3);
}

TEST(league, draws_results_from_the_truth) {
  const auto world = test_league();
  double expected = 0;
  double seen = 0;
  for (uint64_t number = 0; number < 4000; ++number) {
    const auto game = league_game_at(world, number);
    expected += game.truth.of[0];
    seen += game.outcome == game_outcome::team_a ? 1 : 0;
  }
  EXPECT_NEAR(seen / 4000, expected / 4000, 0.03);
}

TEST(league_miners, decide_once_about_every_game) {
  const auto world = test_league();
  for (const auto kind : {league_miner_kind::public_favourite, league_miner_kind::late_contrarian,
                          league_miner_kind::sharp, league_miner_kind::copier}) {
    std::set<std::string> ids;
    for (uint64_t step = 0; step < 40; ++step) {
      const auto now = sports_moment_us(world, step);
      std::vector<sports_game> games;
      for (const auto& x : league_updates(world, now)) {
        sports_game game;
        game.external_id = x.external_id;
        game.team_a = x.team_a;
        game.team_b = x.team_b;
        game.start_us = x.start_us;
        game.team_a_odds = x.team_a_odds;
        game.team_b_odds = x.team_b_odds;
        game.tie_odds = x.tie_odds;
        game.can_tie = x.can_tie;
        game.outcome = x.outcome;
        games.push_back(game);
      }
      for (const auto& claim :
           league_predictions({kind, world}, {"m"}, miner_uid{1}, now, games, 1000 * nano_one))
        EXPECT_TRUE(ids.insert(claim.prediction_id.text).second) << name_of(kind);
    }
    EXPECT_GT(ids.size(), 10U) << name_of(kind);
  }
}

TEST(league_miners, are_read_from_a_strategy) {
  const auto read
    = parse_league_miner("copier:seed=7,step_s=3600,teams=4,games_per_day=2,margin=0.1");
  ASSERT_TRUE(read) << read.error().what;
  EXPECT_EQ(read->kind, league_miner_kind::copier);
  EXPECT_EQ(read->world.seed, 7U);
  EXPECT_EQ(read->world.step_s, 3600U);
  EXPECT_DOUBLE_EQ(read->world.margin, 0.1);
  EXPECT_TRUE(parse_league_miner("silent"));
  for (const auto* wrong : {"", "narrow", "sharp:seed=x", "sharp:seed", "sharp:margin=0.6",
                            "sharp:teams=1", "sharp:colour=red"})
    EXPECT_EQ(parse_league_miner(wrong).error().code, ec::bad_input) << wrong;
}

TEST(prediction_ids, are_uuids_that_follow_from_a_text) {
  const auto id = prediction_id_of("miner dev-1");
  EXPECT_EQ(id.size(), 36U);
  EXPECT_EQ(id[14], '8') << "version 8";
  EXPECT_EQ(id, prediction_id_of("miner dev-1"));
  EXPECT_NE(id, prediction_id_of("miner dev-2"));
}

} // namespace
} // namespace sluice
