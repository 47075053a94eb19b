// A miner and a validator as two processes, with a relay between them that cuts connections.
#include "net/keys/key_file.hpp"
#include "storage/data_dir.hpp"
#include "storage/sports/miner_store.hpp"
#include "storage/sports/tables.hpp"
#include "storage/tables.hpp"
#include "tests/support/cutting_relay.hpp"
#include "tests/support/layout.hpp"
#include "tests/support/pause.hpp"
#include "tests/support/running_program.hpp"
#include "tests/support/scratch_folder.hpp"

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include <array>
#include <atomic>
#include <chrono>
#include <memory>
#include <random>
#include <set>

namespace {

using namespace sluice;
using namespace sluice::test;

constexpr const char* sports_node_text = R"(
name = "sports"
[validator]
hotkey = "validator"
uid = 9
[weights]
shares = { sports = 1.0 }
[sports]
)";

constexpr size_t games_of_test = 12;

int64_t clock_unix_us() {
  using namespace std::chrono;
  return duration_cast<microseconds>(system_clock::now().time_since_epoch()).count();
}

/// A program of the user's that predicts every game with a small wager.
constexpr const char* predict_text = R"(import json, sys
for line in sys.stdin:
    game = json.loads(line)
    print(json.dumps({'externalId': game['externalId'], 'outcome': 0, 'wager': 0.25}))
)";

class sports_miner_node_restart : public testing::Test {
protected:
  sports_miner_node_restart() {
    std::array<uint8_t, 32> seed{};
    seed.fill(0x5b);
    key = net::make_key_pair(net::secret_seed{seed});
    const auto written = net::write_key_file(folder.at("miner.key"), key);
    EXPECT_TRUE(written) << written.error().what;
    folder.write("node.toml", sports_node_text);
    folder.write("predict.py", predict_text);
    start_node(); // makes the folder
    EXPECT_EQ(node->stop(), 0) << node->output();
    std::string games;
    const auto start_s = clock_unix_us() / 1'000'000 + 86'400;
    for (size_t i = 0; i < games_of_test; ++i)
      games += R"({"externalId":"g)" + std::to_string(i) + R"(","teamA":"A","teamB":"B",)"
               + R"("sport":"soccer","date":")" + time_text(start_s + static_cast<int64_t>(i))
               + R"(","teamAOdds":1.5,"teamBOdds":2.6})" + "\n";
    const auto import = run_sluice(
      {"sports", "import", folder.write("games.jsonl", games), "--data", folder.at("data")});
    EXPECT_EQ(import.code, 0) << import.err;
    start_node();
  }

  static std::string time_text(int64_t unix_s) {
    const auto at = static_cast<time_t>(unix_s);
    std::tm parts{};
    ::gmtime_r(&at, &parts);
    std::array<char, 32> text{};
    std::strftime(text.data(), text.size(), "%Y-%m-%dT%H:%M:%SZ", &parts);
    return text.data();
  }

  void start_node() {
    node = std::make_unique<running_program>(std::vector<std::string>{
      "node", "--config", folder.at("node.toml"), "--data", folder.at("data"), "--api",
      "127.0.0.1:" + std::to_string(port), "--miner-gateway", "127.0.0.1:0", "--allow", key.address,
      "--output", "json"});
    const auto line = nlohmann::json::parse(node->wait_for("\"serves\""));
    const auto url = line["serves"]["api"].get<std::string>();
    port = static_cast<uint16_t>(std::stoul(url.substr(url.rfind(':') + 1)));
  }

  std::unique_ptr<running_program> start_miner(const std::string& data, uint16_t to) const {
    return std::make_unique<running_program>(std::vector<std::string>{
      "miner", "--mechanism", "sports", "--connect", "ws://127.0.0.1:" + std::to_string(to),
      "--hotkey", folder.at("miner.key"), "--data", data, "--strategy",
      "exec:python3 " + folder.at("predict.py"), "--output", "json"});
  }

  /// The part of `--stats` about the only validator.
  static nlohmann::json stats_of(const std::string& data) {
    const auto run = run_sluice(
      {"miner", "--mechanism", "sports", "--stats", "--data", data, "--output", "json"});
    EXPECT_EQ(run.code, 0) << run.err;
    const auto all = nlohmann::json::parse(run.out, nullptr, false);
    EXPECT_TRUE(all.is_object()) << run.out;
    for (const auto* part : {"database", "predictions", "communication", "tasks", "events"})
      EXPECT_TRUE(all.contains(part)) << part;
    return all["communication"]["validators"].begin().value();
  }

  /// The ids that the validator has stored; stops it.
  std::set<std::string> stored_ids() {
    EXPECT_EQ(node->stop(), 0) << node->output();
    std::set<std::string> all;
    const auto marker = storage::read_marker(folder.at("data"), storage::tables::schema_version);
    if (!marker || !*marker) {
      ADD_FAILURE() << "no data folder";
      return all;
    }
    storage::data_dir_options options;
    options.layout = &layout();
    const auto disk = storage::data_dir::open(folder.at("data"), (*marker)->who,
                                              storage::open_mode::create_or_continue, options);
    if (!disk) {
      ADD_FAILURE() << disk.error().what;
      return all;
    }
    const auto read
      = storage::tables::sports_predictions.for_each(*disk, [&](uint64_t, const auto& x) {
          EXPECT_TRUE(all.insert(x.prediction_id).second) << x.prediction_id << " twice";
        });
    EXPECT_TRUE(read) << read.error().what;
    return all;
  }

  scratch_folder folder;
  net::key_pair key;
  uint16_t port = 0;
  std::unique_ptr<running_program> node;
};

TEST_F(sports_miner_node_restart, goes_over_to_http_when_its_websocket_is_cut) {
  std::atomic<bool> cut = true;
  // The handshake and the welcome come through, the predictions do not.
  cutting_relay relay{port,
                      [&, first = true](std::string_view line) mutable -> std::optional<uint64_t> {
                        if (!cut || !line.starts_with("GET /ws "))
                          return std::nullopt;
                        return std::exchange(first, false) ? 3000 : 1;
                      }};
  const auto data = folder.at("miner");
  const auto miner = start_miner(data, relay.port());
  miner->wait_for("connected to ");
  miner->wait_for("HTTP until then");
  miner->wait_for("over http");
  for (size_t i = 0; i < games_of_test; ++i)
    miner->wait_for("confirmed ");
  EXPECT_GT(relay.cuts(), 0U);
  cut = false;
  miner->wait_for("connected to ");
  EXPECT_EQ(miner->stop(), 0) << miner->output();
  const auto seen = stats_of(data);
  EXPECT_EQ(seen["predictions"]["confirmed"], games_of_test);
  EXPECT_EQ(seen["predictions"]["pending"], 0);
  EXPECT_GE(seen["sent_http"].get<size_t>(), 1U);
  EXPECT_EQ(stored_ids().size(), games_of_test);
}

// 20 seeds: connections are cut after any byte, the miner is killed, and every fourth time the
// validator. In the end each prediction is stored once over there and confirmed once here.
TEST_F(sports_miner_node_restart, every_prediction_arrives_once_whoever_is_killed) {
  std::set<std::string> made;
  for (uint64_t seed = 1; seed <= 20; ++seed) {
    SCOPED_TRACE("seed " + std::to_string(seed));
    std::mt19937_64 chance{seed};
    std::atomic<int> left = 5;
    cutting_relay relay{
      port,
      [&left, bytes = std::mt19937_64{seed}](std::string_view) mutable -> std::optional<uint64_t> {
        return left-- > 0 ? std::optional{1 + bytes() % 12'000} : std::nullopt;
      }};
    const auto data = folder.at("miner-" + std::to_string(seed));
    {
      const auto first = start_miner(data, relay.port());
      pause_for(std::chrono::milliseconds{chance() % 700});
      if (seed % 4 == 0) {
        node.reset(); // SIGKILL
        start_node();
        relay.lead_to(port);
      }
    } // SIGKILL
    left = 2;
    auto miner = start_miner(data, relay.port());
    uint64_t confirmed = 0;
    for (int tries = 0; tries < 20 && confirmed < games_of_test; ++tries) {
      pause_for(std::chrono::seconds{1});
      ASSERT_EQ(miner->stop(), 0) << miner->output();
      confirmed = stats_of(data)["predictions"]["confirmed"].get<uint64_t>();
      if (confirmed < games_of_test)
        miner = start_miner(data, relay.port());
    }
    EXPECT_EQ(confirmed, games_of_test);
    storage::backed_options options;
    options.now_s = clock_unix_us() / 1'000'000;
    auto store = storage::miner_store::open(data, options);
    ASSERT_TRUE(store) << store.error().what;
    const auto memory = store->recall();
    ASSERT_TRUE(memory) << memory.error().what;
    std::set<std::string> games;
    for (const auto& x : memory->predictions) {
      EXPECT_TRUE(games.insert(x.game_id).second) << x.game_id << " was predicted twice";
      made.insert(x.prediction_id);
    }
    EXPECT_EQ(games.size(), games_of_test);
    for (const auto& [at, x] : memory->deliveries)
      EXPECT_TRUE(x.confirmed() || !x.pending.empty()) << at.number;
  }
  EXPECT_EQ(made.size(), 20 * games_of_test);
  EXPECT_EQ(stored_ids(), made);
}

TEST(sports_miner_program, states_what_is_wrong) {
  const scratch_folder folder;
  const auto at = folder.at("miner");
  const auto run = [&](std::vector<std::string> more) {
    std::vector<std::string> all{"miner", "--mechanism", "sports", "--data", at};
    all.insert(all.end(), more.begin(), more.end());
    return run_sluice(all);
  };
  EXPECT_EQ(run({"--connect", "ws://127.0.0.1:1"}).code, 2) << "no key";
  EXPECT_EQ(run({"--hotkey", "x"}).code, 2) << "nobody to connect to";
  const auto strategy
    = run({"--connect", "ws://127.0.0.1:1", "--hotkey", "x", "--strategy", "wide"});
  EXPECT_EQ(strategy.code, 2);
  EXPECT_NE(strategy.err.find("odds, elo, poisson and exec:COMMAND"), std::string::npos)
    << strategy.err;
  const auto stats = run({"--stats"});
  EXPECT_EQ(stats.code, 3);
  EXPECT_NE(stats.err.find("stats.json"), std::string::npos) << stats.err;
}

} // namespace
