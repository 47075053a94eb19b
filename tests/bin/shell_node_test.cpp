// sluice shell in a real terminal, beside a node that runs.
#include "tests/support/program_letters.hpp"
#include "tests/support/running_program.hpp"
#include "tests/support/scratch_folder.hpp"
#include "tests/support/terminal.hpp"

#include <gtest/gtest.h>

#include <optional>

namespace {

using namespace sluice::test;

class shell_beside_a_node : public testing::Test {
protected:
  void SetUp() override {
    if (!terminal::available())
      GTEST_SKIP() << "no tmux (apt: tmux)";
    node.emplace(std::vector<std::string>{"node", "--dev", "--seed", "7", "--speed", "1500",
                                          "--data", folder.at("data"), "--output", "json"});
    node->wait_for("\"event\":\"weights\"");
    at.emplace("cd " + folder.path().string() + " && XDG_STATE_HOME=" + folder.at("state")
                 + " NO_COLOR=1 " BINARY_DIR "/sluice shell --data data",
               160, 120); // enough for every column and row of tree
    ASSERT_TRUE(shows(at->wait_for("dev running>", "TAB completes them"), "TAB completes them"));
  }

  void type(const std::string& line) { at->type({line, "Enter"}); }

  scratch_folder folder;
  std::optional<running_program> node;
  std::optional<terminal> at;
};

TEST_F(shell_beside_a_node, draws_its_tree_and_completes_its_actors) {
  type("tree");
  const auto& forms = program_forms();
  const auto inner = std::string{forms.stem} + std::string{forms.last_branch} + "weth-usdc";
  EXPECT_TRUE(shows(at->wait_for(inner, std::string{forms.branch} + "storage_writer"),
                    std::string{forms.branch} + "storage_writer"));
  at->type({"actor node/storage_w", "Tab"});
  EXPECT_TRUE(shows(at->wait_for("> actor node/storage_writer"), "> actor node/storage_writer"));
  at->type({"Enter"});
  EXPECT_TRUE(shows(at->wait_for("restarts", "mailbox"), "mailbox"));
}

TEST_F(shell_beside_a_node, shows_top_on_a_screen_of_its_own) {
  type("jobs");
  at->wait_for("aero-weth");
  type("top");
  EXPECT_TRUE(shows(at->wait_for("sorted by rate", "q quit"), "q quit"));
  at->type({"n"});
  EXPECT_TRUE(shows(at->wait_for("sorted by name", "node/storage_writer"), "node/storage_writer"));
  at->type({"q"});
  EXPECT_TRUE(shows(at->wait_until_gone("sorted by"), "aero-weth")); // as it was before
}

TEST_F(shell_beside_a_node, restarts_an_actor_after_a_confirmation) {
  type("restart node/roster");
  at->wait_for("[y/N]");
  type("n");
  at->wait_for("dev running> ");
  type("restart node/roster");
  type("y");
  at->wait_for("done");
  type("actor node/roster");
  EXPECT_TRUE(shows(at->wait_for("restarts"), "restarts"));
  const auto run
    = run_sluice({"shell", "--data", folder.at("data"), "--exec", "actor node/roster; actions 5"});
  EXPECT_NE(run.out.find("\"restarts\":1"), std::string::npos) << run.out;
  EXPECT_NE(run.out.find("restart node/roster"), std::string::npos) << run.out;
}

/// What stands below an actor is restarted with it, the one that answers shells included.
TEST_F(shell_beside_a_node, is_answered_while_all_that_it_asks_is_restarted) {
  for (int i = 0; i < 20; ++i) {
    const auto run = run_sluice({"shell", "--yes", "--data", folder.at("data"), "--exec",
                                 "restart node/dev_chain; status; actor node/admin; tree"});
    ASSERT_EQ(run.code, 0) << run.out << run.err;
  }
}

TEST_F(shell_beside_a_node, pauses_a_job_and_lets_it_go_on) {
  type("job pause weth-usdc");
  at->wait_for("done");
  type("jobs");
  EXPECT_TRUE(shows(at->wait_for("paused", "weth-usdc"), "weth-usdc"));
  type("job resume weth-usdc");
  at->type({"C-l"}); // a clean screen
  at->wait_until_gone("paused");
  type("jobs");
  const auto again = at->wait_for("aero-weth");
  EXPECT_EQ(again.find("paused"), std::string::npos) << again;
}

TEST_F(shell_beside_a_node, drains_it_and_answers_from_disk_afterwards) {
  type("drain");
  at->wait_for("[y/N]");
  type("y");
  EXPECT_EQ(node->end(), 0);
  type("weights");
  EXPECT_TRUE(shows(at->wait_for("tempos ago", "published epoch"), "published epoch"));
  EXPECT_TRUE(shows(at->wait_for("no node", "(no node)>"), "(no node)>"));
  type("quit");
  EXPECT_TRUE(shows(at->wait_for("code ", "code 0"), "code 0"));
}

} // namespace
