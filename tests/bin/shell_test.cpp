// sluice shell without a terminal: on a folder whose node has ended.
#include "tests/support/run_program.hpp"
#include "tests/support/scratch_folder.hpp"

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

namespace {

using namespace sluice::test;
using nlohmann::json;

class shell_on_a_folder : public testing::Test {
protected:
  static void SetUpTestSuite() {
    folder = std::make_unique<scratch_folder>();
    const auto run = run_sluice({"node", "--dev", "--seed", "7", "--rounds", "2", "--data",
                                 folder->at("data"), "--output", "json"});
    ASSERT_EQ(run.code, 0) << run.err;
  }
  static void TearDownTestSuite() { folder.reset(); }

  static program_run shell(std::vector<std::string> flags, const std::string& input = {}) {
    flags.insert(flags.begin(), {"shell", "--data", folder->at("data")});
    return run_sluice(flags, {.input = input});
  }

  static std::unique_ptr<scratch_folder> folder;
};

std::unique_ptr<scratch_folder> shell_on_a_folder::folder;

TEST_F(shell_on_a_folder, answers_with_a_line_of_json_per_command) {
  const auto run = shell({"--exec", "jobs; storage; actions"});
  EXPECT_EQ(run.code, 0) << run.err;
  std::vector<json> lines;
  for (size_t at = 0; at < run.out.size();) {
    const auto end = run.out.find('\n', at);
    lines.push_back(json::parse(run.out.substr(at, end - at)));
    at = end + 1;
  }
  ASSERT_EQ(lines.size(), 3U);
  EXPECT_EQ(lines[0].at(0)["completed"], 1); // a round of 1200 s in two steps of 900 s
  EXPECT_EQ(lines[1]["seed"], 7);
  EXPECT_EQ(lines[2], json::array());
}

TEST_F(shell_on_a_folder, draws_tables_when_asked_to) {
  const auto run = shell({"--output", "table", "--exec", "miners"});
  EXPECT_EQ(run.code, 0) << run.err;
  EXPECT_TRUE(run.out.starts_with("miner  hotkey")) << run.out;
  EXPECT_EQ(run.out.find('\x1b'), std::string::npos);
}

TEST_F(shell_on_a_folder, explains_a_score_that_adds_up) {
  const auto run = shell({"--exec", "explain weth-usdc/evaluation/1 2"});
  ASSERT_EQ(run.code, 0) << run.err;
  const auto explained = json::parse(run.out);
  EXPECT_EQ(explained["same"], true);
  EXPECT_EQ(explained["stored_score"], explained["recomputed_score"]);
  EXPECT_FALSE(explained["positions"].empty());
}

TEST_F(shell_on_a_folder, takes_commands_from_a_pipe_and_fails_when_one_fails) {
  const auto good = shell({}, "jobs\n\nweights; sheets\n");
  EXPECT_EQ(good.code, 0) << good.err;
  EXPECT_EQ(std::count(good.out.begin(), good.out.end(), '\n'), 3);
  const auto bad = shell({}, "jobs\ntere\nweights\nquit\njobs\n");
  EXPECT_EQ(bad.code, 1);
  EXPECT_EQ(bad.err, "sluice: no command tere; did you mean tree?\n");
  EXPECT_EQ(std::count(bad.out.begin(), bad.out.end(), '\n'), 2);
}

TEST_F(shell_on_a_folder, states_what_needs_a_node_and_how_to_start_it) {
  const auto run = shell({"--exec", "tree"});
  EXPECT_EQ(run.code, 1);
  EXPECT_EQ(run.err, "sluice: " + folder->at("data")
                       + ": no node runs there; tree needs one: sluice node --data "
                       + folder->at("data") + " with the --dev or --config it was made with\n");
  const auto stop = shell({"--exec", "stop"});
  EXPECT_EQ(stop.code, 1);
  EXPECT_EQ(stop.err, "sluice: stop asks first, and nobody is there to answer: add --yes\n");
}

TEST_F(shell_on_a_folder, states_when_there_is_no_folder) {
  const auto run = run_sluice({"shell", "--data", "/no/such/folder", "--exec", "jobs"});
  EXPECT_EQ(run.code, 1);
  EXPECT_EQ(run.err, "sluice: /no/such/folder: no data folder of a node; name one with --data\n");
}

TEST_F(shell_on_a_folder, has_help_for_every_command) {
  const auto all = shell({"--output", "table", "--exec", "help"});
  EXPECT_EQ(all.code, 0);
  for (const char* part :
       {"explain ROUND MINER", "job remove JOB", "log level PATH=LEVEL", "watch"})
    EXPECT_NE(all.out.find(part), std::string::npos) << part;
  const auto one = shell({"--output", "table", "--exec", "help explain"});
  EXPECT_NE(one.out.find("Example: explain weth-usdc/evaluation/7 3"), std::string::npos);
}

} // namespace
