#include "tests/support/run_program.hpp"
#include "tests/support/scratch_folder.hpp"

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include <cmath>
#include <fstream>
#include <set>
#include <sstream>

namespace {

using namespace sluice::test;
using json = nlohmann::json;

const std::string trading_data = SOURCE_DIR "/tests/data/trading/";

/// The example of docs/trading.md, imported.
class trading_program : public testing::Test {
protected:
  void SetUp() override {
    const auto run = run_sluice({"trading", "import", trading_data + "stakes.jsonl", "--world",
                                 trading_data + "world.jsonl", "--data", data, "--output", "json"});
    ASSERT_EQ(run.code, 0) << run.err;
    imported = json::parse(run.out);
    skipped = run.err;
  }

  json answer(std::vector<std::string> arguments) {
    arguments.insert(arguments.begin(), "trading");
    arguments.insert(arguments.end(), {"--data", data, "--output", "json"});
    const auto run = run_sluice(arguments);
    EXPECT_EQ(run.code, 0) << run.err;
    return json::parse(run.out, nullptr, false);
  }

  std::string table(std::vector<std::string> arguments) {
    arguments.insert(arguments.begin(), "trading");
    arguments.insert(arguments.end(), {"--data", data, "--output", "table"});
    const auto run = run_sluice(arguments);
    EXPECT_EQ(run.code, 0) << run.err;
    return run.out;
  }

  scratch_folder folder;
  std::string data = folder.at("ledger");
  json imported;
  std::string skipped;
};

TEST_F(trading_program, imports_counts_and_shows_what_is_no_event) {
  EXPECT_EQ(imported["rows"], 8);
  EXPECT_EQ(imported["added"], 7);
  EXPECT_EQ(imported["rejected"], 1);
  EXPECT_EQ(imported["rejected_because"]["netuid"], 1);
  EXPECT_NE(skipped.find("stakes.jsonl:8:"), std::string::npos) << skipped;
  const auto again = run_sluice(
    {"trading", "import", trading_data + "stakes.jsonl", "--data", data, "--output", "json"});
  ASSERT_EQ(again.code, 0) << again.err;
  EXPECT_EQ(json::parse(again.out)["added"], 0);
  EXPECT_EQ(json::parse(again.out)["duplicates"], 7);
}

TEST_F(trading_program, takes_pools_and_shows_them) {
  const auto pools = folder.write(
    "pools.jsonl", R"({"netuid":3,"tao_reserve":1.5,"alpha_reserve":20,"price":0.075})");
  const auto taken
    = run_sluice({"trading", "import", "--pools", pools, "--data", data, "--output", "json"});
  ASSERT_EQ(taken.code, 0) << taken.err;
  EXPECT_EQ(json::parse(taken.out)["pools"], 1);
  const auto shown = run_sluice({"trading", "pools", "--data", data, "--output", "json"});
  ASSERT_EQ(shown.code, 0) << shown.err;
  const auto row = json::parse(shown.out).at(0);
  EXPECT_EQ(row["netuid"], 3);
  EXPECT_EQ(row["tao_reserve"], "1.5");
  EXPECT_EQ(row["price"], 0.075);
}

TEST_F(trading_program, stops_at_a_bad_row_when_it_is_asked_to) {
  const auto run = run_sluice(
    {"trading", "import", trading_data + "stakes.jsonl", "--strict", "--data", folder.at("other")});
  EXPECT_EQ(run.code, 2);
  EXPECT_NE(run.err.find("stakes.jsonl:8:"), std::string::npos) << run.err;
}

TEST_F(trading_program, reports_the_worked_numbers) {
  const auto all = answer({"report"});
  EXPECT_EQ(all["now"], "2025-08-20T12:00:00Z");
  EXPECT_EQ(all["events"]["applied"], 6);
  EXPECT_EQ(all["events"]["registered_subnet"], 1);
  EXPECT_EQ(all["events"]["ignored_unstakes"], 1);
  ASSERT_EQ(all["miners"].size(), 2U);
  const double first = 200 * std::exp(-0.25 * std::exp(std::log(20.0) / 14) * 2);
  EXPECT_NEAR(all["miners"][0]["score"].get<double>(), first, 1e-9);
  EXPECT_NEAR(all["miners"][1]["score"].get<double>(), 50, 1e-9);
  EXPECT_NEAR(all["miners"][0]["weight"].get<double>(), first / (first + 50), 1e-12);
  const auto one = answer({"report", "1"});
  EXPECT_EQ(one["pnl"], "220");
  EXPECT_EQ(one["volume"], "760");
  EXPECT_EQ(one["total_trades"], 1);
  EXPECT_EQ(one["legs"], 2);
  EXPECT_EQ(one["positions"], 1);
  EXPECT_EQ(one["remaining_alpha"], "10");
  EXPECT_NEAR(one["roi_percent"].get<double>(), 100 * 220.0 / 530, 1e-9);
  EXPECT_EQ(one["win_rate_percent"], 100);
}

TEST_F(trading_program, explains_a_weight_with_numbers_that_add_up) {
  const auto x = answer({"explain", "1"});
  double days = 0;
  for (const auto& day : x["days"]) {
    EXPECT_TRUE(day["adds_up"].get<bool>());
    days += day["adds"].get<double>();
  }
  EXPECT_NEAR(days / static_cast<double>(x["days"].size()), x["score"].get<double>(), 1e-12);
  EXPECT_NEAR(x["score"].get<double>() / x["scores_sum"].get<double>(), x["weight"].get<double>(),
              1e-12);
  ASSERT_EQ(x["legs"].size(), 1U);
  EXPECT_EQ(x["legs"][0]["tao"], "500");
  EXPECT_EQ(x["legs"][0]["cost"], "300");
  EXPECT_EQ(x["legs"][0]["pnl"], "200");
  EXPECT_EQ(x["legs"][0]["held_blocks"], 122'400);
  const auto text = table({"explain", "1"});
  EXPECT_NE(text.find("score 107.66"), std::string::npos) << text;
  EXPECT_NE(text.find("2025-08-18"), std::string::npos) << text;
}

TEST_F(trading_program, finds_trades_and_positions_by_every_filter) {
  EXPECT_EQ(answer({"trades"})["found"], 2);
  EXPECT_EQ(answer({"trades", "--uid", "1"})["found"], 1);
  EXPECT_EQ(answer({"trades", "--netuid", "2"})["found"], 1);
  EXPECT_EQ(answer({"trades", "--from", "2025-08-19"})["found"], 1);
  EXPECT_EQ(answer({"trades", "--to", "2025-08-19"})["found"], 1);
  EXPECT_EQ(answer({"positions"})["found"], 3);
  EXPECT_EQ(answer({"positions", "--status", "closed"})["found"], 2);
  EXPECT_EQ(answer({"positions", "--status", "partial"})["positions"][0]["left"], "10");
  const auto shown = answer({"positions", "--limit", "1"});
  EXPECT_EQ(shown["found"], 3);
  EXPECT_EQ(shown["shown"], 1);
  EXPECT_EQ(shown["positions"][0]["opened"], "2025-08-10T00:00:00Z");
  EXPECT_EQ(shown["subnets"].size(), 2U);
  EXPECT_NE(table({"positions"}).find("partial"), std::string::npos);
}

TEST_F(trading_program, exports_what_can_be_imported_again) {
  const auto file = folder.at("stakes.jsonl");
  const auto out = run_sluice({"trading", "export", "--data", data, "--to-file", file});
  ASSERT_EQ(out.code, 0) << out.err;
  const auto other = folder.at("again");
  const auto in = run_sluice({"trading", "import", file, "--world", trading_data + "world.jsonl",
                              "--data", other, "--output", "json"});
  ASSERT_EQ(in.code, 0) << in.err;
  EXPECT_EQ(json::parse(in.out)["added"], 7);
  const auto report = run_sluice({"trading", "report", "--data", other, "--output", "json"});
  EXPECT_EQ(json::parse(report.out)["miners"], answer({"report"})["miners"]);
}

TEST_F(trading_program, rebuilds_the_same_and_audits_it) {
  const auto again = answer({"rebuild"});
  EXPECT_EQ(again["changed"], 0);
  EXPECT_EQ(again["errors"], 0);
  EXPECT_EQ(again["events_verified"], 7);
  const auto audit = run_sluice({"audit", "all", "--data", data});
  EXPECT_EQ(audit.code, 0) << audit.out << audit.err;
  EXPECT_NE(audit.out.find("ledger of trades"), std::string::npos) << audit.out;
}

TEST_F(trading_program, states_what_is_wrong_with_what_is_asked) {
  const std::vector<std::pair<std::vector<std::string>, std::string>> wrong{
    {{"trading", "explain", "7", "--data", data}, "no trader 7; a hotkey, or one of the uids 1, 2"},
    {{"trading", "trades", "--data", data, "--from", "yesterday"}, "--from: expected a time"},
    {{"trading", "trades", "--data", data, "--uid", "1", "--hotkey", "x"}, "one of them"},
    {{"trading", "import", folder.at("none"), "--data", data}, "none"},
    {{"trading", "import", "--data", data}, "no file to import"},
    {{"trading", "report", "--data", folder.at("nowhere")}, "nowhere"},
    {{"trading"}, "subcommand"},
  };
  for (const auto& [arguments, expected] : wrong) {
    const auto run = run_sluice(arguments);
    EXPECT_TRUE(run.code == 2 || run.code == 3) << run.code << ' ' << expected;
    EXPECT_NE(run.err.find(expected), std::string::npos) << run.err;
  }
}

/// A node with a generated world.
class trading_node_program : public testing::Test {
protected:
  trading_node_program() {
    std::ofstream{folder.at("node.toml")} << R"(name = "trading-dev"
[validator]
hotkey = "validator"
uid = 9
[weights]
shares = { trading = 1.0 }
[trading]
[[trading.feeds]]
name = "traders"
kind = "world"
)";
  }

  program_run run_node(const std::string& rounds, const std::string& output) {
    return run_sluice({"node", "--config", folder.at("node.toml"), "--data", data, "--rounds",
                       rounds, "--output", output});
  }

  scratch_folder folder;
  std::string data = folder.at("state");
};

TEST_F(trading_node_program, plays_publishes_and_is_looked_at) {
  const auto run = run_node("3", "json");
  ASSERT_EQ(run.code, 0) << run.err;
  std::istringstream lines{run.out};
  std::set<std::string> events;
  size_t steps = 0;
  for (std::string line; std::getline(lines, line);) {
    const auto x = json::parse(line);
    events.insert(x["event"].get<std::string>());
    if (x["event"] != "trading")
      continue;
    ++steps;
    EXPECT_GT(x["added"].get<int>(), 0);
    EXPECT_GE(x["best"].size(), 3U);
  }
  EXPECT_EQ(steps, 3U);
  EXPECT_TRUE(events.contains("weights")) << run.out;
  const auto audit = run_sluice({"audit", "all", "--data", data});
  EXPECT_EQ(audit.code, 0) << audit.out;
  EXPECT_NE(audit.out.find("scores of trades"), std::string::npos) << audit.out;
  for (const auto* line : {"trading", "trading performance 20", "trading trades 20",
                           "trading positions", "trading snapshots", "trading explain 20"}) {
    const auto seen = run_sluice({"shell", "--data", data, "--exec", line, "--output", "json"});
    EXPECT_EQ(seen.code, 0) << line << seen.err;
    EXPECT_TRUE(json::accept(seen.out)) << line << seen.out;
  }
  const auto again = run_node("1", "lines");
  ASSERT_EQ(again.code, 0) << again.err;
  EXPECT_NE(again.out.find("trading step=4 "), std::string::npos) << again.out;
}

} // namespace
