// A reader that ends in the middle beside a running node (killed, out of memory), or stands: it
// would keep every page that it may see from being used again, and the files grow.
#include "storage/data_dir.hpp"
#include "tests/support/running_program.hpp"
#include "tests/support/scratch_folder.hpp"

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>
#include <sys/wait.h>

#include <array>
#include <csignal>
#include <optional>
#include <string>
#include <string_view>
#include <unistd.h>

namespace {

using namespace sluice;
using namespace sluice::test;

class reader_beside_a_node : public testing::Test {
protected:
  void SetUp() override {
    node.emplace(std::vector<std::string>{"node", "--dev", "--seed", "7", "--set",
                                          "storage.check_s=1", "--data", folder.at("data"),
                                          "--output", "json"});
    node->wait_for("\"event\":\"weights\"");
  }

  /// A process that reads the node's folder and stands in the middle of it.
  pid_t reader() const {
    std::array<int, 2> ends{};
    EXPECT_EQ(::pipe(ends.data()), 0);
    const auto child = ::fork();
    if (child == 0) {
      const auto layout = storage::schema_with({});
      const auto disk = storage::data_dir::open(folder.at("data"), {},
                                                storage::open_mode::read_only, {.layout = &layout});
      if (!disk)
        ::_exit(1);
      (void)disk->node().scan("published", {}, [&](std::string_view, std::string_view) {
        const char byte = 1;
        if (::write(ends[1], &byte, 1) == 1)
          for (;;)
            ::pause();
        return false;
      });
      ::_exit(2);
    }
    ::close(ends[1]);
    char byte = 0;
    EXPECT_EQ(::read(ends[0], &byte, 1), 1);
    ::close(ends[0]);
    return child;
  }

  std::string shell(const std::string& line) const {
    const auto run = run_sluice({"shell", "--yes", "--data", folder.at("data"), "--exec", line});
    EXPECT_EQ(run.code, 0) << run.out << run.err;
    return run.out;
  }

  bool listed(pid_t pid) const {
    return shell("readers").find("\"pid\":" + std::to_string(pid) + ',') != std::string::npos;
  }

  /// The node looks every second.
  bool goes(pid_t pid) const {
    for (int i = 0; i < 1000; ++i)
      if (!listed(pid))
        return true;
    return false;
  }

  scratch_folder folder;
  std::optional<running_program> node;
};

TEST_F(reader_beside_a_node, that_is_killed_gives_its_slot_back_within_a_look) {
  const auto pid = reader();
  EXPECT_TRUE(listed(pid));
  ::kill(pid, SIGKILL);
  ::waitpid(pid, nullptr, 0);
  EXPECT_TRUE(goes(pid));
}

TEST_F(reader_beside_a_node, that_stands_can_be_ended_from_the_shell) {
  const auto pid = reader();
  ::kill(pid, SIGSTOP);
  EXPECT_TRUE(listed(pid));
  const auto answer = shell("readers end " + std::to_string(pid));
  EXPECT_NE(answer.find("SIGTERM"), std::string::npos) << answer;
  int status = 0;
  ::waitpid(pid, &status, 0);
  EXPECT_TRUE(WIFSIGNALED(status) && WTERMSIG(status) == SIGTERM);
  EXPECT_TRUE(goes(pid));
  const auto actions = shell("actions 5");
  EXPECT_NE(actions.find("readers end " + std::to_string(pid)), std::string::npos) << actions;
}

TEST_F(reader_beside_a_node, does_not_hinder_a_compaction) {
  const auto pid = reader();
  const auto answer = shell("compact pool_events");
  EXPECT_NE(answer.find("\"store\":\"pool_events\""), std::string::npos) << answer;
  ::kill(pid, SIGKILL);
  ::waitpid(pid, nullptr, 0);
  node->wait_for("\"event\":\"weights\""); // it plays on
  EXPECT_EQ(node->stop(), 0);
  const auto audit = run_sluice({"audit", "all", "--data", folder.at("data")});
  EXPECT_EQ(audit.code, 0) << audit.out << audit.err;
}

} // namespace
