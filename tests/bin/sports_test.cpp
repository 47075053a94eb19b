// `sluice sports` as an operator uses it, on a file whose figures were worked out by hand.
#include "tests/support/run_program.hpp"
#include "tests/support/scratch_folder.hpp"
#include "tests/support/sports_file.hpp"

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

namespace {

using namespace sluice::test;

class sports_command : public testing::Test {
protected:
  program_run sports(std::vector<std::string> arguments) const {
    arguments.insert(arguments.begin(), "sports");
    arguments.insert(arguments.end(), {"--data", folder_.at("data")});
    return run_sluice(arguments);
  }
  nlohmann::json json_of_sports(std::vector<std::string> arguments) const {
    arguments.insert(arguments.end(), {"--output", "json"});
    const auto run = sports(std::move(arguments));
    EXPECT_EQ(run.code, 0) << run.err;
    return nlohmann::json::parse(run.out, nullptr, false);
  }
  std::string file() const { return folder_.write("picks.jsonl", sports_file_text); }

  scratch_folder folder_;
};

TEST_F(sports_command, imports_settles_scores_and_explains) {
  const auto imported = sports({"import", file(), "--output", "json"});
  EXPECT_EQ(imported.code, 0) << imported.err;
  EXPECT_NE(imported.err.find("skipped: "), std::string::npos) << imported.err;
  const auto counts = nlohmann::json::parse(imported.out);
  EXPECT_EQ(counts["answers"]["accepted"], 2);
  EXPECT_EQ(counts["answers"]["game_started"], 1);
  EXPECT_EQ(json_of_sports({"settle"})["won"], 1);
  EXPECT_EQ(json_of_sports({"settle"})["won"], 0);
  const auto standings = json_of_sports({"score"});
  ASSERT_EQ(standings.size(), 2U);
  EXPECT_EQ(standings[0]["hotkey"], "a");
  EXPECT_EQ(json_of_sports({"tiers"}), standings);
  EXPECT_EQ(json_of_sports({"games"})[0]["state"], "decided");
  EXPECT_EQ(json_of_sports({"weights-history"}), nlohmann::json::array());
  EXPECT_EQ(json_of_sports({"stats"})["predictions"]["received"], 3);
  EXPECT_EQ(json_of_sports({"explain", "60"})["rank"], 1);
  const auto drawn = sports({"explain", "a", "--output", "table"});
  EXPECT_EQ(drawn.code, 0) << drawn.err;
  EXPECT_NE(drawn.out.find("roi (40 - 20) / 20 = 1.000000"), std::string::npos) << drawn.out;
}

TEST_F(sports_command, states_what_is_wrong) {
  EXPECT_EQ(sports({"tiers"}).code, 3);  // no such folder
  EXPECT_EQ(sports({"settle"}).code, 3); // the same
  EXPECT_EQ(sports({"import", folder_.at("gone.jsonl")}).code, 3);
  EXPECT_EQ(sports({"import", file(), "--strict"}).code, 2);
  EXPECT_EQ(sports({"import", file()}).code, 0);
  EXPECT_EQ(sports({"score", "--now", "yesterday"}).code, 2);
  const auto early = sports({"explain", "60"});
  EXPECT_EQ(early.code, 2);
  EXPECT_NE(early.err.find("no scoring yet"), std::string::npos) << early.err;
  EXPECT_EQ(run_sluice({"sports"}).code, 2);
}

TEST_F(sports_command, has_help_with_examples) {
  for (const auto* name :
       {"import", "settle", "score", "explain", "tiers", "games", "weights-history", "stats"}) {
    const auto run = run_sluice({"sports", name, "--help"});
    EXPECT_EQ(run.code, 0);
    EXPECT_NE(run.out.find(std::string{"Examples: sluice sports "} + name), std::string::npos)
      << run.out;
    EXPECT_NE(run.out.find("--output"), std::string::npos) << name;
  }
}

} // namespace
