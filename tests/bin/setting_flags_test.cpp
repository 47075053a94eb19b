// Keys beside the file, by --set, by the environment and under original names.
#include "tests/support/run_program.hpp"
#include "tests/support/scratch_folder.hpp"

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

namespace {

using namespace sluice::test;

const char* const file_with_sports
  = "name = \"x\"\nseed = 1\n[validator]\nhotkey = \"v\"\nuid = 9\n"
    "[weights]\nshares = { sports = 1.0 }\n[sports]\n"
    "scoring_s = 3000\n[sports.world]\n";

class setting_flags : public testing::Test {
protected:
  program_run show(std::vector<std::string> more, std::vector<std::string> environment = {}) const {
    std::vector<std::string> arguments{"config", "show", folder_.write("x.toml", file_with_sports),
                                       "--output", "json"};
    arguments.insert(arguments.end(), more.begin(), more.end());
    run_options options;
    options.environment = std::move(environment);
    return run_sluice(arguments, options);
  }

  scratch_folder folder_;
};

TEST_F(setting_flags, count_by_flag_before_the_environment_before_the_file) {
  const auto scoring = [](const program_run& run) {
    EXPECT_EQ(run.code, 0) << run.err;
    return nlohmann::json::parse(run.out)["sports"]["scoring_s"];
  };
  EXPECT_EQ(scoring(show({})), 3000);
  EXPECT_EQ(scoring(show({}, {"EVENT_DRIVEN_SCORING_INTERVAL=100"})), 100);
  EXPECT_EQ(scoring(show({}, {"EVENT_DRIVEN_SCORING_INTERVAL=100", "SLUICE_SPORTS_SCORING_S=200"})),
            200);
  EXPECT_EQ(scoring(show({"--set", "sports.scoring_s=300"}, {"SLUICE_SPORTS_SCORING_S=200"})), 300);
}

TEST_F(setting_flags, are_checked_as_the_file_is) {
  const auto run = show({"--set", "sports.scoring_s=0"});
  EXPECT_EQ(run.code, 2);
  EXPECT_EQ(run.err, "sluice: --set sports.scoring_s: sports.scoring_s: expected an integer from 1 "
                     "to 86400, got 0\n");
  EXPECT_EQ(show({"--set", "sports"}).code, 2);
  EXPECT_EQ(show({}, {"USE_EVENT_DRIVEN=False"}).code, 2);
  EXPECT_EQ(show({}, {"USE_EVENT_DRIVEN=True"}).code, 0);
}

TEST_F(setting_flags, of_the_original_start_a_node_with_a_note_each) {
  const auto file = folder_.write("x.toml", file_with_sports);
  const auto run
    = run_sluice({"node", "--config", file, "--rounds", "1", "--output", "json", "--netuid", "30",
                  "--subtensor.network", "finney", "--websocket.heartbeat_interval", "30",
                  "--event_driven.weights_interval", "3600", "--db", folder_.at("state.db")});
  EXPECT_EQ(run.code, 0) << run.err;
  for (const auto* note :
       {"--netuid: is called chain.netuid here", "--subtensor.network: has no key",
        "--websocket.heartbeat_interval: is called sports.transport.websocket_heartbeat_s here",
        "--event_driven.weights_interval: is called sports.weights_s here",
        "--db: is called --data here"})
    EXPECT_NE(run.err.find(note), std::string::npos) << note << "\n" << run.err;
  EXPECT_TRUE(std::filesystem::exists(folder_.at("state")));
  const auto refused = run_sluice(
    {"node", "--config", file, "--load_state", "False", "--data", folder_.at("other")});
  EXPECT_EQ(refused.code, 2);
  EXPECT_NE(refused.err.find("--load_state: expected True"), std::string::npos) << refused.err;
}

} // namespace
