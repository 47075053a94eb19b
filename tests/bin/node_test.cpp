// The main job, as a user runs it.
#include "storage/data_dir.hpp"
#include "storage/tables.hpp"
#include "tests/support/data_file.hpp"
#include "tests/support/run_program.hpp"
#include "tests/support/scratch_folder.hpp"

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include <iterator>
#include <map>
#include <sstream>

namespace {

using namespace sluice::test;
using nlohmann::json;

/// Every line of the output as JSON.
std::vector<json> events_of(const std::string& out) {
  std::vector<json> all;
  for (const auto line : lines_of(out)) {
    all.push_back(json::parse(line, nullptr, false));
    EXPECT_TRUE(all.back().is_object()) << line;
  }
  return all;
}

size_t count(const std::vector<json>& all, std::string_view event) {
  return static_cast<size_t>(std::count_if(
    all.begin(), all.end(), [&](const json& x) { return x.value("event", "") == event; }));
}

class node_command : public testing::Test {
protected:
  /// --dev with a folder of the test's own for everything that is temporary.
  program_run node(std::vector<std::string> flags, run_options options = {}) const {
    flags.insert(flags.begin(), {"node", "--dev"});
    options.environment.push_back("TMPDIR=" + folder.path().string());
    if (options.folder.empty())
      options.folder = folder.path();
    return run_sluice(flags, options);
  }

  scratch_folder folder;
};

TEST_F(node_command, two_seeded_runs_print_the_same_bytes) {
  const std::vector<std::string> flags{"--seed", "7", "--rounds", "5", "--output", "json"};
  const auto first = node(flags);
  const auto second = node(flags);
  EXPECT_EQ(first.code, 0) << first.err;
  EXPECT_EQ(second.code, 0) << second.err;
  EXPECT_FALSE(first.out.empty());
  EXPECT_TRUE(first.out == second.out); // too long to be printed
  auto other = flags;
  other[1] = "8";
  EXPECT_FALSE(node(other).out == first.out);
}

TEST_F(node_command, rounds_end_with_a_summary) {
  const auto run = node({"--seed", "7", "--rounds", "3", "--output", "json"});
  EXPECT_EQ(run.code, 0) << run.err;
  const auto all = events_of(run.out);
  EXPECT_EQ(count(all, "start"), 1U);
  EXPECT_EQ(count(all, "weights"), 3U);
  EXPECT_GE(count(all, "round"), 5U + 2U); // two jobs, and live rounds among the first few
  const auto& last = all.back();
  EXPECT_EQ(last["event"], "over");
  EXPECT_EQ(last["code"], 0);
  EXPECT_EQ(last["laps"], 3);
  ASSERT_EQ(last["jobs"].size(), 2U);
  for (const auto& job : last["jobs"]) {
    EXPECT_EQ(job["rounds"], job["job"] == "weth-usdc" ? 3 : 2); // 900 s and 1200 s

    EXPECT_EQ(job["miners"].size(), 8U);
  }
  EXPECT_EQ(last["weights"]["status"], "confirmed");
  EXPECT_EQ(last["weights"]["same"], true);
}

TEST_F(node_command, every_miner_is_in_every_evaluation_with_what_became_of_it) {
  const auto run = node({"--seed", "7", "--rounds", "2", "--output", "json"});
  std::map<std::string, std::set<std::string>> verdicts;
  for (const auto& x : events_of(run.out))
    if (x["event"] == "round" && x["kind"] == "evaluation") {
      EXPECT_EQ(x["miners"].size(), 8U);
      for (const auto& miner : x["miners"])
        verdicts[miner["strategy"]].insert(miner["verdict"].get<std::string>());
    }
  using set = std::set<std::string>;
  for (const auto* strategy : {"hold", "wide", "narrow", "volatility"})
    EXPECT_EQ(verdicts[strategy], set{"scored"}) << strategy;
  EXPECT_EQ(verdicts["refuser"], set{"refused"});
  EXPECT_EQ(verdicts["silent"], set{"failed"});
  EXPECT_EQ(verdicts["crasher"], set{"failed"});
}

TEST_F(node_command, lines_are_a_name_and_pairs) {
  const auto run = node({"--seed", "7", "--rounds", "2", "--output", "lines"});
  EXPECT_EQ(run.code, 0) << run.err;
  std::map<std::string, size_t> names;
  for (const auto line : lines_of(run.out)) {
    const auto name = line.substr(0, line.find(' '));
    ++names[std::string{name}];
    bool quoted = false, in_key = true;
    for (const char c : line.substr(name.size() + 1)) {
      quoted ^= c == '"';
      if (c == ' ' && !quoted) {
        EXPECT_FALSE(in_key) << line; // a name without a value
        in_key = true;
      }
      in_key = in_key && c != '=';
    }
    EXPECT_FALSE(quoted) << line;
  }
  EXPECT_EQ(names["start"], 1U);
  EXPECT_EQ(names["feed"], 2U);
  EXPECT_EQ(names["round"], 3U); // of 900 s two, of 1200 s one
  EXPECT_EQ(names["weights"], 2U);
  EXPECT_EQ(names["over"], 1U);
  EXPECT_EQ(node({"--seed", "7", "--rounds", "2"}).out.substr(0, 5), "start"); // no terminal
}

TEST_F(node_command, the_log_for_machines_has_the_time) {
  const auto run = node({"--seed", "7", "--rounds", "1", "--log", "json"});
  EXPECT_EQ(run.code, 0) << run.err;
  uint64_t last = 1'700'000'000'000; // 2023
  for (const auto& x : events_of(run.out)) {
    const auto time = x["time"].get<uint64_t>();
    EXPECT_GE(time, last);
    last = time;
  }
}

TEST_F(node_command, an_interrupt_ends_it_well_and_the_same_command_continues) {
  const std::vector<std::string> flags{"--data", "state", "--output", "json"};
  run_options options;
  options.signal = SIGINT;
  options.signal_after = R"("event":"weights")";
  options.patience = std::chrono::seconds(60);
  const auto first = node(flags, options);
  EXPECT_FALSE(first.too_slow);
  EXPECT_EQ(first.code, 0) << first.err;
  EXPECT_NE(first.err.find("stopped; the state is in state"), std::string::npos) << first.err;
  EXPECT_EQ(events_of(first.out).front()["laps_done"], 0);
  options.signal = SIGTERM;
  const auto second = node(flags, options);
  EXPECT_EQ(second.code, 0) << second.err;
  const auto done = events_of(second.out).front()["laps_done"].get<uint64_t>();
  EXPECT_GE(done, 1U);
  auto third = flags;
  third.insert(third.end(), {"--rounds", "2"});
  const auto last = events_of(node(third).out);
  EXPECT_GT(last.front()["laps_done"].get<uint64_t>(), done);
  EXPECT_EQ(last.back()["laps"], 2);
}

TEST_F(node_command, an_interrupt_does_not_wait_for_paced_time) {
  run_options options;
  options.signal = SIGINT;
  options.signal_after = R"("event":"start")";
  options.patience = std::chrono::seconds(60);
  const auto run = node({"--data", "state", "--output", "json", "--speed", "0.001"}, options);
  EXPECT_FALSE(run.too_slow); // a block takes half an hour
  EXPECT_EQ(run.code, 0) << run.err;
}

TEST_F(node_command, whoever_stops_reading_does_not_stop_the_node) {
  const auto run = run_program(
    "/bin/sh", {"-c", "\"$0\" node --dev --rounds 40 --data \"$1\" | head -n 1; echo done",
                BINARY_DIR "/sluice", folder.at("state")});
  EXPECT_FALSE(run.too_slow);
  EXPECT_EQ(run.code, 0);
  EXPECT_TRUE(run.out.ends_with("done\n")) << run.out;
  EXPECT_NE(run.err.find("its reader has left"), std::string::npos) << run.err;
  const auto next = events_of(node({"--data", "state", "--rounds", "1", "--output", "json"}).out);
  EXPECT_EQ(next.front()["laps_done"], 40);
}

TEST_F(node_command, every_option_may_come_from_the_environment_and_the_flag_wins) {
  run_options options;
  options.environment = {"SLUICE_ROUNDS=2", "SLUICE_OUTPUT=json", "SLUICE_SEED=7"};
  const auto run = node({}, options);
  EXPECT_EQ(run.code, 0) << run.err;
  EXPECT_EQ(run.out, node({"--rounds", "2", "--output", "json", "--seed", "7"}).out);
  EXPECT_EQ(events_of(node({"--rounds", "1"}, options).out).back()["laps"], 1);
  options.environment = {"SLUICE_ROUNDS=many"};
  const auto wrong = node({}, options);
  EXPECT_EQ(wrong.code, 2);
  EXPECT_NE(wrong.err.find("rounds"), std::string::npos) << wrong.err;
}

TEST_F(node_command, what_the_last_line_prints_continues_the_run) {
  const auto first = node({"--data", "state", "--rounds", "1", "--output", "table", "--feed",
                           std::string{"bars="} + SOURCE_DIR "/tests/data/evaluate/bars.csv"});
  ASSERT_EQ(first.code, 0) << first.err;
  const auto lines = lines_of(first.out);
  std::istringstream last{std::string{lines.back()}};
  std::vector<std::string> arguments{std::istream_iterator<std::string>{last}, {}};
  ASSERT_GT(arguments.size(), 4U);
  EXPECT_EQ(arguments[0] + arguments[1] + arguments[2] + arguments[3], "continuesluicenode--dev");
  arguments.erase(arguments.begin(), arguments.begin() + 4);
  arguments.insert(arguments.end(), {"--rounds", "1", "--output", "json"});
  const auto second = node(arguments);
  EXPECT_EQ(second.code, 0) << second.err;
  EXPECT_EQ(events_of(second.out).front()["laps_done"], 1);
}

TEST_F(node_command, runs_on_recordings_until_they_are_over) {
  const std::string data = SOURCE_DIR "/tests/data/evaluate/";
  const auto run = node({"--data", "state", "--output", "json", "--feed",
                         "events=" + data + "p1.jsonl", "--feed", "bars=" + data + "bars.csv"});
  EXPECT_EQ(run.code, 0) << run.err;
  const auto all = events_of(run.out);
  EXPECT_EQ(count(all, "ended"), 2U);
  EXPECT_EQ(all.back()["event"], "over");
  for (const auto& job : all.back()["jobs"]) {
    EXPECT_GE(job["rounds"], 5) << job["job"];
    EXPECT_EQ(job["ended"], true);
    EXPECT_EQ(job["failed"], false);
    EXPECT_NE(job["note"], "");
  }
  const auto audit = run_sluice({"audit", "all", "--data", folder.at("state")});
  EXPECT_EQ(audit.code, 0) << audit.out << audit.err;
}

TEST_F(node_command, a_single_recording_still_makes_two_jobs) {
  const auto run = node({"--data", "state", "--rounds", "2", "--output", "json", "--feed",
                         std::string{"bars="} + SOURCE_DIR "/tests/data/evaluate/bars.csv"});
  EXPECT_EQ(run.code, 0) << run.err;
  EXPECT_EQ(events_of(run.out).back()["jobs"].size(), 2U);
}

TEST_F(node_command, stakes_on_a_recorded_slipstream_pool_and_reports_the_rewards) {
  std::string config = R"([validator]
hotkey = "validator"
uid = 1
[[miners]]
uid = 2
hotkey = "wide"
strategy = "wide"
[[miners]]
uid = 3
hotkey = "narrow"
strategy = "narrow"
)";
  for (const std::string model : {"observed", "replayed"})
    for (const std::string staked : {"true", "false"})
      config += "[[jobs]]\nid = \"" + model + "-" + staked + "\"\nmodel = \"" + model
                + "\"\nstaked = " + staked + R"(
round_seconds = 60
checkpoint_blocks = 10
live_checkpoint_blocks = 15
[jobs.start]
amount0 = "1000000000000000000"
amount1 = "3000000000"
[jobs.feed]
kind = "events"
files = [")" + SOURCE_DIR
                + R"(/tests/data/evaluate/aero.jsonl"]
)";
  const auto file = folder.write("aero.toml", config);
  const auto run
    = run_sluice({"node", "--config", file, "--data", folder.at("state"), "--output", "json"});
  EXPECT_EQ(run.code, 0) << run.err;
  std::map<std::string, int> paid;
  for (const auto& event : events_of(run.out))
    if (event["event"] == "round")
      for (const auto& miner : event["miners"])
        if (miner["metrics"].is_object()) {
          const auto& metrics = miner["metrics"];
          auto& jobs = paid[event["job"].get<std::string>()];
          if (event["job"].get<std::string>().ends_with("true")) {
            EXPECT_EQ(metrics["fees_value"], "0");
            jobs += metrics.at("rewards") != "0";
          } else {
            EXPECT_FALSE(metrics.contains("rewards"));
          }
        }
  EXPECT_EQ(paid.size(), 4U);
  EXPECT_GT(paid["observed-true"], 0);
  EXPECT_GT(paid["replayed-true"], 0);
  const auto audit = run_sluice({"audit", "all", "--data", folder.at("state")});
  EXPECT_EQ(audit.code, 0) << audit.out << audit.err;
}

} // namespace
