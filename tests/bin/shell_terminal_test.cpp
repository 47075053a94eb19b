// sluice shell as a person sees it: typed into a real terminal, and looked at.
#include "tests/support/run_program.hpp"
#include "tests/support/scratch_folder.hpp"
#include "tests/support/terminal.hpp"

#include <gtest/gtest.h>

namespace {

using namespace sluice::test;

class shell_in_a_terminal : public testing::Test {
protected:
  void SetUp() override {
    if (!terminal::available())
      GTEST_SKIP() << "no tmux (apt: tmux)";
    const auto run = run_sluice({"node", "--dev", "--seed", "7", "--rounds", "1", "--data",
                                 folder.at("data"), "--output", "json"});
    ASSERT_EQ(run.code, 0) << run.err;
  }

  /// The prompt of a shell on the folder.
  std::string command() const {
    return "cd " + folder.path().string() + " && XDG_STATE_HOME=" + folder.at("state")
           + " NO_COLOR=1 " BINARY_DIR "/sluice shell --data data";
  }

  scratch_folder folder;
};

TEST_F(shell_in_a_terminal, completes_commands_jobs_rounds_and_miners) {
  terminal at{command()};
  ASSERT_TRUE(shows(at.wait_for("data (no node)>", "TAB completes them"), "TAB completes them"));
  at.type({"exp", "Tab"});
  EXPECT_TRUE(shows(at.wait_for("ROUND MINER", "(no node)> explain "), "(no node)> explain "));
  at.type({"w", "Tab"}); // there is only one
  EXPECT_TRUE(shows(at.wait_for("  MINER", "explain weth-usdc/evaluation/1"),
                    "explain weth-usdc/evaluation/1"));
  at.type({"Tab"});
  EXPECT_TRUE(shows(at.wait_for("1  2  3  4  5  6  7  8"), "1  2  3  4  5  6  7  8"));
  at.type({"2", "Enter"});
  EXPECT_TRUE(shows(at.wait_for("same as stored", "numbers compared"), "numbers compared"));
  at.type({"C-d"});
  EXPECT_TRUE(shows(at.wait_for("code ", "code 0"), "code 0"));
}

TEST_F(shell_in_a_terminal, suggests_remembers_and_leaves_a_line) {
  {
    terminal at{command()};
    at.wait_for("(no node)>");
    at.type({"wieghts", "Enter"});
    EXPECT_TRUE(shows(at.wait_for("did you mean", "no command wieghts; did you mean weights?"),
                      "no command wieghts; did you mean weights?"));
    at.type({"help kill", "Enter"});
    EXPECT_TRUE(shows(at.wait_for("Example:", "Asks first, unless --yes stands in the line"),
                      "Asks first, unless --yes stands in the line"));
    at.type({"half a li", "C-c"});
    EXPECT_TRUE(shows(at.wait_for("half a li^C\ndata (no node)>"), "half a li^C\ndata (no node)>"));
    at.type({"quit", "Enter"});
    EXPECT_TRUE(shows(at.wait_for("code ", "code 0"), "code 0"));
  }
  EXPECT_EQ(folder.read("state/sluice/history"), "wieghts\nhelp kill\nquit\n");
  terminal again{command()};
  again.wait_for("(no node)>");
  again.type({"Up", "Up"}); // of the shell before
  EXPECT_TRUE(shows(again.wait_for("> help kill"), "> help kill"));
  again.type({"C-c", "C-d"});
  again.wait_for("code 0");
}

TEST_F(shell_in_a_terminal, asks_before_it_destroys) {
  terminal at{command()};
  at.wait_for("(no node)>");
  at.type({"stop", "Enter"});
  EXPECT_TRUE(shows(at.wait_for("[y/N]", "stop? End the node"), "stop? End the node"));
  at.type({"n", "Enter"});
  EXPECT_TRUE(shows(at.wait_for("not done"), "not done"));
  at.type({"C-l"});
  at.wait_until_gone("not done");
  at.type({"stop", "Enter"});
  at.wait_for("[y/N]");
  at.type({"C-c"}); // is no as well
  EXPECT_TRUE(shows(at.wait_for("not done"), "not done"));
  at.type({"jobs", "Enter"});
  EXPECT_TRUE(shows(at.wait_for("weth-usdc", "WETH/USDC"), "WETH/USDC"));
}

TEST_F(shell_in_a_terminal, repeats_a_command_until_ctrl_c) {
  terminal at{command()};
  at.wait_for("(no node)>");
  at.type({"watch 1 jobs", "Enter"});
  EXPECT_TRUE(shows(at.wait_for("WETH/USDC", "every 1 s: jobs"), "every 1 s: jobs"));
  at.type({"C-c"});
  EXPECT_TRUE(shows(at.wait_for("data (no node)>", "WETH/USDC"), "WETH/USDC"));
  at.type({"quit", "Enter"});
  EXPECT_TRUE(shows(at.wait_for("code ", "code 0"), "code 0"));
}

} // namespace
