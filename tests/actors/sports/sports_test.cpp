#include "actors/sports/sports.hpp"
#include "rules/sports/events.hpp"
#include "storage/sports/recall.hpp"
#include "storage/sports/steps.hpp"
#include "storage/tables.hpp"
#include "tests/support/sports_world.hpp"

namespace sluice::test {
namespace {

namespace tables = storage::tables;

class sports_steps_test : public sports_test {
protected:
  sports_steps_test() { settings.world = sports_world{1, 1'767'225'600, 21'600, 4, 1, 0.05}; }

  /// One game per step, which begins and is decided before the next.
  std::vector<game_update> games_of(uint64_t step) const {
    std::vector<game_update> made;
    const auto hours = static_cast<int64_t>(step) * 6;
    made.push_back(game_at("g" + std::to_string(step), hours + 1));
    if (step > 1)
      made.push_back(decided(game_at("g" + std::to_string(step - 1), hours - 5),
                             step % 2 == 0 ? game_outcome::team_a : game_outcome::team_b));
    return made;
  }

  /// Miner 1 picks team A, miner 2 team B, of every game.
  sports_survey_actor picking_survey() {
    return mock<sports_survey_actor>([this](const sports_survey_call& x) { return survey_of(x); });
  }

  sports_surveyed survey_of(const sports_survey_call& x) {
    ++surveys;
    last_survey_us = x.now_us;
    return {2, 2, 2, 2, 0, {}};
  }

  mechanism_actor start(task_manager_actor tasks = {}) {
    sports_config config;
    config.settings = settings;
    config.settings.rules = rules;
    config.own = {"validator"};
    config.now_us = clock();
    config.on_moment = [this](int64_t x) { now_us = x; };
    config.world_games = [this](uint64_t step) { return games_of(step); };
    auto made = keep(spawn_sports(
      sys, std::move(config),
      {disk, storage_writer, chain, intake, scoring, picking_survey(), events, tasks}));
    settle();
    return made;
  }

  /// Of uid 1 and 2, with the game of a step.
  void predict(uint64_t step) {
    const auto game = games_of(step).front();
    const auto id = std::to_string(step);
    submit_one(intake, 1, claim("a-" + id, 1, game, game_outcome::team_a, 10));
    submit_one(intake, 2, claim("b-" + id, 2, game, game_outcome::team_b, 10));
  }

  step_report play(const mechanism_actor& x, uint64_t number) {
    return ask<step_report>(x, atom::step_v, number);
  }

  void publish(uint64_t of_epoch, publish_status status, const std::string& reason = "") {
    publish_record x;
    x.epoch = {of_epoch};
    x.status = status;
    x.reason = reason;
    x.hash = "tx";
    storage::batch writes;
    tables::published.put(writes, x.epoch, x);
    ASSERT_TRUE(disk->commit(writes));
  }

  sports_node_settings settings;
  size_t surveys = 0;
  int64_t last_survey_us = 0;
  sports_intake_actor intake = make_intake();
  sports_scoring_actor scoring = make_scoring(intake);
};

TEST_F(sports_steps_test, plays_a_step_of_a_world_once) {
  const auto actor = start();
  const auto first = play(actor, 1);
  EXPECT_EQ(first.outcome, step_outcome::played);
  EXPECT_EQ(now_us, sports_start_us + 6 * sports_hour_us);
  EXPECT_EQ(last_survey_us, now_us);
  predict(1);
  play(actor, 2);
  const auto row = tables::sports_steps.get(*disk, 2);
  ASSERT_TRUE(row);
  EXPECT_EQ(row->time_us, sports_start_us + 12 * sports_hour_us);
  EXPECT_EQ(row->games, 2U);
  EXPECT_EQ(row->won, 1U);
  EXPECT_EQ(row->lost, 1U);
  EXPECT_EQ(row->scoring, 2U);
  EXPECT_EQ(row->attempt, 1U) << "step 1 had no weights";
  EXPECT_EQ(row->reason, "first");
  const auto again = play(actor, 2);
  EXPECT_EQ(surveys, 2U) << "from the disk";
  const auto detail = std::dynamic_pointer_cast<const sports_detail>(again.detail);
  ASSERT_TRUE(detail);
  EXPECT_EQ(detail->step, *row);
  EXPECT_EQ(detail->scoring->number, 2U);
  EXPECT_EQ(events_of(sports_topics::validator_started).size(), 1U);
}

TEST_F(sports_steps_test, hands_in_weights_and_notes_what_became_of_them) {
  const auto actor = start();
  play(actor, 1);
  const auto why = ask_error<mechanism_scores>(actor, atom::scores_v, epoch_no{1});
  EXPECT_NE(sentence(why).find("no registered miner has a prediction"), std::string::npos);
  predict(1);
  play(actor, 2);
  const auto scores = ask<mechanism_scores>(actor, atom::scores_v, epoch_no{2});
  EXPECT_EQ(scores.mechanism, "sports");
  ASSERT_EQ(scores.scores.size(), 2U);
  EXPECT_GT(scores.scores.at({1}), scores.scores.at({2})) << "team A won";
  auto attempt = tables::sports_attempts.get(*disk, 1);
  EXPECT_EQ(attempt->epoch, 2U);
  EXPECT_EQ(attempt->vector, scores.scores);
  EXPECT_EQ(attempt->end, weights_end::open);
  publish(2, publish_status::confirmed);
  play(actor, 3);
  attempt = tables::sports_attempts.get(*disk, 1);
  EXPECT_EQ(attempt->end, weights_end::succeeded);
  EXPECT_EQ(attempt->tx, "tx");
  auto events = events_of(sports_topics::weights_set);
  ASSERT_EQ(events.size(), 1U);
  EXPECT_TRUE(events.front().success);
  ask<mechanism_scores>(actor, atom::scores_v, epoch_no{3});
  publish(3, publish_status::failed, "dispatch error SettingWeightsTooFast");
  play(actor, 4);
  EXPECT_EQ(tables::sports_attempts.get(*disk, 2)->error_type, "SettingWeightsTooFast");
  events = events_of(sports_topics::weights_set);
  ASSERT_EQ(events.size(), 2U);
  EXPECT_FALSE(events.back().success);
  EXPECT_EQ(events.back().error_type, "SettingWeightsTooFast");
  EXPECT_EQ(tables::sports_attempts.get(*disk, 3)->reason, "retry");
}

/// D3.6: after the timer, or at once when the weights have changed enough and the blocks allow.
TEST_F(sports_steps_test, plays_in_real_time_when_weights_are_due) {
  settings.world.reset();
  const auto actor = start();
  EXPECT_EQ(play(actor, 1).outcome, step_outcome::paused);
  const auto game = game_at("g1", 10);
  ask<sports_games_taken>(intake, sports_game_batch{now_us, {game}});
  submit_one(intake, 1, claim("p1", 1, game, game_outcome::team_a, 10));
  now_us += 3600 * int64_t{1'000'000};
  ask<sports_scoring>(scoring, sports_score_call{now_us});
  EXPECT_EQ(play(actor, 1).outcome, step_outcome::played) << "the first weights";
  EXPECT_EQ(tables::sports_steps.get(*disk, 1)->reason, "first");
  ask<mechanism_scores>(actor, atom::scores_v, epoch_no{2});
  publish(2, publish_status::confirmed);
  EXPECT_EQ(play(actor, 2).outcome, step_outcome::paused) << "nothing has changed";
  EXPECT_EQ(tables::sports_attempts.get(*disk, 1)->end, weights_end::succeeded)
    << "noted all the same";
  submit_one(intake, 2, claim("p2", 2, game, game_outcome::team_b, 10));
  now_us += 24 * sports_hour_us; // who is new enters its tier in the run of the next day
  block += 7200;
  ask<sports_scoring>(scoring, sports_score_call{now_us});
  EXPECT_EQ(play(actor, 2).outcome, step_outcome::played);
  EXPECT_TRUE(tables::sports_steps.get(*disk, 2)->reason.starts_with("change "));
  ask<mechanism_scores>(actor, atom::scores_v, epoch_no{3});
  publish(3, publish_status::confirmed);
  ask<std::string>(actor, mechanism_command{"sports publish", {}, "me", 1});
  now_us += sports_hour_us;
  block += 300;
  EXPECT_EQ(play(actor, 3).outcome, step_outcome::paused) << "300 blocks are not more than 300";
  now_us += 12 * int64_t{1'000'000};
  block += 1;
  EXPECT_EQ(play(actor, 3).outcome, step_outcome::played);
  EXPECT_EQ(tables::sports_steps.get(*disk, 3)->reason, "operator");
  ask<mechanism_scores>(actor, atom::scores_v, epoch_no{4});
  publish(4, publish_status::confirmed);
  now_us += 7199 * int64_t{1'000'000};
  block += 599;
  EXPECT_EQ(play(actor, 4).outcome, step_outcome::paused);
  now_us += int64_t{1'000'000};
  EXPECT_EQ(play(actor, 4).outcome, step_outcome::played);
  EXPECT_EQ(tables::sports_steps.get(*disk, 4)->reason, "timer");
}

TEST_F(sports_steps_test, obeys_an_operator) {
  const auto actor = start();
  play(actor, 1);
  predict(1);
  const auto scored = ask<std::string>(actor, mechanism_command{"sports score", {}, "me", 1});
  EXPECT_NE(scored.find("\"number\":1"), std::string::npos) << scored;
  EXPECT_EQ(ask<std::string>(actor, mechanism_command{"sports settle", {}, "me", 1}),
            R"({"won":0,"lost":0,"voided":0,"forgotten":0})");
  EXPECT_EQ(ask<std::string>(actor, mechanism_command{"sports publish", {}, "me", 1}),
            R"({"publish":"wanted"})");
  EXPECT_TRUE(ask_error<std::string>(actor, mechanism_command{"sports dance", {}, "me", 1}));
}

} // namespace
} // namespace sluice::test
