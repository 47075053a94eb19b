// Signals, log files and the limits of a process, as an operator meets them.
#include "tests/support/pause.hpp"
#include "tests/support/running_program.hpp"
#include "tests/support/scratch_folder.hpp"

#include <gtest/gtest.h>
#include <sys/stat.h>
#include <sys/wait.h>

#include <array>
#include <filesystem>
#include <fstream>
#include <functional>
#include <pty.h>
#include <sstream>
#include <unistd.h>

namespace {

using namespace sluice::test;
namespace fs = std::filesystem;

const std::string sluice_binary = BINARY_DIR "/sluice";

class process_of_a_node : public testing::Test {
protected:
  std::string data() const { return folder.at("data"); }
  std::vector<std::string> node(const std::vector<std::string>& more) const {
    std::vector<std::string> all{"node", "--dev", "--seed", "7", "--data", data()};
    all.insert(all.end(), more.begin(), more.end());
    return all;
  }
  /// The same as one line of a shell, behind `before`.
  program_run shell(const std::string& before, const std::vector<std::string>& more) const {
    std::vector<std::string> all{"-c", before + "; exec \"$0\" \"$@\"", sluice_binary};
    const auto arguments = node(more);
    all.insert(all.end(), arguments.begin(), arguments.end());
    return run_program("/bin/sh", all);
  }
  static std::string read(const std::string& path) {
    std::ostringstream text;
    text << std::ifstream{path}.rdbuf();
    return text.str();
  }
  static bool comes(const std::function<bool()>& good) {
    const auto until = detail::clock::now() + std::chrono::seconds{60};
    while (!good()) {
      if (detail::clock::now() >= until)
        return false;
      pause_for(std::chrono::milliseconds{10});
    }
    return true;
  }

  scratch_folder folder;
};

TEST_F(process_of_a_node, a_log_file_has_the_log_and_is_opened_anew_at_a_hang_up) {
  const auto log = folder.at("node.log");
  running_program program{node({"--output", "lines", "--log-level", "debug", "--log-file", log})};
  program.wait_for("round");
  ASSERT_TRUE(comes([&] { return !read(log).empty(); }));
  fs::rename(log, log + ".old");
  program.send(SIGHUP);
  EXPECT_TRUE(comes([&] { return !read(log).empty(); }));
  EXPECT_EQ(program.stop(), 0);
  EXPECT_NE(read(log + ".old").find("[sluice] ["), std::string::npos);
  EXPECT_EQ(program.output().find("[sluice] ["), std::string::npos) << "it went into the file";
}

TEST_F(process_of_a_node, log_files_are_put_aside_by_their_configured_size) {
  const auto config
    = folder.write("node.toml", read(SOURCE_DIR "/configs/dev.toml")
                                  + "\n[log]\nfile = \"logs.txt\"\nmax_bytes = 4096\nkeep = 2\n");
  const auto run = run_sluice(
    {"node", "--config", config, "--data", data(), "--rounds", "20", "--log-level", "debug"});
  EXPECT_EQ(run.code, 0) << run.err;
  EXPECT_TRUE(fs::exists(folder.at("logs.txt"))) << "beside the configuration";
  EXPECT_TRUE(fs::exists(folder.at("logs.txt.2")));
  EXPECT_FALSE(fs::exists(folder.at("logs.txt.3")));
  EXPECT_LE(fs::file_size(folder.at("logs.txt.1")), 4096U);
}

TEST_F(process_of_a_node, a_log_file_that_cannot_be_opened_ends_it_before_it_begins) {
  const auto run = run_sluice(node({"--log-file", folder.at("missing/node.log")}));
  EXPECT_EQ(run.code, 3);
  EXPECT_NE(run.err.find("the log cannot be opened there"), std::string::npos) << run.err;
  EXPECT_FALSE(fs::exists(data()));
}

TEST_F(process_of_a_node, a_hang_up_of_somebody_does_not_end_it) {
  running_program program{node({"--output", "lines"})};
  program.wait_for("round");
  program.send(SIGHUP);
  for (int i = 0; i < 5; ++i)
    program.wait_for("weights");
  EXPECT_EQ(program.stop(), 0);
}

TEST_F(process_of_a_node, as_the_first_process_of_a_container_it_is_stopped_by_a_signal) {
  if (run_program("unshare", {"-p", "-f", "true"}).code != 0)
    GTEST_SKIP() << "no process of its own number may be made here";
  auto arguments = node({"--output", "lines"});
  arguments.insert(arguments.begin(), {"-p", "-f", "--kill-child", sluice_binary});
  running_program outer{"unshare", arguments};
  outer.wait_for("round");
  const auto parent = std::to_string(outer.pid());
  const auto first = std::stoi(read("/proc/" + parent + "/task/" + parent + "/children"));
  ::kill(first, SIGTERM);
  EXPECT_EQ(outer.end(), 0);
  EXPECT_NE(outer.output().find("stopped; the state is in"), std::string::npos);
}

TEST_F(process_of_a_node, a_terminal_that_goes_takes_its_node_along) {
  const auto where = data();
  int screen = -1;
  const pid_t child = ::forkpty(&screen, nullptr, nullptr, nullptr);
  ASSERT_GE(child, 0);
  if (child == 0) {
    ::execl(sluice_binary.c_str(), "sluice", "node", "--dev", "--seed", "7", "--data",
            where.c_str(), nullptr);
    ::_exit(127);
  }
  std::array<char, 4096> bytes{};
  EXPECT_GT(::read(screen, bytes.data(), bytes.size()), 0); // it is there and shows something
  ::close(screen);
  int status = 0;
  ::waitpid(child, &status, 0);
  EXPECT_TRUE(WIFEXITED(status));
  EXPECT_EQ(WEXITSTATUS(status), 0);
}

TEST_F(process_of_a_node, few_descriptors_are_a_sentence_before_anything_runs) {
  for (const std::string most : {"8", "16", "24", "40"}) {
    const auto run = shell("ulimit -n " + most, {"--rounds", "1", "--miner-gateway", "127.0.0.1:0",
                                                 "--metrics", "127.0.0.1:0"});
    EXPECT_EQ(run.code, 3) << most << ": " << run.err;
    EXPECT_NE(run.err.find("descriptors"), std::string::npos) << most << ": " << run.err;
    EXPECT_FALSE(fs::exists(data()));
  }
  EXPECT_EQ(shell("ulimit -n 256", {"--rounds", "1", "--miner-gateway", "127.0.0.1:0"}).code, 0);
}

TEST_F(process_of_a_node, little_address_space_is_a_sentence_before_anything_runs) {
  const auto run = shell("ulimit -v 2000000", {"--rounds", "1"});
  EXPECT_EQ(run.code, 3);
  EXPECT_NE(run.err.find("MiB of address space"), std::string::npos) << run.err;
  EXPECT_FALSE(fs::exists(data()));
}

/// A group whose processes have so many threads together; none where that cannot be made.
class thread_limit {
public:
  explicit thread_limit(int most)
    : folder_(place() + "/sluice-test-" + std::to_string(::getpid())) {
    ::mkdir(folder_.c_str(), 0755);
    std::ofstream{folder_ + "/pids.max"} << most;
  }
  ~thread_limit() { ::rmdir(folder_.c_str()); }
  thread_limit(const thread_limit&) = delete;
  thread_limit& operator=(const thread_limit&) = delete;

  bool works() const { return fs::exists(folder_ + "/pids.max"); }
  std::string join() const { return "echo $$ > " + folder_ + "/cgroup.procs"; }

private:
  static std::string place() {
    const std::string old = "/sys/fs/cgroup/pids";
    return fs::exists(old) ? old : "/sys/fs/cgroup";
  }
  std::string folder_;
};

TEST_F(process_of_a_node, few_threads_are_a_sentence_before_anything_runs) {
  for (const int most : {1, 2, 4, 6, 8, 10}) {
    const thread_limit limit{most};
    if (!limit.works())
      GTEST_SKIP() << "no group of processes may be made here";
    const auto run = shell(limit.join(), {"--rounds", "2", "--output", "lines"});
    EXPECT_EQ(run.code, 3) << most << ": " << run.err;
    EXPECT_NE(run.err.find("threads beside its first, and " + std::to_string(most - 1)),
              std::string::npos)
      << most << ": " << run.err;
    EXPECT_FALSE(fs::exists(data()));
  }
}

TEST_F(process_of_a_node, as_many_threads_as_it_names_are_enough) {
  const thread_limit none{1};
  if (!none.works())
    GTEST_SKIP() << "no group of processes may be made here";
  const auto run = shell(none.join(), {"--rounds", "2"});
  const auto at = run.err.find("needs ");
  ASSERT_NE(at, std::string::npos) << run.err;
  const int needed = std::stoi(run.err.substr(at + 6));
  const std::string all = folder.at("all");
  const thread_limit enough{needed + 1};
  const auto good = shell(enough.join(), {"--rounds", "2", "--output", "lines"});
  EXPECT_EQ(good.code, 0) << good.err;
}

} // namespace
