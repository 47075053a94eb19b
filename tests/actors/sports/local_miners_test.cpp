#include "actors/sports/local_miners.hpp"
#include "net/sports/bodies.hpp"
#include "rules/sports/league.hpp"
#include "rules/sports/name.hpp"
#include "tests/support/actor_test.hpp"

#include <stdexcept>

namespace sluice::test {
namespace {

class local_league_miner : public actor_test {
protected:
  /// The games that begin in the next days, as the node states them.
  static miner_question league_question(std::string mechanism = std::string{sports_name}) {
    const sports_world world;
    sports_question x;
    x.now_us = sports_moment_us(world, 4);
    for (const auto& update : league_updates(world, x.now_us)) {
      sports_game game;
      game.external_id = update.external_id;
      game.team_a = update.team_a;
      game.team_b = update.team_b;
      game.start_us = update.start_us;
      game.team_a_odds = update.team_a_odds;
      game.team_b_odds = update.team_b_odds;
      game.tie_odds = update.tie_odds;
      game.can_tie = update.can_tie;
      x.games.push_back(std::move(game));
    }
    return {std::move(mechanism), net::sports_question_body(std::move(x)), 1000};
  }
};

TEST_F(local_league_miner, predicts_as_its_strategy_does) {
  const auto miner
    = keep(spawn_league_miner(sys, {"m"}, {7}, {league_miner_kind::public_favourite, {}}));
  const auto answer = ask<miner_answer>(miner, league_question());
  const auto inside = net::sports_answer_in(answer.body);
  ASSERT_TRUE(inside) << inside.error().what;
  ASSERT_FALSE(inside->predictions.empty());
  EXPECT_EQ(inside->predictions[0].miner_uid.text, "7");
  EXPECT_EQ(inside->predictions[0].wager.text, "100");
  EXPECT_TRUE(ask_error<miner_answer>(miner, league_question("other")));
}

TEST_F(local_league_miner, stays_silent_and_answers_a_fence) {
  const auto miner = keep(spawn_league_miner(sys, {"m"}, {7}, {league_miner_kind::silent, {}}));
  question<miner_answer> asked{sys, miner, league_question()};
  settle();
  EXPECT_FALSE(asked.answered());
  EXPECT_EQ(ask<atom::done>(miner, atom::fence_v), atom::done_v);
}

TEST_F(local_league_miner, is_made_from_a_configuration) {
  const auto made = local_league_miners({{{60}, {"m"}, "copier:seed=3"}});
  ASSERT_EQ(made.size(), 1U);
  EXPECT_EQ(made[0].label, "copier:seed=3");
  EXPECT_THROW(local_league_miners({{{60}, {"m"}, "other"}}), std::runtime_error);
}

} // namespace
} // namespace sluice::test
