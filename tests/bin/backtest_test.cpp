#include "tests/support/data_file.hpp"
#include "tests/support/program_letters.hpp"
#include "tests/support/run_program.hpp"
#include "tests/support/scratch_folder.hpp"

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include <csignal>
#include <filesystem>
#include <map>
#include <pty.h>
#include <sstream>
#include <unistd.h>

using namespace sluice;
using nlohmann::json;

namespace {

class backtest_bin : public testing::Test {
protected:
  test::program_run run(std::vector<std::string> arguments, const test::run_options& options = {}) {
    arguments.insert(arguments.begin(), "backtest");
    return test::run_sluice(arguments, options);
  }

  void complains(std::vector<std::string> arguments, int code, const std::string& expected) {
    const auto got = run(std::move(arguments));
    EXPECT_EQ(got.code, code) << got.err;
    EXPECT_TRUE(got.out.empty()) << got.out;
    EXPECT_NE(got.err.find(expected), std::string::npos) << got.err;
    EXPECT_EQ(std::count(got.err.begin(), got.err.end(), '\n'), 1) << got.err;
  }

  /// Scores and metrics that a node wrote down, by kind and round: it has one miner, who is
  /// trusted.
  std::map<std::pair<std::string, uint64_t>, json> node_rounds(const std::string& job) {
    const auto config = folder_.write("node.toml", R"(
name = "one"
[validator]
hotkey = "v"
uid = 2
[[miners]]
uid = 1
hotkey = "m"
strategy = "narrow:width=0.005"
[[jobs]]
id = "job"
vault = "0x00000000000000000000000000000000000005a1"
pair_address = "0x00000000000000000000000000000000000005b1"
)" + job + R"(
[jobs.scoring]
range = "count"
[jobs.board]
trusted = ["m"]
)");
    const auto got = test::run_sluice({"node", "--config", config, "--data", folder_.at("data"),
                                       "--rounds", "6", "--output", "json"});
    EXPECT_EQ(got.code, 0) << got.err;
    std::map<std::pair<std::string, uint64_t>, json> rounds;
    std::istringstream lines{got.out};
    for (std::string line; std::getline(lines, line);)
      if (const auto x = json::parse(line); x["event"] == "round")
        rounds[{x["kind"], x["round"]}] = x["miners"][0];
    return rounds;
  }

  /// From the round on in which the miner is live, its vault is that of the backtest. In the
  /// replayed model a node values a round at the market's price (docs/decisions/0032): what was
  /// held and earned is the same all the same.
  void agrees_with(const std::map<std::pair<std::string, uint64_t>, json>& rounds,
                   const std::vector<std::string>& arguments, bool replayed = false) {
    const auto got = run(arguments);
    ASSERT_EQ(got.code, 0) << got.err;
    const auto report = json::parse(got.out);
    size_t compared = 0, moved = 0;
    for (const auto& round : report["rounds"])
      for (const char* kind : {"evaluation", "live"}) {
        const auto at = rounds.find({kind, round["round"]});
        if (at == rounds.end())
          continue;
        const auto& mine = round["players"][0];
        const auto& its = at->second;
        if (!replayed) {
          EXPECT_EQ(mine["score"], its["score"]) << kind << round["round"];
          EXPECT_EQ(mine["metrics"], its["metrics"]) << kind << round["round"];
        }
        for (const char* key : {"initial_value", "fees0", "fees1", "rebalances", "in_range_ratio"})
          EXPECT_EQ(mine["metrics"][key], its["metrics"][key]) << key << kind << round["round"];
        moved += mine["metrics"]["rebalances"].get<size_t>();
        ++compared;
      }
    EXPECT_EQ(compared, 10u);
    EXPECT_GT(moved, 4u);
  }

  test::scratch_folder folder_;
};

} // namespace

TEST_F(backtest_bin, minute_bars_come_out_as_in_a_node) {
  const auto rounds = node_rounds(R"(round_seconds = 900
block_seconds = 60
checkpoint_blocks = 3
live_checkpoint_blocks = 3
[jobs.pool]
fee = 500
tick_spacing = 10
decimals0 = 6
decimals1 = 18
[jobs.start]
amount0 = "30000000000"
amount1 = "16000000000000000000"
[jobs.feed]
kind = "bars"
files = [")" + test::recording("bars.csv")
                                  + "\"]\n");
  agrees_with(rounds, {"--events", test::recording("bars.csv"), "--strategy", "narrow:width=0.005",
                       "--start", "30000,16", "--from", "28198110"});
}

TEST_F(backtest_bin, recorded_events_come_out_as_in_a_node_in_both_models) {
  for (const auto& [model, file, staked] :
       {std::tuple{"observed", "p1.jsonl", false}, std::tuple{"replayed", "p1.jsonl", false},
        std::tuple{"observed", "aero.jsonl", true}, std::tuple{"replayed", "aero.jsonl", true}}) {
    SCOPED_TRACE(std::string{file} + ", " + model);
    std::filesystem::remove_all(folder_.at("data"));
    const auto rounds = node_rounds(std::string{"model = \""} + model
                                    + "\"\nstaked = " + (staked ? "true" : "false") + R"(
round_seconds = 20
block_seconds = 2
checkpoint_blocks = 2
live_checkpoint_blocks = 2
[jobs.start]
amount0 = "10000000000000000000"
amount1 = "30000000000"
[jobs.feed]
kind = "events"
files = [")" + test::recording(file) + "\"]\n");
    ASSERT_FALSE(rounds.empty());
    uint64_t live = UINT64_MAX;
    for (const auto& [key, x] : rounds)
      if (key.first == "live")
        live = std::min(live, key.second);
    std::vector<std::string> asked{"--events",     test::recording(file),
                                   "--strategy",   "narrow:width=0.005",
                                   "--start",      "10,30000",
                                   "--round",      "10blocks",
                                   "--checkpoint", "2blocks",
                                   "--model",      model,
                                   "--from",       std::to_string(live * 10)};
    if (staked)
      asked.emplace_back("--staked");
    agrees_with(rounds, asked, std::string{model} == "replayed");
  }
}

TEST_F(backtest_bin, writes_a_page_and_a_table_of_rounds_beside_its_answer) {
  const auto page = folder_.at("out.html"), csv = folder_.at("out.csv");
  folder_.write("out.html", "what was there before");
  const auto got = run({"--events", test::recording("bars.csv"), "--strategy", "narrow",
                        "--strategy", "hold", "--report", page, "--csv", csv, "--output", "table"});
  EXPECT_EQ(got.code, 0) << got.err;
  EXPECT_NE(got.out.find("score"), std::string::npos);
  EXPECT_TRUE(folder_.read("out.html").starts_with("<!doctype html>"));
  EXPECT_TRUE(folder_.read("out.html").ends_with("</html>\n"));
  EXPECT_TRUE(folder_.read("out.csv").starts_with("round,start_block"));
  EXPECT_EQ(folder_.count(), 2u) << "nothing else is left behind";
  EXPECT_NE(got.err.find(page + ": written"), std::string::npos);
  EXPECT_EQ(got.err.find('\x1b'), std::string::npos) << "no bar where nobody looks";
}

TEST_F(backtest_bin, the_same_run_gives_the_same_bytes) {
  const std::vector<std::string> arguments{"--events", test::recording("p1.jsonl"),
                                           "--round",  "10blocks",
                                           "--report", folder_.at("out.html")};
  const auto once = run(arguments);
  const auto page = folder_.read("out.html");
  const auto twice = run(arguments);
  EXPECT_EQ(once.out, twice.out);
  EXPECT_EQ(page, folder_.read("out.html"));
}

TEST_F(backtest_bin, every_mistake_is_one_line_and_leaves_no_file) {
  const auto bars = test::recording("bars.csv");
  const auto page = folder_.at("out.html");
  complains({"--events", bars, "--strategy", "narow"}, 2, "did you mean \"narrow\"?");
  complains({"--events", bars, "--strategy", "narrow:width"}, 2, "width needs a value");
  complains({"--events", bars, "--round", "x", "--report", page}, 2, "--round: expected");
  complains({"--events", bars, "--rond", "900s"}, 2, "--rond");
  complains({"--strategy", "hold"}, 2, "--events");
  complains({"--events", "/nowhere", "--report", page}, 3, "/nowhere");
  complains({"--events", bars, "--report", folder_.at("no/where.html")}, 3, "no/where.html");
  complains({"--events", bars, "--model", "replayed"}, 2, "use observed");
  complains({"--events", bars, "--pool", "fee=x"}, 2, "--pool");
  complains({"--events", test::recording("p1.jsonl"), "--staked"}, 2,
            "--staked: p1 is of a Uniswap V3");
  complains({"--events", bars, "--plan", bars}, 2, "bars.csv:1:");
  EXPECT_EQ(folder_.count(), 0u);
}

/// Work for seconds, on a terminal of its own, with a signal once there is a bar to be seen.
TEST_F(backtest_bin, a_signal_stops_it_and_nothing_is_half_written) {
  std::string text = "timestamp,netAmount0,netAmount1,closeTick,openTick,lowestTick,highestTick,"
                     "inAmount0,inAmount1,currentLiquidity\n";
  for (int i = 0; i < 28 * 1440; ++i) {
    char line[120];
    std::snprintf(line, sizeof line, "2023-02-%02d %02d:%02d:00,0,0,%d,%d,0,0,1000000,7,900000\n",
                  1 + i / 1440, i / 60 % 24, i % 60, 201'000 + i % 900, 201'000 + i % 700);
    text += line;
  }
  const auto bars = folder_.write("long.csv", text);
  std::vector<std::string> arguments{BINARY_DIR "/sluice",
                                     "backtest",
                                     "--events",
                                     bars,
                                     "--checkpoint",
                                     "1m",
                                     "--round",
                                     "8h",
                                     "--report",
                                     folder_.at("out.html"),
                                     "--csv",
                                     folder_.at("out.csv")};
  for (int i = 10; i < 40; ++i) {
    arguments.emplace_back("--strategy");
    arguments.push_back("narrow:width=0.00" + std::to_string(i));
  }
  std::string command = "exec";
  for (const auto& x : arguments)
    command += " '" + x + "'";
  int terminal = -1;
  winsize size{24, 80, 0, 0};
  const auto child = ::forkpty(&terminal, nullptr, nullptr, &size);
  ASSERT_GE(child, 0);
  if (child == 0) {
    ::execl("/bin/sh", "sh", "-c", command.c_str(), nullptr);
    ::_exit(127);
  }
  std::string shown;
  bool sent = false;
  char bytes[4096];
  for (ssize_t got; (got = ::read(terminal, bytes, sizeof bytes)) > 0;) {
    shown.append(bytes, static_cast<size_t>(got));
    if (!sent && shown.find(" %") != std::string::npos)
      sent = ::kill(child, SIGINT) == 0;
  }
  ::close(terminal);
  int status = 0;
  ASSERT_EQ(::waitpid(child, &status, 0), child);
  EXPECT_TRUE(WIFSIGNALED(status) && WTERMSIG(status) == SIGINT) << status << shown;
  EXPECT_NE(shown.find(test::program_forms().bar_rest), std::string::npos) << shown;
  EXPECT_NE(shown.find("sluice backtest: stopped; nothing was written"), std::string::npos);
  EXPECT_EQ(folder_.count(), 1u) << "only the recording";
}

TEST_F(backtest_bin, help_shows_how) {
  const auto got = run({"--help"});
  EXPECT_EQ(got.code, 0);
  for (const char* part : {"--report", "--strategy", "--plan", "--round", "Examples:", "--csv"})
    EXPECT_NE(got.out.find(part), std::string::npos) << part;
}
