// sluice shell on a socket that answers like a node: the prompt, the tree, top, a restart.
#include "net/admin/server.hpp"
#include "tests/support/program_letters.hpp"
#include "tests/support/run_program.hpp"
#include "tests/support/scratch_folder.hpp"
#include "tests/support/terminal.hpp"

#include <gtest/gtest.h>

#include <atomic>
#include <mutex>
#include <optional>

namespace {

using namespace sluice;
using namespace sluice::test;

constexpr const char* few_actors = R"([
  {"path":"node","state":"running","restarts":0,"mailbox":0,"messages_per_s":3,"age_s":90},
  {"path":"node/storage_writer","state":"running","restarts":1,"last_error":"the disk is full",
   "mailbox":2,"messages_per_s":120,"age_s":20},
  {"path":"node/liquidity","state":"running","restarts":0,"mailbox":9,"messages_per_s":40,
   "age_s":90}])";

const std::string last_row = std::string{program_forms().last_branch} + "liquidity";

class shell_on_a_running_node : public testing::Test {
protected:
  void SetUp() override {
    if (!terminal::available())
      GTEST_SKIP() << "no tmux (apt: tmux)";
    start();
  }

  void start() {
    auto opened = net::shell_server::open(
      folder.path(),
      [this](const net::shell_request& x, const net::shell_server::reply_function& reply) {
        {
          const std::lock_guard lock{mutex};
          asked.push_back(x.line);
        }
        if (x.line == "status")
          reply({true, R"({"name":"main","state":"running"})"});
        else if (x.line == "tree" || x.line == "top")
          reply({true, few_actors});
        else if (x.line == "kill node/storage_writer")
          reply({true, "{}"});
        else
          reply({false, "no " + x.line + " here"});
      });
    ASSERT_TRUE(opened) << opened.error().what;
    server.emplace(*std::move(opened));
  }

  std::string command(const std::string& more = {}) const {
    return "XDG_STATE_HOME=" + folder.at("state")
           + " NO_COLOR=1 " BINARY_DIR "/sluice shell --data " + folder.path().string() + " "
           + more;
  }

  bool was_asked(const std::string& line) {
    const std::lock_guard lock{mutex};
    return std::find(asked.begin(), asked.end(), line) != asked.end();
  }

  scratch_folder folder;
  std::mutex mutex;
  std::vector<std::string> asked;
  std::optional<net::shell_server> server;
};

TEST_F(shell_on_a_running_node, draws_the_tree_and_completes_its_actors) {
  terminal at{command()};
  ASSERT_TRUE(shows(at.wait_for("main running>", "TAB completes them"), "TAB completes them"));
  at.type({"tree", "Enter"});
  EXPECT_TRUE(shows(at.wait_for("1 min 30 s\nmain running>",
                                std::string{program_forms().branch}
                                  + "storage_writer  running         1        2    120"),
                    std::string{program_forms().branch}
                      + "storage_writer  running         1        2    120"));
  at.type({"actor node/s", "Tab"});
  EXPECT_TRUE(shows(at.wait_for("> actor node/storage_writer"), "> actor node/storage_writer"));
  at.type({"Enter"});
  EXPECT_TRUE(shows(at.wait_for("sluice: no actor", "sluice: no actor node/storage_writer here"),
                    "sluice: no actor node/storage_writer here"));
}

TEST_F(shell_on_a_running_node, takes_keys_that_come_before_the_prompt) {
  terminal at{command()};
  ASSERT_TRUE(shows(at.wait_for("main running>", "TAB completes them"), "TAB completes them"));
  at.type({"tree", "Enter", "actor node/s", "Tab", "Enter"});
  EXPECT_TRUE(shows(at.wait_for("node/storage_writer here\nmain running>",
                                "main running> actor node/storage_writer\nsluice: no actor"),
                    "main running> actor node/storage_writer\nsluice: no actor"));
}

TEST_F(shell_on_a_running_node, shows_top_and_gives_the_screen_back) {
  terminal at{command(), 140};
  at.wait_for("main running>");
  at.type({"tree", "Enter"});
  at.wait_for(last_row);
  at.type({"top", "Enter"});
  const auto by_rate = at.wait_for("sorted by rate");
  EXPECT_TRUE(shows(by_rate, "q quit"));
  EXPECT_LT(by_rate.find("node/storage_writer"), by_rate.find("node/liquidity")) << by_rate;
  EXPECT_EQ(by_rate.find(last_row), std::string::npos) << by_rate; // a screen of its own
  at.type({"m"});
  const auto by_mailbox = at.wait_for("sorted by mailbox");
  EXPECT_LT(by_mailbox.find("node/liquidity"), by_mailbox.find("node/storage_writer"))
    << by_mailbox;
  at.type({"q"});
  EXPECT_TRUE(shows(at.wait_until_gone("sorted by"), last_row));
  at.type({"top name", "Enter"});
  at.wait_for("sorted by name");
  at.type({"C-c"}); // leaves it as well, and not the shell
  EXPECT_TRUE(shows(at.wait_until_gone("sorted by"), last_row));
  at.type({"quit", "Enter"});
  EXPECT_TRUE(shows(at.wait_for("code ", "code 0"), "code 0"));
}

TEST_F(shell_on_a_running_node, gives_the_screen_back_when_it_is_asked_to_end) {
  terminal at{"echo before; timeout --foreground 2 env " + command("--exec top")};
  at.wait_for("sorted by rate");
  EXPECT_TRUE(shows(at.wait_for("code ", "before\ncode 124"),
                    "before\ncode 124")); // SIGTERM, and all is cleaned up
}

TEST_F(shell_on_a_running_node, states_when_the_node_goes_and_when_it_is_back) {
  terminal at{command()};
  at.wait_for("main running>");
  server.reset();
  at.type({"tree", "Enter"});
  EXPECT_TRUE(
    shows(at.wait_for("(no node)>", "no data folder of a node"), "no data folder of a node"));
  start();
  at.type({"tree", "Enter"});
  EXPECT_TRUE(shows(at.wait_for(last_row), last_row));
  EXPECT_TRUE(shows(at.wait_for("the node is back", "main running>"), "main running>"));
}

TEST_F(shell_on_a_running_node, kills_only_after_a_confirmation) {
  terminal at{command()};
  at.wait_for("main running>");
  at.type({"kill node/storage_writer", "Enter"});
  at.wait_for("[y/N]");
  EXPECT_FALSE(was_asked("kill node/storage_writer"));
  at.type({"y", "Enter"});
  EXPECT_TRUE(shows(at.wait_for("done"), "done"));
  EXPECT_TRUE(was_asked("kill node/storage_writer"));
}

} // namespace
