// What an operator changes: configurations that could never work, changed ones on an old folder,
// orders to a node that runs.
#include "tests/support/data_file.hpp"
#include "tests/support/running_program.hpp"
#include "tests/support/scratch_folder.hpp"

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>
#include <sys/stat.h>

#include <array>
#include <filesystem>

namespace {

using namespace sluice::test;

/// configs/dev.toml with one part replaced.
std::string dev_text_with(const std::string& what, const std::string& with) {
  auto text = file_bytes(SOURCE_DIR "/configs/dev.toml");
  const auto at = text.find(what);
  EXPECT_NE(at, std::string::npos) << what;
  return at == std::string::npos ? text : text.replace(at, what.size(), with);
}

/// From the begin of this line to its end.
std::string line_beginning_with(const std::string& begin) {
  const auto text = file_bytes(SOURCE_DIR "/configs/dev.toml");
  const auto at = text.find('\n' + begin) + 1;
  return text.substr(at, text.find('\n', at) - at);
}

class operator_orders : public testing::Test {
protected:
  program_run node(const std::string& config, std::vector<std::string> more) const {
    std::vector<std::string> arguments{
      "node", "--config", config, "--data", folder.at("data"), "--output", "json", "--seed", "7"};
    arguments.insert(arguments.end(), more.begin(), more.end());
    return run_sluice(arguments);
  }
  program_run shell(const std::string& line) const {
    return run_sluice({"shell", "--yes", "--data", folder.at("data"), "--exec", line});
  }
  nlohmann::json answer_to(const std::string& line) const {
    const auto run = shell(line);
    EXPECT_EQ(run.code, 0) << line << ": " << run.err;
    return nlohmann::json::parse(run.out, nullptr, false);
  }
  std::vector<std::string> dev_node(const std::vector<std::string>& more = {}) const {
    std::vector<std::string> all{"node", "--dev",  "--seed",          "7",        "--speed",
                                 "1500", "--data", folder.at("data"), "--output", "json"};
    all.insert(all.end(), more.begin(), more.end());
    return all;
  }

  scratch_folder folder;
};

TEST_F(operator_orders, a_configuration_that_can_never_publish_is_refused_by_check_and_node) {
  const auto shares = line_beginning_with("shares = ");
  auto misspelt = shares;
  misspelt.replace(misspelt.find("liquidity"), 9, "liqudity");
  const auto min = line_beginning_with("min_allowed_weights = ");
  const auto key = line_beginning_with("weights_version_key = ");
  const auto stake = line_beginning_with("stake_min = ");
  for (const auto& [what, with, part] : std::vector<std::array<std::string, 3>>{
         {shares, misspelt, "did you mean liquidity?"},
         {shares, "shares = { }", "without one nothing is ever published"},
         {stake, "stake_min = \"2000000000000\"", "no weights from a validator with less stake"},
         {min, "min_allowed_weights = 200", "as no more uids can have a weight here"},
         {key, "weights_version_key = 5", "no weights with a lower version key"}}) {
    const auto file = folder.write("c.toml", dev_text_with(what, with));
    const auto check = run_sluice({"config", "check", file});
    EXPECT_EQ(check.code, 2) << with << check.out;
    EXPECT_NE(check.err.find(part), std::string::npos) << check.err;
    const auto run = node(file, {"--rounds", "1"});
    EXPECT_EQ(run.code, 2) << with;
    EXPECT_EQ(run.err, check.err);
    EXPECT_FALSE(std::filesystem::exists(folder.at("data")));
  }
}

TEST_F(operator_orders, a_mistyped_address_is_refused_wherever_it_is_typed) {
  const std::string wrong = "5GrwvaEF5zXb26Fz9rcQpDWS57CtERHpNehXCPcNoHGKutQX";
  const auto file = folder.write("c.toml", dev_text_with("\"miner-wide\"", '"' + wrong + '"'));
  const auto check = run_sluice({"config", "check", file});
  EXPECT_EQ(check.code, 2);
  EXPECT_NE(check.err.find("miners[1].hotkey: expected an SS58 address whose checksum fits"),
            std::string::npos)
    << check.err;
  const auto flag
    = run_sluice(dev_node({"--miner-gateway", "127.0.0.1:0", "--allow", wrong, "--rounds", "1"}));
  EXPECT_EQ(flag.code, 2);
  EXPECT_NE(flag.err.find("--allow " + wrong + ": expected an SS58 address whose checksum fits"),
            std::string::npos)
    << flag.err;
}

TEST_F(operator_orders, miners_of_a_changed_configuration_are_on_the_chain_and_get_weights) {
  const auto text = file_bytes(SOURCE_DIR "/configs/dev.toml");
  ASSERT_EQ(node(folder.write("a.toml", text), {"--rounds", "2"}).code, 0);
  std::string more;
  for (int uid = 40; uid < 52; ++uid)
    more += "[[miners]]\nuid = " + std::to_string(uid) + "\nhotkey = \"late-" + std::to_string(uid)
            + "\"\nstrategy = \"wide\"\n\n";
  const auto at = text.find("[[miners]]");
  const auto grown = folder.write("b.toml", text.substr(0, at) + more + text.substr(at));
  const auto refused = node(grown, {"--rounds", "2"});
  EXPECT_EQ(refused.code, 2);
  EXPECT_NE(refused.err.find("miners[late-40]: is new"), std::string::npos) << refused.err;
  EXPECT_NE(refused.err.find("--adopt-config goes on under this one"), std::string::npos);
  const auto run = node(grown, {"--rounds", "3", "--adopt-config"});
  EXPECT_EQ(run.code, 0) << run.err;
  EXPECT_NE(run.err.find("dev chain: uid 40: late-40 is registered"), std::string::npos) << run.err;
  EXPECT_EQ(run.out.find("is not registered"), std::string::npos) << run.out;
  EXPECT_NE(run.out.find("\"event\":\"weights\""), std::string::npos);
  const auto back = node(folder.at("a.toml"), {"--rounds", "1", "--adopt-config"});
  EXPECT_EQ(back.code, 0) << back.err;
  EXPECT_NE(back.err.find("uid 40: late-40 is not configured any more and is dropped"),
            std::string::npos)
    << back.err;
  EXPECT_EQ(shell("chain").out.find("late-40"), std::string::npos);
  EXPECT_NE(shell("actions").out.find("--adopt-config"), std::string::npos);
  EXPECT_EQ(run_sluice({"audit", "all", "--data", folder.at("data")}).code, 0);
}

TEST_F(operator_orders, a_change_that_history_could_not_stand_is_refused_by_key) {
  const auto text = file_bytes(SOURCE_DIR "/configs/dev.toml");
  ASSERT_EQ(node(folder.write("a.toml", text), {"--rounds", "2"}).code, 0);
  const auto run
    = node(folder.at("a.toml"), {"--rounds", "1", "--adopt-config", "--set", "chain.tempo=100000"});
  EXPECT_EQ(run.code, 2);
  EXPECT_NE(run.err.find("cannot go on under this configuration: chain.tempo: was "),
            std::string::npos)
    << run.err;
  EXPECT_EQ(node(folder.at("a.toml"), {"--rounds", "1"}).code, 0) << "nothing was changed";
}

TEST_F(operator_orders, a_pipe_or_a_hostile_file_given_to_job_add_stops_nobody) {
  running_program running{dev_node()};
  running.wait_for("\"event\":\"weights\"");
  const auto pipe = folder.at("pipe");
  ASSERT_EQ(::mkfifo(pipe.c_str(), 0600), 0);
  const auto added = shell("job add " + pipe);
  EXPECT_EQ(added.code, 1);
  EXPECT_NE(added.err.find("is a named pipe; a configuration is a TOML file"), std::string::npos);
  std::string deep = "a";
  for (int i = 0; i < 15'000; ++i)
    deep += ".b";
  const auto hostile = shell("job add " + folder.write("deep.toml", '[' + deep + "]\n"));
  EXPECT_EQ(hostile.code, 1);
  EXPECT_NE(hostile.err.find("deep.toml:1:2: expected at most "), std::string::npos) << hostile.err;
  EXPECT_EQ(answer_to("status")["state"], "running");
  EXPECT_EQ(running.stop(), 0);
}

TEST_F(operator_orders, miners_are_let_in_and_sent_away_while_the_node_runs) {
  {
    running_program running{dev_node()};
    running.wait_for("\"event\":\"weights\"");
    const std::string key = "5FA9nQDVg267DEd8m1ZypXLBnvN7SFxYwV7ndqSYGiN9TTpu";
    EXPECT_EQ(answer_to("miner allow " + key + "=90")["uid"], 90);
    EXPECT_NE(shell("chain").out.find(key), std::string::npos);
    EXPECT_EQ(shell("miner allow " + key + "=91").code, 1);
    EXPECT_EQ(answer_to("miner allow outsider")["allowed"], true);
    EXPECT_EQ(answer_to("miner remove outsider")["removed"], true);
    EXPECT_EQ(shell("chain").out.find("\"outsider\""), std::string::npos);
    const auto nobody = shell("miner ban miner-wode");
    EXPECT_EQ(nobody.code, 1);
    EXPECT_NE(nobody.err.find("no miner miner-wode; did you mean miner-wide?"), std::string::npos)
      << nobody.err;
    EXPECT_NE(shell("miner remove miner-wide").err.find("take it out there"), std::string::npos);
    EXPECT_EQ(answer_to("miner ban 5")["reason"], "no reason was given");
    EXPECT_EQ(running.stop(), 0);
  }
  running_program again{dev_node()};
  again.wait_for("\"event\":\"weights\"");
  EXPECT_EQ(answer_to("miner remove 90")["miner"],
            "5FA9nQDVg267DEd8m1ZypXLBnvN7SFxYwV7ndqSYGiN9TTpu")
    << "it was still let in";
  EXPECT_EQ(answer_to("miner unban 5")["banned"], false);
  EXPECT_EQ(again.stop(), 0);
}

TEST_F(operator_orders, weights_that_the_guard_holds_back_are_published_once) {
  running_program running{dev_node({"--set", "weights.moved_max=0.001"})};
  running.wait_for("away from the last good weights");
  program_run published;
  for (int i = 0; i < 50 && published.code != 0; ++i) // not while the next ones are being decided
    published = shell("weights publish --once --reason 'checked by hand'");
  EXPECT_EQ(published.code, 0) << published.err;
  EXPECT_NE(published.out.find("\"status\":\"published\""), std::string::npos) << published.out;
  EXPECT_NE(shell("actions").out.find("checked by hand"), std::string::npos);
  EXPECT_EQ(running.stop(), 0);
}

TEST_F(operator_orders, the_folder_of_the_environment_is_everybodys) {
  ASSERT_EQ(node(SOURCE_DIR "/configs/dev.toml", {"--rounds", "1"}).code, 0);
  const run_options there{.environment = {"SLUICE_DATA=" + folder.at("data")}};
  const auto jobs = run_sluice({"shell", "--exec", "jobs"}, there);
  EXPECT_EQ(jobs.code, 0) << jobs.err;
  EXPECT_NE(jobs.out.find("weth-usdc"), std::string::npos);
  EXPECT_EQ(run_sluice({"audit", "all"}, there).code, 0);
  EXPECT_EQ(run_sluice({"shell", "--data", folder.at("none"), "--exec", "jobs"}, there).code, 1)
    << "a flag wins";
}

TEST_F(operator_orders, where_a_value_comes_from_is_shown_per_key) {
  const std::string file = SOURCE_DIR "/configs/dev.toml";
  const auto run = run_sluice({"config", "show", file, "--origin", "--set", "chain.tempo=100"},
                              {.environment = {"SLUICE_WEIGHTS_MOVED_MAX=0.5"}});
  EXPECT_EQ(run.code, 0) << run.err;
  EXPECT_NE(run.out.find("\ntempo = 100 # --set chain.tempo\n"), std::string::npos);
  EXPECT_NE(run.out.find("\nmoved_max = 0.5 # SLUICE_WEIGHTS_MOVED_MAX\n"), std::string::npos);
  EXPECT_NE(run.out.find("# " + file + ":"), std::string::npos);
  EXPECT_NE(run.out.find(" # default\n"), std::string::npos);
}

} // namespace
