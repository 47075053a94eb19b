// scripts/demo: which command it runs, without the build before it.
#include "tests/support/run_program.hpp"
#include "tests/support/scratch_folder.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <string>
#include <vector>

namespace {

using namespace sluice::test;

class demo_script : public testing::Test {
protected:
  /// The command that it would run, as a shell reads it.
  std::string command(std::vector<std::string> options, run_options how = {}) const {
    options.insert(options.begin(), "--dry-run");
    how.folder = folder.path();
    const auto run = run_program(SOURCE_DIR "/scripts/demo", options, how);
    EXPECT_EQ(run.code, 0) << run.err;
    return run.out;
  }

  static size_t count(const std::string& text, const std::string& name) {
    size_t n = 0;
    for (auto at = text.find(name); at != std::string::npos; at = text.find(name, at + 1))
      ++n;
    return n;
  }

  scratch_folder folder;
};

TEST_F(demo_script, prints_what_it_does_and_does_nothing_else) {
  const auto run = run_program(SOURCE_DIR "/scripts/demo", {"--rounds", "3", "--help"},
                               {.folder = folder.path()});
  EXPECT_EQ(run.code, 0) << run.err;
  for (const auto* part : {"--rounds N", "--data DIR", "--feed FEED", "--config FILE", "Debian 12"})
    EXPECT_NE(run.out.find(part), std::string::npos) << part;
  EXPECT_EQ(folder.count(), 0u);
}

TEST_F(demo_script, chooses_what_the_user_does_not) {
  const auto text = command({});
  EXPECT_EQ(count(text, " --dev"), 1u) << text;
  EXPECT_EQ(count(text, " --rounds 12"), 1u) << text;
  EXPECT_EQ(count(text, " --data /"), 1u) << text;
  EXPECT_EQ(count(text, " --api 127.0.0.1:88"), 1u) << text;
}

TEST_F(demo_script, every_option_replaces_its_own) {
  for (const auto& [options, expected] :
       std::vector<std::tuple<std::vector<std::string>, std::string>>{
         {{"--rounds", "3"}, "--rounds 3"},
         {{"--rounds=3"}, "--rounds=3"},
         {{"--data", "my data"}, "--data my\\ data"},
         {{"--data=other"}, "--data=other"},
         {{"--dev"}, "--dev"},
         {{"--feed", "market"}, "--feed market"},
         {{"--api", "127.0.0.1:9"}, "--api 127.0.0.1:9"},
         {{"--seed", "7"}, "--seed 7"}}) {
    const auto text = command(options);
    const auto option = expected.substr(0, expected.find_first_of(" ="));
    EXPECT_EQ(count(text, expected), 1u) << text;
    EXPECT_EQ(count(text, option), 1u) << text;
  }
}

TEST_F(demo_script, a_configuration_of_ones_own_needs_no_dev_and_no_recordings) {
  const auto text = command({"--config", "node.toml"});
  EXPECT_EQ(count(text, "--config node.toml"), 1u) << text;
  EXPECT_EQ(count(text, "--dev"), 0u) << text;
  EXPECT_EQ(count(text, "--feed"), 0u) << text;
}

TEST_F(demo_script, the_environment_replaces_it_as_well) {
  const auto text = command({}, {.environment = {"SLUICE_ROUNDS=4", "SLUICE_DATA=there"}});
  EXPECT_EQ(count(text, "--rounds"), 0u) << text; // the node reads the variable itself
  EXPECT_EQ(count(text, "--data"), 0u) << text;
}

TEST_F(demo_script, what_it_runs_is_a_command_that_the_node_takes) {
  for (const auto& options : std::vector<std::vector<std::string>>{
         {"--rounds", "1", "--feed", "market", "--data", "d1", "--output", "json"},
         {"--rounds=1", "--feed=market", "--data=d2", "--seed=7", "--output=json"}}) {
    auto text = command(options);
    const auto binary = std::string{SOURCE_DIR} + "/build/release/sluice";
    ASSERT_TRUE(text.starts_with(binary)) << text;
    text.replace(0, binary.size(), BINARY_DIR "/sluice");
    const auto run = run_program("bash", {"-c", text}, {.folder = folder.path()});
    EXPECT_EQ(run.code, 0) << run.err;
    EXPECT_EQ(count(run.out, "\"round\":1"), count(run.out, "\"event\":\"round\"")) << run.out;
    EXPECT_GT(count(run.out, "\"event\":\"round\""), 0u) << run.out;
    EXPECT_TRUE(std::filesystem::exists(folder.path() / "d1"));
  }
}

TEST_F(demo_script, the_node_itself_refuses_an_option_twice) {
  const auto run
    = run_sluice({"node", "--dev", "--rounds", "2", "--rounds", "3", "--data", folder.at("data")});
  EXPECT_EQ(run.code, 2);
  EXPECT_NE(run.err.find("--rounds"), std::string::npos) << run.err;
  EXPECT_EQ(folder.count(), 0u);
}

} // namespace
