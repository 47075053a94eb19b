#include "net/keys/tls_certificate.hpp"
#include "tests/support/running_program.hpp"
#include "tests/support/scratch_folder.hpp"

#include <gtest/gtest.h>

#include <fstream>
#include <memory>

namespace sluice::test {
namespace {

using namespace std::string_literals;

/// Programs of one fleet, each a process of its own.
class fleet_processes : public ::testing::Test {
protected:
  scratch_folder folder;
  const std::string at = (folder.path() / "fleet").string();

  void SetUp() override {
    must(net::make_tls_authority(at));
    must(net::make_tls_certificate(
      at, {.name = "node", .role = fleet_role::node, .hosts = {"127.0.0.1"}}));
    for (const auto* name : {"w1", "w2"})
      must(net::make_tls_certificate(at, {.name = name, .role = fleet_role::worker}));
  }

  static void must(const result<net::tls_report>& made) { ASSERT_TRUE(made) << made.error().what; }

  /// A seeded subnet at its own pace; `more` flags at the end.
  std::vector<std::string> node(const std::string& data, std::vector<std::string> more) const {
    std::vector<std::string> arguments{
      "node", "--dev",    "--seed", "7",      "--rounds",
      "40",   "--output", "json",   "--data", (folder.path() / data).string()};
    arguments.insert(arguments.end(), more.begin(), more.end());
    return arguments;
  }

  std::vector<std::string> fleet_flags(const std::string& listen) const {
    return {"--fleet",        listen,        "--fleet-ca",    at + "/ca.pem", "--fleet-certificate",
            at + "/node.pem", "--fleet-key", at + "/node.key"};
  }

  std::vector<std::string> worker(const std::string& where, const std::string& name) const {
    return {"worker",
            "--connect",
            where,
            "--cores",
            "1",
            "--ca",
            at + "/ca.pem",
            "--certificate",
            at + "/" + name + ".pem",
            "--key",
            at + "/" + name + ".key",
            "--heartbeat-ms",
            "200",
            "--timeout-ms",
            "1000"};
  }

  static std::string where(const std::string& listening) {
    const auto from = listening.find("(port ") + 6;
    return "127.0.0.1:" + listening.substr(from, listening.find(')') - from);
  }

  static std::string rounds_of(const std::string& output) {
    std::string lines;
    for (size_t at = 0; at < output.size();) {
      const auto end = std::min(output.find('\n', at), output.size());
      if (output[at] == '{')
        lines += output.substr(at, end - at) + '\n';
      at = end + 1;
    }
    return lines;
  }
};

TEST_F(fleet_processes, workers_that_are_killed_and_frozen_change_no_byte) {
  const auto alone = run_sluice(node("alone", {"--log-level", "off"}));
  ASSERT_EQ(alone.code, 0) << alone.err;

  auto arguments = node("together", {"--speed", "5000", "--log-level", "info"});
  const auto flags = fleet_flags("127.0.0.1:0");
  arguments.insert(arguments.end(), flags.begin(), flags.end());
  running_program validator{arguments};
  const auto address = where(validator.wait_for("fleet: listening"));
  auto first = std::make_unique<running_program>(worker(address, "w1"));
  const running_program second{worker(address, "w2")};
  validator.wait_for("worker w1 came");
  first->wait_for("w1: in at");
  validator.wait_for("\"round\"");
  first = nullptr; // SIGKILL
  validator.wait_for("worker w1 left");
  second.send(SIGSTOP);
  validator.wait_for("\"round\"");
  const running_program again{worker(address, "w1")};
  EXPECT_EQ(validator.end(), 0);
  EXPECT_EQ(rounds_of(validator.output()), alone.out);
}

TEST_F(fleet_processes, a_worker_outlives_its_node_and_serves_the_next) {
  auto arguments = node("one", {"--speed", "1", "--log-level", "info"});
  const auto any = fleet_flags("127.0.0.1:0");
  auto first_arguments = arguments;
  first_arguments.insert(first_arguments.end(), any.begin(), any.end());
  auto first = std::make_unique<running_program>(first_arguments);
  const auto address = where(first->wait_for("fleet: listening"));
  running_program helper{worker(address, "w1")};
  helper.wait_for("w1: in at " + address);
  first = nullptr;
  helper.wait_for("was lost");
  const auto same = fleet_flags(address);
  arguments.insert(arguments.end(), same.begin(), same.end());
  running_program second{arguments};
  helper.wait_for("w1: in at " + address);
  second.wait_for("worker w1 came");
  EXPECT_EQ(helper.stop(), 0);
  second.wait_for("worker w1 left");
  EXPECT_EQ(second.stop(), 0);
}

TEST_F(fleet_processes, a_frozen_worker_is_gone_within_the_timeout_and_comes_back) {
  auto arguments = node("one", {"--speed", "1", "--log-level", "info"});
  const auto config = (folder.path() / "short.toml").string();
  std::ofstream{config} << std::ifstream{SOURCE_DIR "/configs/dev.toml"}.rdbuf()
                        << "\n[fleet]\nlisten = \"127.0.0.1:0\"\nca = \"" << at
                        << "/ca.pem\"\ncertificate = \"" << at << "/node.pem\"\nkey = \"" << at
                        << "/node.key\"\nheartbeat_ms = 200\ntimeout_ms = 1000\n";
  arguments.erase(std::find(arguments.begin(), arguments.end(), "--dev"s));
  arguments.insert(arguments.end(), {"--config", config});
  running_program validator{arguments};
  const auto address = where(validator.wait_for("fleet: listening"));
  running_program helper{worker(address, "w1")};
  validator.wait_for("worker w1 came");
  helper.send(SIGSTOP);
  validator.wait_for("worker w1 left", std::chrono::seconds(20));
  helper.send(SIGCONT);
  helper.wait_for("was lost");
  validator.wait_for("worker w1 came");
}

TEST_F(fleet_processes, what_cannot_start_states_why_in_one_line) {
  const auto refuse
    = [](const std::vector<std::string>& arguments, int code, const std::string& why) {
        const auto run = run_sluice(arguments);
        EXPECT_EQ(run.code, code) << run.err;
        EXPECT_NE(run.err.find(why), std::string::npos) << why << " | " << run.err;
        EXPECT_EQ(std::count(run.err.begin(), run.err.end(), '\n'), 1) << run.err;
      };
  refuse({"worker", "--connect", "10.0.0.5:4600"}, 2, "sluice keys tls");
  refuse({"worker", "--connect", "10.0.0.5:4600", "--insecure"}, 2, "only on this machine");
  auto wrong = worker("127.0.0.1:1", "node");
  refuse(wrong, 2, "the certificate is of a node: expected one of a worker");
  wrong = worker("127.0.0.1:1", "w1");
  wrong.emplace_back("--once");
  const auto nobody = run_sluice(wrong);
  EXPECT_EQ(nobody.code, 3);
  EXPECT_NE(nobody.err.find("connect to 127.0.0.1:1"), std::string::npos) << nobody.err;
  auto arguments
    = node("x", {"--fleet", "127.0.0.1:0", "--fleet-ca", at + "/ca.pem", "--fleet-certificate",
                 at + "/w1.pem", "--fleet-key", at + "/w1.key"});
  refuse(arguments, 2, "the certificate is of a worker: expected one of a node");
}

} // namespace
} // namespace sluice::test
