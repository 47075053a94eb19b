// Nodes whose miner gateway cannot be opened, and what miners see of one that stops.
#include "net/keys/tls_certificate.hpp"
#include "tests/support/running_program.hpp"
#include "tests/support/scratch_folder.hpp"
#include "tools/keys/keys.hpp"

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>
#include <sys/stat.h>

#include <filesystem>
#include <fstream>

namespace sluice::test {
namespace {

/// Nodes of --dev with certificates of a CA of their own.
class gateway_command : public testing::Test {
protected:
  void SetUp() override {
    make_authority("tls");
    make_certificate("tls", {.name = "good", .role = fleet_role::node, .hosts = {"127.0.0.1"}});
    const auto key = tools::make_key_file(folder.at("a.key"));
    ASSERT_TRUE(key);
    for (const auto& [field, value] : *key)
      if (field == "address")
        address = value;
  }

  void make_authority(const std::string& name) const {
    const auto made = net::make_tls_authority(folder.at(name));
    ASSERT_TRUE(made) << made.error().what;
  }
  void make_certificate(const std::string& authority, const net::tls_order& order) const {
    const auto made = net::make_tls_certificate(folder.at(authority), order);
    ASSERT_TRUE(made) << made.error().what;
  }
  std::string tls(const std::string& file) const { return folder.at("tls") + "/" + file; }

  std::vector<std::string> node(const std::vector<std::string>& more) const {
    std::vector<std::string> arguments{
      "node", "--dev",   "--seed", "7",       "--data", folder.at("data"), "--output",
      "json", "--speed", "1500",   "--allow", address,  "--miner-gateway", "127.0.0.1:0"};
    arguments.insert(arguments.end(), more.begin(), more.end());
    return arguments;
  }
  std::vector<std::string> secured(const std::string& certificate, const std::string& key,
                                   const std::vector<std::string>& more = {}) const {
    auto arguments = node({"--miner-gateway-certificate", certificate, "--miner-gateway-key", key});
    arguments.insert(arguments.end(), more.begin(), more.end());
    return arguments;
  }
  std::vector<std::string> miner(const std::string& url, const std::string& ca = {}) const {
    std::vector<std::string> arguments{"miner",    "--connect", url, "--hotkey", folder.at("a.key"),
                                       "--output", "json"};
    if (!ca.empty())
      arguments.insert(arguments.end(), {"--ca", ca});
    return arguments;
  }

  static std::string gateway_of(running_program& node) {
    return nlohmann::json::parse(node.wait_for("\"serves\""))["serves"]["miner_gateway"];
  }

  /// It ends with this, and before it has said what it serves.
  static void refused(const std::vector<std::string>& arguments, int code, const std::string& why) {
    const auto run = run_sluice(arguments);
    EXPECT_EQ(run.code, code) << run.err;
    EXPECT_NE(run.err.find(why), std::string::npos) << why << " | " << run.err;
    EXPECT_EQ(run.out.find("serves"), std::string::npos) << run.out;
  }

  scratch_folder folder;
  std::string address;
};

TEST_F(gateway_command, a_certificate_that_is_not_good_is_refused_before_the_first_step) {
  make_certificate(
    "tls",
    {.name = "old", .role = fleet_role::node, .hosts = {"127.0.0.1"}, .days = 1, .days_from = -10});
  make_certificate(
    "tls", {.name = "early", .role = fleet_role::node, .hosts = {"127.0.0.1"}, .days_from = 10});
  const auto good = tls("good.pem");
  refused(secured(tls("none.pem"), tls("good.key")), 3, tls("none.pem") + ": cannot be read");
  refused(secured(good, tls("none.key")), 3, tls("none.key") + ": cannot be read");
  refused(secured(folder.at("tls"), tls("good.key")), 3, folder.at("tls") + ": cannot be read");
  refused(secured(good, tls("old.key")), 2, "expected the private key of " + good);
  refused(secured(tls("good.key"), tls("good.key")), 2, "expected a certificate (PEM)");
  refused(secured(tls("old.pem"), tls("old.key")), 2, tls("old.pem") + ": the certificate expired");
  refused(secured(tls("early.pem"), tls("early.key")), 2, "the certificate is valid only from");
}

TEST_F(gateway_command, nobody_is_asked_for_a_passphrase) {
  std::ofstream{folder.at("locked.key")}
    << "-----BEGIN ENCRYPTED PRIVATE KEY-----\nMIGjMF8=\n-----END ENCRYPTED PRIVATE KEY-----\n";
  ::chmod(folder.at("locked.key").c_str(), 0600);
  refused(secured(tls("good.pem"), folder.at("locked.key")), 2,
          "expected a private key without a passphrase, got one that has one");
}

TEST_F(gateway_command, a_certificate_that_ends_soon_is_warned_about) {
  make_certificate("tls",
                   {.name = "soon", .role = fleet_role::node, .hosts = {"127.0.0.1"}, .days = 5});
  running_program x{secured(tls("soon.pem"), tls("soon.key"))};
  EXPECT_NE(x.wait_for("the certificate expires at").find(" days"), std::string::npos);
  gateway_of(x);
  EXPECT_EQ(x.stop(), 0);
}

TEST_F(gateway_command, a_fleet_that_cannot_listen_ends_the_node_before_the_first_step) {
  refused(node({"--rounds", "1", "--fleet", "192.0.2.1:4600", "--fleet-ca", tls("ca.pem"),
                "--fleet-certificate", tls("good.pem"), "--fleet-key", tls("good.key")}),
          3, "--fleet 192.0.2.1:4600: cannot be listened on");
}

TEST_F(gateway_command, an_orderly_stop_tells_miners_that_the_node_stops) {
  running_program x{node({})};
  running_program other{miner(gateway_of(x))};
  other.wait_for(R"("event":"welcome")");
  EXPECT_EQ(x.stop(), 0);
  const auto last = nlohmann::json::parse(other.wait_for(R"("event":"refused")"));
  EXPECT_EQ(last["reason"], "closing");
  EXPECT_TRUE(last.dump().find("this node stops") != std::string::npos) << last;
}

TEST_F(gateway_command, sighup_shows_the_new_certificate_to_whoever_comes) {
  make_authority("newer");
  make_certificate("newer", {.name = "good", .role = fleet_role::node, .hosts = {"127.0.0.1"}});
  running_program x{secured(tls("good.pem"), tls("good.key"), {"--log-level", "info"})};
  const auto url = gateway_of(x);
  running_program before{miner(url, tls("ca.pem"))};
  before.wait_for(R"("event":"welcome")");
  for (const auto* end : {"good.pem", "good.key"})
    std::filesystem::rename(folder.at("newer") + "/" + end, tls(end));
  x.send(SIGHUP);
  x.wait_for("read " + tls("good.pem") + " again");
  running_program after{miner(url, folder.at("newer") + "/ca.pem")};
  after.wait_for(R"("event":"welcome")");
  EXPECT_EQ(x.stop(), 0);
}

TEST_F(gateway_command, the_python_examples_end_with_sentences) {
  if (run_program("python3", {"-c", "pass"}).code != 0)
    GTEST_SKIP() << "there is no python3";
  const auto ends
    = [](const std::vector<std::string>& arguments, int code, const std::string& sentence) {
        std::vector<std::string> all{"-B", SOURCE_DIR "/examples/" + arguments.front()};
        all.insert(all.end(), arguments.begin() + 1, arguments.end());
        const auto run = run_program("python3", all);
        EXPECT_EQ(run.code, code) << run.err;
        EXPECT_NE((run.out + run.err).find(sentence), std::string::npos) << run.out << run.err;
        EXPECT_EQ(run.err.find("Traceback"), std::string::npos) << run.err;
      };
  const auto none = folder.at("none");
  const auto no_key = tls("good.pem");
  ends({"miner.py", "ws://127.0.0.1:1", none}, 3, none + ": cannot be read: No such file");
  ends({"miner.py", "ws://127.0.0.1:1", no_key}, 2, "this is not a key file");
  ends({"miner.py", "ws://127.0.0.1:99999", none}, 2, "expected ws://HOST:PORT");
  ends({"sign_body.py", folder.at("a.key"), "{"}, 2, "expected a JSON object");
  ends({"sign_report.py", folder.at("a.key"), "1", "2", "{}"}, 2, "expected a JSON list");
  ends({"task_worker.py", "127.0.0.1:1", none}, 2, "expected http://HOST:PORT");
  ends({"consensus_report.py", "http://127.0.0.1:1", none, "--uid", "1", "--hotkey",
        folder.at("a.key")},
       3, none + ": cannot be read");
  running_program lost{
    "python3", {"-B", SOURCE_DIR "/examples/miner.py", "ws://127.0.0.1:1", folder.at("a.key")}};
  lost.wait_for("nobody listens there");
  lost.send(SIGINT);
  EXPECT_EQ(lost.end(), 130);
  EXPECT_EQ(lost.output().find("Traceback"), std::string::npos) << lost.output();
}

TEST_F(gateway_command, the_python_miner_states_what_is_wrong_with_a_certificate) {
  if (run_program("python3", {"-c", "import ssl"}).code != 0)
    GTEST_SKIP() << "there is no python3 with TLS";
  running_program x{secured(tls("good.pem"), tls("good.key"))};
  const auto url = gateway_of(x);
  running_program lost{"python3", {"-B", SOURCE_DIR "/examples/miner.py", url, folder.at("a.key")}};
  lost.wait_for("its certificate cannot be trusted: ");
  x.wait_for("it does not know who issued this certificate");
  run_options with_ca;
  with_ca.environment = {"SLUICE_CA=" + tls("ca.pem")};
  running_program in{
    "python3", {"-B", SOURCE_DIR "/examples/miner.py", url, folder.at("a.key")}, with_ca};
  in.wait_for("welcome");
}

} // namespace
} // namespace sluice::test
