#include "rules/sports/league.hpp"
#include "rules/sports/prediction_model.hpp"

#include <gtest/gtest.h>

#include <cmath>

namespace sluice {
namespace {

sports_game model_game(const char* a, const char* b, bool can_tie = false) {
  sports_game x;
  x.team_a = a;
  x.team_b = b;
  x.team_a_odds = 2 * nano_one;
  x.team_b_odds = 2 * nano_one;
  x.can_tie = can_tie;
  if (can_tie)
    x.tie_odds = 4 * nano_one;
  return x;
}

sports_game with_outcome(sports_game x, game_outcome outcome) {
  x.outcome = outcome;
  return x;
}

double whole(const outcome_chances& x) {
  return x.of[0] + x.of[1] + x.of[2];
}

TEST(prediction_models, give_chances_that_add_up) {
  for (const auto name : prediction_model_names)
    for (const bool can_tie : {false, true}) {
      const auto model = make_prediction_model(name);
      ASSERT_TRUE(model);
      const auto chances = (*model)->chances(model_game("a", "b", can_tie));
      ASSERT_TRUE(chances) << name;
      EXPECT_NEAR(whole(*chances), 1, 1e-12) << name;
      EXPECT_EQ((*chances)[game_outcome::draw] > 0, can_tie) << name;
    }
  EXPECT_EQ(make_prediction_model("oracle").error().code, ec::bad_input);
}

TEST(prediction_models, of_odds_take_the_margin_out) {
  const auto model = make_odds_model();
  auto game = model_game("a", "b");
  game.team_a_odds = *nano_of("1.9");
  game.team_b_odds = *nano_of("1.9");
  EXPECT_NEAR((*model->chances(game))[game_outcome::team_a], 0.5, 1e-12);
  game.team_a_odds = 0;
  EXPECT_FALSE(model->chances(game)) << "no odds, no chances";
}

TEST(prediction_models, of_elo_move_by_the_surprise) {
  const auto model = make_elo_model({.k = 32, .home = 0});
  model->learn(with_outcome(model_game("a", "b"), game_outcome::team_a));
  // Both move by 32 * (1 - 0.5) = 16: 32 points apart.
  EXPECT_NEAR((*model->chances(model_game("a", "b")))[game_outcome::team_a],
              1 / (1 + std::pow(10, -32.0 / 400)), 1e-12);
}

TEST(prediction_models, learn_who_is_stronger) {
  sports_world world;
  world.seed = 8;
  for (const auto name : {"elo", "poisson"}) {
    const auto model = *make_prediction_model(name);
    double before = 0;
    double after = 0;
    for (uint64_t number = 0; number < 3000; ++number) {
      const auto truth = league_game_at(world, number);
      const auto update = league_update(world, truth, truth.start_us + league_played_us);
      auto game = model_game(update.team_a.c_str(), update.team_b.c_str(), update.can_tie);
      game.outcome = truth.outcome;
      game.sport = "all"; // teams play both sports, with one strength
      const auto wrong
        = std::abs((*model->chances(game))[game_outcome::team_a] - truth.truth.of[0]);
      if (number < 200)
        before += wrong / 200;
      else if (number >= 1000)
        after += wrong / 2000;
      model->learn(game);
    }
    EXPECT_LT(after, before * 0.8) << name;
  }
}

TEST(picks, are_made_where_there_is_an_edge) {
  const auto model = make_elo_model({.k = 0, .home = 100}); // 0.64 for team A
  auto game = model_game("a", "b");
  const std::vector games{game};
  const auto picks = picks_of(*model, games, 1000 * nano_one, {.edge_min = 0.05, .kelly = 0.5});
  ASSERT_EQ(picks.size(), 1U);
  EXPECT_EQ(picks[0].pick.outcome, game_outcome::team_a);
  const auto p = 1 / (1 + std::pow(10, -0.25));
  EXPECT_NEAR(double_of(picks[0].pick.wager), 0.5 * (2 * p - 1) / 1 * 1000, 0.01);
  game.team_a_odds = *nano_of("1.5");
  game.team_b_odds = *nano_of("2.5");
  const std::vector fair{game};
  EXPECT_TRUE(picks_of(*model, fair, 1000 * nano_one, {.edge_min = 0.05}).empty());
}

TEST(picks, keep_within_what_is_left_of_the_day) {
  const auto model = make_odds_model();
  const std::vector<sports_game> games(5, model_game("a", "b"));
  const auto picks = picks_of(*model, games, 60 * nano_one, {});
  ASSERT_EQ(picks.size(), 3U);
  EXPECT_EQ(picks[0].pick.wager, 25 * nano_one);
  EXPECT_EQ(picks[2].pick.wager, 10 * nano_one);
}

} // namespace
} // namespace sluice
