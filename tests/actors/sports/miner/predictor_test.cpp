#include "actors/sports/miner/predictor.hpp"
#include "rules/sports/json_claim.hpp"
#include "rules/sports/miner_events.hpp"
#include "tests/support/actor_test.hpp"
#include "tests/support/sports_miner_world.hpp"

#include <nlohmann/json.hpp>

#include <set>

namespace sluice::test {
namespace {

class sports_predictor_test : public actor_test {
protected:
  sports_predictor_actor start(const std::string& model = "odds") {
    sports_predictor_config config;
    config.unix_ms = [this] { return now_ms; };
    config.chance = [this] { return chance++; };
    config.model = std::shared_ptr<prediction_model>{*make_prediction_model(model)};
    config.daily_limit = 60 * nano_one;
    config.show = [this](std::string_view x) { shown += std::string{x} + '\n'; };
    auto memory = std::make_shared<miner_memory>(*store->recall());
    auto results = std::make_shared<std::vector<sports_game>>(*store->results_of("", 100));
    return keep(spawn_sports_predictor(sys, std::move(config),
                                       {database, [this] { return messenger; }, {}, events}, memory,
                                       results));
  }

  void tell(const sports_predictor_actor& x, std::vector<sports_game> games) {
    caf::anon_send(x, games_of_validator{"ws://v", std::move(games)});
    settle();
  }
  void let_in(const sports_predictor_actor& x) {
    caf::anon_send(x, own_uid{{31}});
    settle();
  }
  nlohmann::json view(const sports_predictor_actor& x) {
    return nlohmann::json::parse(ask<std::string>(x, atom::view_v));
  }
  std::vector<std::string> games_made() const {
    std::vector<std::string> all;
    for (const auto& x : made)
      all.push_back(x.game_id);
    return all;
  }

  uint64_t now_ms = miner_world_ms;
  uint64_t chance = 1;
  std::string shown;
  std::vector<miner_prediction> made;
  bool refuses = false; // the database
  std::shared_ptr<storage::miner_store> store = open_miner_store(folder.path() / "miner");
  std::shared_ptr<seen_miner_events> seen = std::make_shared<seen_miner_events>();
  event_manager_actor events = keep(spawn_seen_miner_events(sys, seen));
  sports_database_actor database = mock<sports_database_actor>(
    [this](const storage::batch& x) -> caf::result<atom::done> {
      if (refuses)
        return caf::make_error(ec::storage_full, "no space left");
      EXPECT_TRUE(store->commit(x));
      return atom::done_v;
    },
    [](const run_task&) { return atom::done_v; }, [](atom::view) { return std::string{"{}"}; });
  sports_messenger_actor messenger = mock<sports_messenger_actor>(
    [this](const predictions_made& x) {
      made.insert(made.end(), x.made.begin(), x.made.end());
      EXPECT_GE(store->recall()->predictions.size(), made.size()) << "durable before it is sent";
    },
    [](const validator_news&) {}, [](const run_task&) { return atom::done_v; },
    [](atom::view) { return std::string{"{}"}; }, [](atom::due) {});
};

using strings = std::vector<std::string>;

TEST_F(sports_predictor_test, predicts_each_game_once_and_not_before_it_is_let_in) {
  const auto x = start();
  tell(x, {miner_world_game("late", 9), miner_world_game("begun", 0)});
  EXPECT_TRUE(made.empty()) << "nobody knows its uid";
  let_in(x);
  EXPECT_EQ(games_made(), (strings{"late"}));
  tell(x, {miner_world_game("late", 9)});
  let_in(x);
  EXPECT_EQ(made.size(), 1U);
  const auto claim = claim_of_json(made[0].data);
  ASSERT_TRUE(claim) << claim.error().what;
  EXPECT_EQ(claim->miner_uid.text, "31");
  EXPECT_EQ(claim->game_id.text, "late");
  EXPECT_EQ(claim->predicted_outcome.text, "0");
  EXPECT_EQ(seen->of(miner_topics::predictions_generated).front().count, 1U);
  EXPECT_EQ(seen->of(miner_topics::games_updated).front().count, 2U);
  EXPECT_EQ(view(x)["generated"], 1);
}

TEST_F(sports_predictor_test, goes_on_where_an_earlier_run_ended) {
  const auto first = start();
  let_in(first);
  tell(first, {miner_world_game("a", 9)});
  ASSERT_EQ(made.size(), 1U);
  kill(first);
  const auto second = start();
  let_in(second);
  tell(second, {miner_world_game("a", 9), miner_world_game("b", 9)});
  EXPECT_EQ(store->recall()->predictions.size(), 2U);
  std::set<std::string> games;
  const auto memory = *store->recall();
  for (const auto& x : memory.predictions)
    games.insert(x.game_id);
  EXPECT_EQ(games, (std::set<std::string>{"a", "b"}));
}

TEST_F(sports_predictor_test, keeps_to_the_limit_of_the_day) {
  const auto x = start();
  let_in(x);
  // The odds model wagers 25 flat: 25, 25 and what is left.
  for (const auto* id : {"a", "b", "c", "d"})
    tell(x, {miner_world_game(id, 30)});
  nano all = 0;
  const auto memory = *store->recall();
  for (const auto& one : memory.predictions)
    all += one.wager;
  EXPECT_EQ(all, 60 * nano_one);
  EXPECT_EQ(memory.predictions.size(), 3U);
  now_ms += 86'400'000; // the next day
  ask<atom::done>(x, run_task{"predictions", 1, 1});
  EXPECT_EQ(store->recall()->predictions.size(), 4U);
}

TEST_F(sports_predictor_test, sends_nothing_that_is_not_stored) {
  const auto x = start();
  let_in(x);
  tell(x, {miner_world_game("a", 9)});
  ASSERT_EQ(made.size(), 1U);
  refuses = true;
  tell(x, {miner_world_game("b", 9)});
  EXPECT_EQ(made.size(), 1U);
  EXPECT_NE(shown.find("no space left"), std::string::npos) << shown;
  EXPECT_NE(view(x)["last_error"].get<std::string>().find("no space left"), std::string::npos);
  refuses = false;
  ask<atom::done>(x, run_task{"predictions", 1, 1});
  EXPECT_EQ(store->recall()->predictions.size(), 2U) << "its task predicts it later";
}

TEST_F(sports_predictor_test, tells_observers_when_a_game_changes_its_state) {
  const auto x = start();
  auto game = miner_world_game("a", 9);
  tell(x, {game});
  game.updated_us += 1; // only a later look
  tell(x, {game});
  game.state = game_state::decided;
  game.outcome = game_outcome::team_a;
  tell(x, {game});
  const auto all = seen->of(miner_topics::game_state_changed);
  ASSERT_GE(all.size(), 1U);
  EXPECT_EQ(all.back().before, "open");
  EXPECT_EQ(all.back().now, "decided");
  EXPECT_EQ(seen->of(miner_topics::games_updated).size(), 2U);
  EXPECT_TRUE(ask_error<atom::done>(x, run_task{"predictions", 1, 1})) << "it is not let in";
}

} // namespace
} // namespace sluice::test
