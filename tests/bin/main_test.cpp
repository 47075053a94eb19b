#include "tests/support/run_program.hpp"

#include <gtest/gtest.h>

namespace {

using sluice::test::run_sluice;

TEST(main_command, prints_its_version) {
  const auto run = run_sluice({"--version"});
  EXPECT_EQ(run.code, 0);
  EXPECT_EQ(run.out.rfind("sluice ", 0), 0U) << run.out;
  EXPECT_EQ(run.out.find('\n'), run.out.size() - 1);
}

TEST(main_command, help_names_every_command_and_the_exit_codes) {
  const auto run = run_sluice({"--help"});
  EXPECT_EQ(run.code, 0);
  for (const auto* name :
       {"node", "replay", "score", "audit", "config", "keys", "db", "miner", "Exit codes"})
    EXPECT_NE(run.out.find(name), std::string::npos) << name;
}

TEST(main_command, every_command_has_help) {
  for (const auto* command :
       {"node", "replay", "score", "audit", "config", "keys", "db", "miner"}) {
    const auto run = run_sluice({command, "--help"});
    EXPECT_EQ(run.code, 0) << command;
    EXPECT_NE(run.out.find("Usage"), std::string::npos) << command;
  }
}

TEST(main_command, without_or_with_an_unknown_command_it_is_a_usage_error) {
  for (const auto& arguments :
       std::vector<std::vector<std::string>>{{}, {"dance"}, {"--dance"}, {"node", "dance"}}) {
    const auto run = run_sluice(arguments);
    EXPECT_EQ(run.code, 2);
    EXPECT_EQ(run.out, "");
    EXPECT_NE(run.err, "");
    if (!arguments.empty()) { // else it is the help
      EXPECT_EQ(run.err.find('\n'), run.err.size() - 1) << run.err;
    }
  }
}

TEST(main_command, a_slip_of_the_finger_is_understood) {
  EXPECT_EQ(run_sluice({"nod"}).err,
            "sluice: expected a command (node, replay, audit, score, "
            "backtest, worker, trading, leads, consensus, tasks, sports, "
            "config, shell, keys, api-key, db, miner), got nod; did you mean node?\n");
  const auto flag = run_sluice({"node", "--dev", "--round", "3"});
  EXPECT_EQ(flag.code, 2);
  EXPECT_NE(flag.err.find("--round; did you mean --rounds?\n"), std::string::npos) << flag.err;
  EXPECT_NE(run_sluice({"node", "--dance"}).err.find("see sluice node --help"), std::string::npos);
}

} // namespace
