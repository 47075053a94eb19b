#include "actors/periodic/task_manager.hpp"
#include "actors/sports/miner/figures.hpp"
#include "rules/sports/miner_events.hpp"
#include "tests/support/actor_test.hpp"
#include "tests/support/sports_miner_world.hpp"

#include <nlohmann/json.hpp>

namespace sluice::test {
namespace {

class sports_figures_test : public actor_test {
protected:
  task_owner_actor start(const std::string& file) {
    sports_figures_config config;
    config.file = file;
    config.unix_ms = [] { return miner_world_ms + 5000; };
    config.started_ms = miner_world_ms;
    config.interval_s = 60;
    return keep(spawn_sports_figures(
      sys, std::move(config),
      {database, [this] { return predictor; }, [this] { return messenger; }, tasks, events}));
  }

  nlohmann::json written() const { return nlohmann::json::parse(folder.read("stats.json")); }

  std::shared_ptr<seen_miner_events> seen = std::make_shared<seen_miner_events>();
  event_manager_actor events = keep(spawn_seen_miner_events(sys, seen));
  task_manager_actor tasks = keep(spawn_task_manager(
    sys, {[] { return miner_world_ms; }, [] { return uint64_t{0}; }}, event_manager_actor{}));
  sports_database_actor database
    = mock<sports_database_actor>([](const storage::batch&) { return atom::done_v; },
                                  [](const run_task&) { return atom::done_v; },
                                  [](atom::view) -> caf::result<std::string> {
                                    return caf::make_error(ec::corrupt_data, "the disk is away");
                                  });
  sports_predictor_actor predictor = mock<sports_predictor_actor>(
    [](const games_of_validator&) {}, [](const own_uid&) {}, [](const command_ended&) {},
    [](const run_task&) { return atom::done_v; },
    [](atom::view) { return std::string{R"({"generated":3})"}; });
  sports_messenger_actor messenger = mock<sports_messenger_actor>(
    [](const predictions_made&) {}, [](const validator_news&) {},
    [](const run_task&) { return atom::done_v; },
    [](atom::view) { return std::string{R"({"total_validators":2})"}; }, [](atom::due) {});
};

TEST_F(sports_figures_test, writes_what_everybody_says_and_who_said_nothing) {
  const auto figures = start(folder.at("stats.json"));
  advance(std::chrono::seconds(2));
  const auto x = written();
  EXPECT_EQ(x["time_ms"], miner_world_ms + 5000);
  EXPECT_EQ(x["uptime_s"], 5);
  EXPECT_EQ(x["predictions"]["generated"], 3);
  EXPECT_EQ(x["communication"]["total_validators"], 2);
  EXPECT_NE(x["database"]["error"].get<std::string>().find("the disk is away"), std::string::npos);
  EXPECT_TRUE(x["tasks"].is_object());
  EXPECT_TRUE(x["events"].is_object());
  EXPECT_EQ(seen->of(miner_topics::stats_updated).size(), 1U);
  advance(std::chrono::seconds(60));
  EXPECT_EQ(seen->of(miner_topics::stats_updated).size(), 2U) << "a task of its own";
}

TEST_F(sports_figures_test, states_why_it_cannot_write) {
  const auto figures = start(folder.at("none/stats.json"));
  EXPECT_TRUE(ask_error<atom::done>(figures, run_task{"stats", 1, 1}));
  EXPECT_TRUE(seen->of(miner_topics::stats_updated).empty());
}

} // namespace
} // namespace sluice::test
