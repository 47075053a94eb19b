// What becomes of nodes, miners and commands whose output nobody takes.
#include "tests/support/lines_of.hpp"
#include "tests/support/plain_process.hpp"
#include "tests/support/running_program.hpp"
#include "tests/support/scratch_folder.hpp"
#include "tools/keys/keys.hpp"

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include <array>
#include <fstream>
#include <functional>
#include <optional>
#include <sstream>

namespace {

using namespace sluice;
using namespace sluice::test;

const std::string sluice_program = BINARY_DIR "/sluice";

/// A pipe of one page: full after some lines.
class small_pipe {
public:
  small_pipe() {
    if (::pipe2(ends_.data(), O_CLOEXEC) != 0)
      throw std::runtime_error("no pipe");
    ::fcntl(ends_[1], F_SETPIPE_SZ, 4096);
  }
  ~small_pipe() {
    close_in();
    close_out();
  }
  small_pipe(const small_pipe&) = delete;
  small_pipe& operator=(const small_pipe&) = delete;

  int in() const { return ends_[1]; }
  void close_in() { close_at(1); }
  void close_out() { close_at(0); }
  /// Everything until the other side closes.
  std::string read_all() const {
    std::string text;
    while (detail::drain(ends_[0], text)) {
    }
    return text;
  }

private:
  void close_at(size_t i) {
    if (const int x = std::exchange(ends_[i], -1); x >= 0)
      ::close(x);
  }
  std::array<int, 2> ends_{-1, -1};
};

/// An open file that goes with it.
class open_file {
public:
  explicit open_file(const std::string& path)
    : number_(::open(path.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600)) {}
  ~open_file() { ::close(number_); }
  open_file(const open_file&) = delete;
  open_file& operator=(const open_file&) = delete;
  int number() const { return number_; }

private:
  int number_;
};

class output_trouble : public testing::Test {
protected:
  std::string data() const { return folder.at("data"); }
  std::vector<std::string> node(const std::vector<std::string>& more = {}) const {
    std::vector<std::string> all{"node", "--dev", "--seed", "7", "--data", data()};
    all.insert(all.end(), more.begin(), more.end());
    return all;
  }

  std::string errors() const {
    std::ostringstream text;
    text << std::ifstream{folder.at("err")}.rdbuf();
    return text.str();
  }

  /// What the shell answers, as soon as it is good; fails the test when that does not come.
  nlohmann::json
  wait_for(const std::string& line, const std::function<bool(const nlohmann::json&)>& good) const {
    const auto until = detail::clock::now() + std::chrono::seconds{120};
    nlohmann::json seen;
    do {
      const auto run = run_sluice({"shell", "--data", data(), "--exec", line});
      seen = nlohmann::json::parse(run.out, nullptr, false);
      if (run.code == 0 && !seen.is_discarded() && good(seen))
        return seen;
      pause_for(std::chrono::milliseconds{50});
    } while (detail::clock::now() < until);
    ADD_FAILURE() << line << " came to " << seen << "\nstderr: " << errors();
    return seen;
  }
  nlohmann::json wait_for_steps(uint64_t steps) const {
    return wait_for("status", [steps](const auto& x) {
      return x["conductor"].is_object() && x["conductor"]["laps_done"] >= steps;
    });
  }
  static nlohmann::json stream_of(const nlohmann::json& status, const std::string& name) {
    for (const auto& x : status["output"])
      if (x["stream"] == name)
        return x;
    return {};
  }

  scratch_folder folder;
};

TEST_F(output_trouble, a_reader_that_stands_holds_up_nothing_and_is_counted) {
  const small_pipe out;
  const open_file err{folder.at("err")};
  plain_process program{sluice_program, node({"--output", "json"}), out.in(), err.number()};
  wait_for_steps(60);
  const auto status = wait_for(
    "status", [](const auto& x) { return stream_of(x, "stdout").value("dropped_lines", 0) > 0; });
  EXPECT_EQ(stream_of(status, "stdout")["state"], "stalled");
  EXPECT_EQ(status["state"], "running");
  program.send(SIGTERM);
  EXPECT_EQ(program.end(), 0);
  EXPECT_NE(errors().find("standard output: nobody reads it"), std::string::npos) << errors();
  EXPECT_NE(errors().find("stopped; the state is in"), std::string::npos) << errors();
}

TEST_F(output_trouble, a_log_that_nobody_reads_holds_up_nothing_either) {
  const open_file out{folder.at("out")};
  const small_pipe err;
  plain_process program{sluice_program, node({"--output", "json", "--log-level", "debug"}),
                        out.number(), err.in()};
  wait_for_steps(60);
  program.send(SIGTERM);
  EXPECT_EQ(program.end(), 0);
}

TEST_F(output_trouble, both_streams_in_one_full_pipe_hold_up_nothing) {
  const small_pipe both;
  plain_process program{sluice_program, node({"--output", "json", "--log-level", "debug"}),
                        both.in(), both.in()};
  wait_for_steps(60);
  program.send(SIGINT);
  EXPECT_EQ(program.end(), 0);
}

TEST_F(output_trouble, a_full_disk_of_the_log_is_reported_and_the_node_plays_on) {
  const open_file full{"/dev/full"};
  const open_file err{folder.at("err")};
  {
    plain_process program{sluice_program, node({"--output", "json"}), full.number(), err.number()};
    const auto status = wait_for_steps(60);
    EXPECT_EQ(stream_of(status, "stdout")["state"], "failing");
    program.send(SIGTERM);
    EXPECT_EQ(program.end(), 0);
  }
  EXPECT_NE(errors().find("standard output: cannot be written: No space left on device"),
            std::string::npos)
    << errors();
  plain_process program{sluice_program, node({"--output", "json", "--rounds", "2"}), full.number(),
                        err.number()};
  EXPECT_EQ(program.end(), 3) << "what it had to say is lost";
  EXPECT_NE(errors().find("lines of standard output could not be written"), std::string::npos);
}

TEST_F(output_trouble, a_reader_that_leaves_is_reported_and_the_node_plays_on) {
  small_pipe out;
  const open_file err{folder.at("err")};
  plain_process program{sluice_program, node({"--output", "json"}), out.in(), err.number()};
  out.close_out();
  wait_for_steps(60);
  program.send(SIGTERM);
  EXPECT_EQ(program.end(), 0);
  EXPECT_NE(errors().find("standard output: its reader has left"), std::string::npos) << errors();
}

TEST_F(output_trouble, a_pipe_that_a_parent_made_non_blocking_gets_every_line) {
  const auto wanted = run_sluice(node({"--output", "json", "--rounds", "12"}));
  ASSERT_EQ(wanted.code, 0) << wanted.err;
  ASSERT_GT(wanted.out.size(), 20'000U);
  std::filesystem::remove_all(data());
  small_pipe out;
  ::fcntl(out.in(), F_SETFL, O_NONBLOCK);
  const open_file err{folder.at("err")};
  plain_process program{sluice_program, node({"--output", "json", "--rounds", "12"}), out.in(),
                        err.number()};
  out.close_in();
  EXPECT_TRUE(out.read_all() == wanted.out);
  EXPECT_EQ(program.end(), 0) << errors();
}

TEST_F(output_trouble, a_miner_answers_whatever_becomes_of_its_output) {
  const auto key = folder.at("miner.key");
  std::string address;
  const auto made = tools::make_key_file(key);
  ASSERT_TRUE(made) << made.error().what;
  for (const auto& [field, value] : *made)
    if (field == "address")
      address = value;
  running_program server{node(
    {"--output", "json", "--speed", "3000", "--miner-gateway", "127.0.0.1:0", "--allow", address})};
  const std::string url
    = nlohmann::json::parse(server.wait_for("\"serves\""))["serves"]["miner_gateway"];
  const std::vector<std::string> mine{"miner", "--connect", url, "--hotkey", key};
  const auto answers = [this](uint64_t many) {
    wait_for("peers", [many](const auto& x) {
      return x.is_array() && !x.empty() && x[0].value("answered", uint64_t{0}) >= many;
    });
  };
  const open_file err{folder.at("err")};
  {
    const small_pipe out;
    plain_process miner{sluice_program, mine, out.in(), err.number()};
    answers(60);
    miner.send(SIGTERM);
    EXPECT_EQ(miner.end(), 0);
  }
  const open_file full{"/dev/full"};
  plain_process miner{sluice_program, mine, full.number(), err.number()};
  answers(10);
  miner.send(SIGTERM);
  EXPECT_EQ(miner.end(), 0);
  EXPECT_NE(errors().find("No space left on device"), std::string::npos) << errors();
}

TEST_F(output_trouble, a_command_that_cannot_write_its_answer_exits_with_3_and_says_why) {
  ASSERT_EQ(run_sluice(node({"--rounds", "1"})).code, 0);
  const auto key = folder.at("a.key");
  ASSERT_EQ(run_sluice({"keys", "new", key}).code, 0);
  const std::string dev = SOURCE_DIR "/configs/dev.toml";
  const std::vector<std::vector<std::string>> commands{
    {"--help"},
    {"--version"},
    {"node", "--help"},
    {"config", "show"},
    {"config", "show", "--output", "json"},
    {"config", "check", dev},
    {"keys", "show", key},
    {"audit", "all", "--data", data()},
    {"audit", "all", "--data", data(), "--output", "json"},
    {"shell", "--data", data(), "--exec", "jobs"},
    {"shell", "--data", data(), "--exec", "jobs", "--output", "table"},
    {"replay", SOURCE_DIR "/tests/data/evaluate/bars.csv"},
  };
  for (const auto& x : commands)
    for (const std::string where : {">/dev/full", ">&-"}) {
      std::vector<std::string> all{"-c", "\"$0\" \"$@\" " + where, sluice_program};
      all.insert(all.end(), x.begin(), x.end());
      const auto run = run_program("/bin/sh", all);
      const bool wrong_input = run.code == 2 && x[0] == "replay";
      EXPECT_TRUE(run.code == 3 || wrong_input)
        << x[0] << ' ' << where << " ended with " << run.code;
      EXPECT_TRUE(run.err.find("could not be written") != std::string::npos || wrong_input)
        << x[0] << ' ' << where << ": " << run.err;
    }
}

TEST_F(output_trouble, a_closed_standard_output_does_not_become_a_file_of_the_folder) {
  const auto run = run_program(
    "/bin/sh", {"-c", "\"$0\" node --dev --seed 7 --rounds 3 --data \"$1\" >&- 2>/dev/null",
                sluice_program, data()});
  EXPECT_EQ(run.code, 3);
  const auto audit = run_sluice({"audit", "all", "--data", data()});
  EXPECT_EQ(audit.code, 0) << audit.out << audit.err;
}

} // namespace
