// The messenger of a miner with real sockets, real threads and a real database.
#include "actors/mechanism_module.hpp"
#include "actors/sports/miner/messenger.hpp"
#include "net/http/link.hpp"
#include "rules/sports/miner_events.hpp"
#include "storage/sports/own_prediction.hpp"
#include "tests/support/cutting_relay.hpp"
#include "tests/support/scratch_folder.hpp"
#include "tests/support/sports_miner_world.hpp"
#include "tests/support/sports_wire_world.hpp"

#include <caf/actor_system_config.hpp>
#include <caf/scoped_actor.hpp>
#include <caf/send.hpp>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include <chrono>
#include <map>
#include <random>

namespace sluice::test {
namespace {

struct messenger_system : caf::actor_system_config {
  messenger_system() {
    set("logger.verbosity", caf::atom("quiet"));
    set("scheduler.max-threads", 2);
    add_messages(*this, all_mechanisms());
    add_sports_miner_messages(*this);
  }
};

/// What came to the predictor. Any thread.
struct observing_predictor {
  std::mutex mutex;
  std::map<std::string, std::string> games; // by id: of which validator
  std::optional<miner_uid> uid;
};

class sports_messenger_test : public ::testing::Test {
protected:
  static constexpr uint64_t begin_ms = sports_wire_world::begin_us / 1000;

  sports_messenger_test() {
    world.backend->add_miner(miner.address(), 31);
    config.tick_ms = 5;
    config.link.base_ms = 1;
    config.link.cap_ms = 8;
    config.http_pause_ms = 5;
    config.unix_ms = [from = net::steady_ms()] { return begin_ms + net::steady_ms() - from; };
    config.chance = [] { return uint64_t{0}; };
  }
  ~sports_messenger_test() override {
    stop();
    for (const auto& x :
         {caf::actor_cast<caf::actor>(database), caf::actor_cast<caf::actor>(predictor),
          caf::actor_cast<caf::actor>(events)})
      if (x)
        caf::anon_send_exit(x, caf::exit_reason::kill);
  }

  static gateway_url to(uint16_t port) { return {gateway_scheme::ws, {"127.0.0.1", port}, "/"}; }
  static std::string name_of(uint16_t port) { return to_string(to(port)); }

  /// The actors around it, on one database.
  void open() {
    store = open_miner_store(folder.path() / "miner");
    sports_database_config kept;
    kept.unix_ms = config.unix_ms;
    database = spawn_sports_database(sys, std::move(kept), store, {});
    events = spawn_seen_miner_events(sys, seen);
    predictor = sys.spawn(
      [came = came](sports_predictor_actor::pointer) -> sports_predictor_actor::behavior_type {
        return {
          [came](const games_of_validator& x) {
            const std::scoped_lock lock{came->mutex};
            for (const auto& game : x.games)
              came->games[game.external_id] = x.validator;
          },
          [came](const own_uid& x) {
            const std::scoped_lock lock{came->mutex};
            came->uid = x.uid;
          },
          [](const command_ended&) {},
          [](const run_task&) { return atom::done_v; },
          [](atom::view) { return std::string{"{}"}; },
        };
      });
  }

  void start(std::vector<uint16_t> ports) {
    if (!store)
      open();
    config.validators.clear();
    for (const auto port : ports)
      config.validators.push_back(to(port));
    messenger = spawn_sports_messenger(
      sys, config, {database, [to = predictor] { return to; }, {}, events},
      std::make_shared<net::sports_writer>(net::sports_signer_of(sports_wire_world::key(1))),
      std::make_shared<miner_memory>(*store->recall()));
  }

  /// Ends it as a crash of the process would: nothing more is sent or stored.
  void stop() {
    if (!messenger)
      return;
    caf::scoped_actor self{sys};
    const auto address = caf::actor_cast<caf::actor>(messenger);
    self->monitor(address);
    caf::anon_send_exit(address, caf::exit_reason::kill);
    messenger = nullptr;
    self->receive([](const caf::down_msg&) {});
    // What it had sent to the database is there when this is answered.
    self->request(database, caf::infinite, atom::view_v)
      .receive([](const std::string&) {}, [](const caf::error&) {});
  }

  /// Predictions with these numbers, stored and handed over.
  void predict(uint64_t first, uint64_t last) {
    predictions_made all;
    storage::batch writes;
    for (auto number = first; number <= last; ++number) {
      sports_pick pick;
      pick.prediction_id = "p" + std::to_string(number);
      pick.wager = nano_one;
      all.made.push_back(own_prediction(number, pick, sports_wire_world::game("501"), {31},
                                        sports_wire_world::begin_us));
      storage::tables::miner_predictions.put(writes, number, all.made.back());
    }
    caf::scoped_actor self{sys};
    self->request(database, caf::infinite, writes)
      .receive([](atom::done) {}, [](const caf::error&) { ADD_FAILURE() << "not stored"; });
    caf::anon_send(messenger, all);
  }

  nlohmann::json view() {
    caf::scoped_actor self{sys};
    nlohmann::json made;
    self->request(messenger, caf::infinite, atom::view_v)
      .receive([&](const std::string& x) { made = nlohmann::json::parse(x); },
               [](const caf::error&) { ADD_FAILURE() << "no view"; });
    return made;
  }

  /// Is this how many it has confirmed at that validator, within a minute?
  bool confirms(uint64_t count, uint16_t port) {
    return sports_wire_world::becomes(
      [&] { return view()["validators"][name_of(port)]["predictions"]["confirmed"] == count; });
  }

  scratch_folder folder;
  sports_test_miner miner{sports_wire_world::key(1)};
  sports_wire_world world;
  messenger_system settings;
  caf::actor_system sys{settings};
  sports_messenger_config config;
  std::shared_ptr<seen_miner_events> seen = std::make_shared<seen_miner_events>();
  std::shared_ptr<observing_predictor> came = std::make_shared<observing_predictor>();
  std::shared_ptr<storage::miner_store> store;
  sports_database_actor database;
  event_manager_actor events;
  sports_predictor_actor predictor;
  sports_messenger_actor messenger;
};

TEST_F(sports_messenger_test, sends_over_a_websocket_and_remembers_the_answers) {
  world.backend->all_games = {sports_wire_world::game("501")};
  start({world.port()});
  predict(1, 20);
  ASSERT_TRUE(confirms(20, world.port()));
  EXPECT_EQ(world.backend->stored().size(), 20U);
  ASSERT_TRUE(sports_wire_world::becomes([&] {
    const std::scoped_lock lock{came->mutex};
    return came->uid == miner_uid{31} && came->games.contains("501");
  }));
  stop();
  const auto memory = store->recall();
  ASSERT_TRUE(memory);
  ASSERT_EQ(memory->deliveries.size(), 20U);
  for (const auto& [key, x] : memory->deliveries) {
    EXPECT_TRUE(x.confirmed());
    EXPECT_EQ(x.validator, name_of(world.port()));
    EXPECT_EQ(x.pending, "");
  }
  EXPECT_FALSE(seen->of(miner_topics::validator_connected).empty());
  EXPECT_FALSE(seen->of(miner_topics::prediction_submitted).empty());
  EXPECT_EQ(seen->of(miner_topics::prediction_confirmation).size(), 20U);
}

TEST_F(sports_messenger_test, goes_over_to_http_while_there_is_no_websocket) {
  std::atomic<bool> cut = true;
  world.backend->all_games = {sports_wire_world::game("501")};
  cutting_relay relay{world.port(), [&](std::string_view first_line) -> std::optional<uint64_t> {
                        return cut && first_line.starts_with("GET /ws ")
                                 ? std::optional<uint64_t>{1}
                                 : std::nullopt;
                      }};
  start({relay.port()});
  predict(1, 5);
  ASSERT_TRUE(confirms(5, relay.port()));
  const auto stored = world.backend->stored();
  for (const auto& [id, x] : stored)
    EXPECT_EQ(x.way, prediction_way::http) << id;
  ASSERT_TRUE(sports_wire_world::becomes([&] {
    const std::scoped_lock lock{came->mutex};
    return came->games.contains("501");
  }))
    << "games come over HTTP";
  EXPECT_GT(relay.cuts(), 0U);
  cut = false;
  ASSERT_TRUE(sports_wire_world::becomes(
    [&] { return view()["validators"][name_of(relay.port())]["online"] == true; }));
  predict(6, 9);
  ASSERT_TRUE(confirms(9, relay.port()));
  EXPECT_EQ(world.backend->stored().at("p9").way, prediction_way::websocket);
  cut = true;
  relay.cut_all();
  ASSERT_TRUE(sports_wire_world::becomes(
    [&] { return !seen->of(miner_topics::validator_disconnected).empty(); }));
  predict(10, 12);
  ASSERT_TRUE(confirms(12, relay.port()));
  EXPECT_EQ(world.backend->stored().at("p12").way, prediction_way::http);
}

TEST_F(sports_messenger_test, serves_one_validator_while_another_is_away) {
  sports_wire_world other;
  other.backend->add_miner(miner.address(), 7);
  std::atomic<bool> away = true;
  cutting_relay relay{other.port(), [&](std::string_view) -> std::optional<uint64_t> {
                        return away ? std::optional<uint64_t>{1} : std::nullopt;
                      }};
  start({world.port(), relay.port()});
  predict(1, 5);
  ASSERT_TRUE(confirms(5, world.port()));
  EXPECT_EQ(view()["validators"][name_of(relay.port())]["predictions"]["pending"], 5);
  EXPECT_TRUE(other.backend->stored().empty());
  EXPECT_EQ(view()["total_validators"], 2);
  away = false;
  ASSERT_TRUE(confirms(5, relay.port()));
  EXPECT_EQ(other.backend->stored().size(), 5U);
}

TEST_F(sports_messenger_test, counts_what_is_refused_and_asks_no_more) {
  world.backend->refused["501"] = prediction_code::game_started;
  start({world.port()});
  predict(1, 3);
  ASSERT_TRUE(sports_wire_world::becomes(
    [&] { return view()["validators"][name_of(world.port())]["predictions"]["refused"] == 3; }));
  stop();
  const auto memory = *store->recall();
  for (const auto& [key, x] : memory.deliveries) {
    EXPECT_TRUE(x.answered);
    EXPECT_FALSE(x.confirmed());
    EXPECT_EQ(x.code, prediction_code::game_started);
    EXPECT_GE(x.sent, 1U); // over HTTP too, when that was quicker than the WebSocket
    EXPECT_LE(x.sent, 2U);
  }
  start({world.port()});
  ASSERT_TRUE(sports_wire_world::becomes(
    [&] { return view()["validators"][name_of(world.port())]["online"] == true; }));
  EXPECT_EQ(view()["validators"][name_of(world.port())]["sent_websocket"], 0)
    << "an earlier run has the answer";
}

// 20 seeds: connections are cut after any byte, both ways, and the miner and the validator are
// killed in between. Everything is stored once, and confirmed once.
TEST_F(sports_messenger_test, delivers_everything_once_whoever_is_killed) {
  uint64_t number = 0;
  for (uint64_t seed = 1; seed <= 20; ++seed) {
    SCOPED_TRACE("seed " + std::to_string(seed));
    auto chance = std::make_shared<std::mt19937_64>(seed);
    std::atomic<int> left = 8;
    cutting_relay relay{world.port(), [&, chance](std::string_view) -> std::optional<uint64_t> {
                          return left-- > 0 ? std::optional{1 + (*chance)() % 9000} : std::nullopt;
                        }};
    std::mt19937_64 here{seed};
    start({relay.port()});
    const auto first = number + 1;
    for (int round = 0; round < 3; ++round) {
      predict(number + 1, number + 4);
      number += 4;
      pause_for(std::chrono::milliseconds{here() % 12});
      if (here() % 2 == 0) {
        world.restart();
        relay.lead_to(world.port());
      }
      stop(); // the miner is killed
      start({relay.port()});
    }
    ASSERT_TRUE(sports_wire_world::becomes(
      [&] { return view()["validators"][name_of(relay.port())]["predictions"]["pending"] == 0; }))
      << view().dump();
    EXPECT_EQ(world.backend->stored().size(), number);
    stop();
    uint64_t confirmed = 0;
    const auto memory = *store->recall();
    for (const auto& [key, x] : memory.deliveries)
      if (x.validator == name_of(relay.port()) && key.number >= first)
        confirmed += x.confirmed() ? 1 : 0;
    EXPECT_EQ(confirmed, 12U);
    for (auto n = first; n <= number; ++n)
      EXPECT_TRUE(world.backend->stored().contains("p" + std::to_string(n)));
  }
}

} // namespace
} // namespace sluice::test
