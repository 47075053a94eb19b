#include "actors/sports/miner/database.hpp"
#include "tests/support/actor_test.hpp"
#include "tests/support/sports_miner_world.hpp"

#include <nlohmann/json.hpp>

namespace sluice::test {
namespace {

class sports_database_test : public actor_test {
protected:
  sports_database_actor start() {
    sports_database_config config;
    config.unix_ms = [this] { return now_ms; };
    config.keep_days = 2;
    config.keep_result_days = 4;
    return keep(spawn_sports_database(sys, std::move(config), store, {}));
  }
  void put(const sports_database_actor& database, const sports_game& x) {
    storage::batch writes;
    storage::put_game(writes, x);
    ask<atom::done>(database, writes);
  }
  nlohmann::json view(const sports_database_actor& database) {
    return nlohmann::json::parse(ask<std::string>(database, atom::view_v));
  }

  uint64_t now_ms = miner_world_ms;
  std::shared_ptr<storage::miner_store> store = open_miner_store(folder.path() / "miner");
};

TEST_F(sports_database_test, writes_what_it_is_given) {
  const auto database = start();
  put(database, miner_world_game("g1", 1));
  EXPECT_EQ(store->recall()->games.size(), 1U);
  const auto x = view(database);
  EXPECT_EQ(x["writes"], 1);
  EXPECT_EQ(x["failures"], 0);
  EXPECT_EQ(x["rows"]["games"], 1);
  EXPECT_GT(x["file_bytes"], 0);
}

TEST_F(sports_database_test, answers_with_the_reason_when_a_write_fails) {
  const auto database = start();
  storage::batch writes;
  writes.writes.push_back({"miner", "no such table", "k", "v"});
  EXPECT_TRUE(ask_error<atom::done>(database, writes));
  put(database, miner_world_game("g1", 1)); // and goes on
  EXPECT_EQ(view(database)["failures"], 1);
}

TEST_F(sports_database_test, takes_a_backup_a_day_and_erases_what_is_old) {
  const auto database = start();
  auto game = miner_world_game("g1", 1);
  game.state = game_state::decided;
  game.outcome = game_outcome::team_a;
  game.ended_us = game.start_us + 1;
  put(database, game);
  put(database, miner_world_game("g2", 100));
  const run_task task{"backup", 1, 1};
  ask<atom::done>(database, task);
  const auto first = view(database)["last_backup_s"].get<int64_t>();
  EXPECT_EQ(first, static_cast<int64_t>(miner_world_ms / 1000));
  now_ms += 3'600'000;
  ask<atom::done>(database, task);
  EXPECT_EQ(view(database)["last_backup_s"], first) << "not a day has passed";
  now_ms += 3 * uint64_t{86'400'000};
  ask<atom::done>(database, task);
  EXPECT_GT(view(database)["last_backup_s"].get<int64_t>(), first);
  EXPECT_EQ(store->recall()->games.size(), 1U) << "keep_days";
  EXPECT_EQ(store->results_of("", 10)->size(), 1U) << "results are kept longer";
  now_ms += 2 * uint64_t{86'400'000};
  ask<atom::done>(database, task);
  EXPECT_TRUE(store->results_of("", 10)->empty());
}

} // namespace
} // namespace sluice::test
