// The rules of sports against a plain model in Python that was written from facts/mechanisms alone.
#include "tests/support/run_program.hpp"
#include "tests/support/scratch_folder.hpp"
#include "tests/support/shared.hpp"
#include "tests/vectors/agree.hpp"
#include "tests/vectors/examples.hpp"

#include <gtest/gtest.h>

#include <array>
#include <cstdint>
#include <fstream>
#include <string>
#include <vector>

namespace sluice::vectors {
namespace {

namespace fs = std::filesystem;

constexpr uint64_t sports_first_seed = 1;
constexpr uint64_t sports_seeds = 40;

/// Answers, ends and tiers that the worlds must have between them.
constexpr std::array sports_kinds{"accepted",
                                  "unknown_hotkey",
                                  "uid_mismatch",
                                  "missing_data",
                                  "duplicate_prediction",
                                  "invalid_wager",
                                  "daily_limit_exceeded",
                                  "game_not_found",
                                  "game_started",
                                  "team_mismatch",
                                  "odds_mismatch",
                                  "invalid_outcome",
                                  "missing_odds",
                                  "invalid_odds",
                                  "invalid_confidence",
                                  "won",
                                  "lost",
                                  "void",
                                  "stored",
                                  "to tier 1",
                                  "to tier 2",
                                  "to tier 3",
                                  "to tier 4",
                                  "to tier 5"};

class sports_model : public ::testing::Test {
protected:
  void SetUp() override {
    if (test::run_program("/bin/sh", {"-c", "python3 --version"}).code != 0)
      GTEST_SKIP() << "there is no python3";
  }
  static test::program_run python(std::vector<std::string> arguments) {
    arguments.insert(arguments.begin(),
                     {"python3", "-B", SOURCE_DIR "/tests/rules/sports/random_worlds.py"});
    return test::run_program("/usr/bin/env", arguments);
  }
};

TEST_F(sports_model, agrees_with_the_rules_on_random_worlds) {
  const test::scratch_folder folder;
  const auto made = python(
    {folder.path().string(), std::to_string(sports_first_seed), std::to_string(sports_seeds)});
  ASSERT_EQ(made.code, 0) << made.err;
  const auto counts = json::parse(made.out);
  for (const char* const what : sports_kinds)
    EXPECT_GT(counts.value(what, 0), 0) << what << " is in none of the worlds";
  const auto read = all_cases().at("sports");
  for (auto seed = sports_first_seed; seed < sports_first_seed + sports_seeds; ++seed) {
    const auto one = folder.path() / std::to_string(seed);
    std::ifstream expected{one / "expected.json"};
    const auto wrong = case_differences(json::parse(expected), read(one));
    for (size_t i = 0; i < wrong.size() && i < 10; ++i)
      ADD_FAILURE() << "seed " << seed << ": " << wrong[i];
  }
}

/// docs/sports.md, "Worked numbers".
TEST(sports_page, states_the_numbers_of_its_example) {
  const test::scratch_folder folder;
  fs::copy_file(SOURCE_DIR "/examples/sports.jsonl", folder.at("input.jsonl"));
  const auto got = all_cases().at("sports")(folder.path());
  EXPECT_EQ(got.at("answers")[3].at("code"), "daily_limit_exceeded");
  const std::vector<std::array<double, 9>> expected{
    {1.0556, 0.9, 1.8, 0, 1.1267, 0.3756, 0.99752, 190, 1},
    {1.0556, 0.9, 1.8, -10, 0.1267, 0.0422, 0.00247, 190, 1},
    {0.9318, -1, -2.1578, 0, -0.6678, -0.2226, 0.0000061, 0, 1}};
  for (size_t i = 0; i < expected.size(); ++i) {
    const auto& day = got.at("daily")[i];
    const auto& miner = got.at("miners")[i];
    const std::array<json, 9> values{day.at("clv"),       day.at("roi"),
                                     day.at("risk"),      day.at("entropy"),
                                     day.at("composite"), miner.at("tier_score"),
                                     miner.at("weight"),  got.at("predictions")[i].at("payout"),
                                     miner.at("tier")};
    for (size_t j = 0; j < values.size(); ++j)
      EXPECT_NEAR(values[j].get<double>(), expected[i][j], 0.00005) << "miner " << i << ", " << j;
  }
  EXPECT_EQ(got.at("publish"),
            (json{{"action", "set"}, {"uids", {1, 2}}, {"weights", {65'535, 162}}}));
}

TEST_F(sports_model, agrees_with_the_public_cases) {
  const auto folder = test::shared_folder() / "vectors/mechanisms-large/sports";
  if (!fs::exists(folder))
    GTEST_SKIP() << folder << " is not here";
  std::vector<std::string> arguments{"--check"};
  for (const auto& one : fs::directory_iterator{folder})
    arguments.push_back(one.path().string());
  const auto run = python(arguments);
  EXPECT_EQ(run.code, 0) << run.out << run.err;
}

} // namespace
} // namespace sluice::vectors
