#include "actors/sports/survey.hpp"
#include "net/sports/bodies.hpp"
#include "rules/sports/name.hpp"
#include "tests/support/sports_world.hpp"

namespace sluice::test {
namespace {

class sports_survey_test : public sports_test {
protected:
  /// Picks team A of the first game it is offered.
  miner_actor picking(uint16_t uid, int64_t dollars) {
    return mock<miner_actor>(
      [this, uid, dollars](const miner_question& x) -> caf::result<miner_answer> {
        EXPECT_EQ(x.mechanism, sports_name);
        const auto asked = net::sports_question_in(x.body, x.deadline_ms);
        if (!asked || asked->games.empty())
          return caf::make_error(ec::bad_input, "no question");
        left[uid] = asked->daily_left.value_or(-1);
        const auto& game = asked->games.front();
        const auto id = std::to_string(uid) + "-" + game.external_id;
        return miner_answer{net::sports_answer_body({{claim_of_pick(
          {id, game_outcome::team_a, dollars * nano_one, "", {}}, game, {uid}, asked->now_us)}})};
      },
      [this, uid](const miner_notice& x) {
        if (const auto notice = net::sports_notice_in(x.body))
          for (const auto& answer : notice->answers)
            notices[uid].push_back(answer);
      },
      [](atom::fence) { return atom::done_v; });
  }

  miner_actor silent() {
    return mock<miner_actor>(
      [](const miner_question&) -> caf::result<miner_answer> {
        return caf::make_error(ec::refused, "not now");
      },
      [](const miner_notice&) {}, [](atom::fence) { return atom::done_v; });
  }

  sports_survey_actor start(std::vector<roster_entry> all, bool stepped = true) {
    const auto roster = mock<roster_actor>(
      [all](atom::roster) { return all; }, [](const miner_came&) {}, [](const miner_gone&) {},
      [](atom::ban, const hotkey&, const ban_record&) { return atom::done_v; },
      [](atom::unban, const hotkey&) { return atom::done_v; },
      [](atom::view, const roster_watcher_actor&) { return roster_snapshot{}; });
    return keep(spawn_sports_survey(sys, {stepped, rules.daily_limit}, {roster, intake}));
  }

  sports_surveyed survey(const sports_survey_actor& x) {
    return ask<sports_surveyed>(x, sports_survey_call{now_us});
  }

  std::map<uint16_t, nano> left;
  std::map<uint16_t, std::vector<prediction_answer>> notices;
  sports_intake_actor intake = make_intake();
};

TEST_F(sports_survey_test, asks_everybody_and_sends_back_what_became_of_it) {
  ask<sports_games_taken>(intake,
                          sports_game_batch{now_us, {game_at("g1", 10), game_at("g2", 20)}});
  const auto actor = start({{{1}, key_of(1), "", picking(1, 100), true},
                            {{2}, key_of(2), "", picking(2, 5000), true},
                            {{3}, key_of(3), "", silent(), true},
                            {{4}, key_of(4), "", {}, true}});
  const auto first = survey(actor);
  EXPECT_EQ(first.asked, 3U);
  EXPECT_EQ(first.answered, 2U);
  EXPECT_EQ(first.predictions, 2U);
  EXPECT_EQ(first.accepted, 1U);
  EXPECT_EQ(first.refused, (std::map<std::string, uint64_t>{{"daily_limit_exceeded", 1}}));
  ASSERT_EQ(notices[1].size(), 1U);
  EXPECT_EQ(notices[1].front().code, prediction_code::accepted);
  EXPECT_EQ(notices[2].front().code, prediction_code::daily_limit_exceeded);
  EXPECT_EQ(left[1], 1000 * nano_one);
  now_us += 1; // in a world, what came at the moment itself is of the step under way
  const auto again = survey(actor);
  EXPECT_EQ(left[1], 900 * nano_one);
  EXPECT_EQ(again.confirmed_again, 1U) << "the same prediction, confirmed once more";
  EXPECT_EQ((*storage::tables::sports_predictions.last(*disk))->first, 1U);
}

TEST_F(sports_survey_test, does_the_same_in_real_time) {
  ask<sports_games_taken>(intake, sports_game_batch{now_us, {game_at("g1", 10)}});
  const auto actor = start({{{1}, key_of(1), "", picking(1, 100), true},
                            {{2}, key_of(2), "", picking(2, 200), true},
                            {{3}, key_of(3), "", silent(), true}},
                           false);
  const auto seen_of = survey(actor);
  EXPECT_EQ(seen_of.asked, 3U);
  EXPECT_EQ(seen_of.accepted, 2U);
  EXPECT_EQ(storage::tables::sports_predictions.get(*disk, 1)->way, prediction_way::gateway);
}

TEST_F(sports_survey_test, asks_nobody_without_a_game) {
  const auto actor = start({{{1}, key_of(1), "", picking(1, 100), true}});
  EXPECT_EQ(survey(actor), sports_surveyed{});
  ask<sports_games_taken>(intake, sports_game_batch{now_us, {game_at("g1", 0)}});
  EXPECT_EQ(survey(actor).asked, 0U) << "it has started";
}

} // namespace
} // namespace sluice::test
