// Nodes and miners as processes of their own, on real sockets.
#include "tests/support/run_program.hpp"
#include "tests/support/running_program.hpp"
#include "tests/support/scratch_folder.hpp"
#include "tools/keys/keys.hpp"

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include <optional>

namespace {

using namespace sluice;
using namespace sluice::test;

class miner_command : public testing::Test {
protected:
  /// Makes a key and answers its address.
  std::string make_key(const std::string& name) const {
    const auto made = tools::make_key_file(folder.at(name));
    if (!made)
      throw std::runtime_error(made.error().what);
    for (const auto& [field, value] : *made)
      if (field == "address")
        return value;
    return "";
  }

  /// A round takes a second, so that what is printed fits for long into a pipe that nobody empties.
  std::vector<std::string> node_arguments(const std::vector<std::string>& more = {},
                                          const std::string& at = "127.0.0.1:0") const {
    std::vector<std::string> arguments{
      "node",     "--dev", "--seed",          "7", "--data",  folder.at("data"),
      "--output", "json",  "--miner-gateway", at,  "--speed", "1500"};
    arguments.insert(arguments.end(), more.begin(), more.end());
    return arguments;
  }

  /// Waits for its first line and answers where its miner gateway is.
  static std::string gateway_of(running_program& node) {
    return nlohmann::json::parse(node.wait_for("\"serves\""))["serves"]["miner_gateway"];
  }

  std::vector<std::string> miner_arguments(const std::string& url, const std::string& key = "a.key",
                                           const std::vector<std::string>& more = {}) const {
    std::vector<std::string> arguments{"miner",        "--connect", url,   "--hotkey",
                                       folder.at(key), "--output",  "json"};
    arguments.insert(arguments.end(), more.begin(), more.end());
    return arguments;
  }

  scratch_folder folder;
};

TEST_F(miner_command, plays_a_round_and_ends_with_its_scores) {
  const auto address = make_key("a.key");
  running_program node{node_arguments({"--allow", address + "=70"})};
  const auto url = gateway_of(node);
  const auto run = run_sluice(miner_arguments(url, "a.key", {"--once", "--strategy", "narrow"}));
  EXPECT_EQ(run.code, 0) << run.out << run.err;
  EXPECT_NE(run.out.find(R"("event":"welcome")"), std::string::npos) << run.out;
  EXPECT_NE(run.out.find(R"("uid":70)"), std::string::npos) << run.out;
  EXPECT_NE(run.out.find(R"("event":"question")"), std::string::npos);
  EXPECT_NE(run.out.find(R"("accepted":true)"), std::string::npos);
  EXPECT_NE(run.out.find(R"("verdict":"scored")"), std::string::npos);
  node.wait_for("\"uid\":70"); // it is in the round's results
  EXPECT_EQ(node.stop(), 0);
  EXPECT_EQ(run_sluice({"audit", "all", "--data", folder.at("data")}).code, 0);
}

TEST_F(miner_command, receives_why_it_is_refused_and_what_to_do) {
  make_key("a.key");
  const auto other = make_key("b.key");
  running_program node{node_arguments({"--allow", other})};
  const auto run = run_sluice(miner_arguments(gateway_of(node), "a.key", {"--once"}));
  EXPECT_EQ(run.code, 1);
  EXPECT_NE(run.out.find(R"("reason":"unknown_hotkey")"), std::string::npos) << run.out;
  EXPECT_NE(run.out.find("--allow HOTKEY"), std::string::npos) << run.out;
}

TEST_F(miner_command, a_proposal_that_is_not_allowed_comes_back_with_its_reason) {
  const auto address = make_key("a.key");
  running_program node{node_arguments({"--allow", address})};
  running_program miner{miner_arguments(gateway_of(node), "a.key", {"--strategy", "garbage"})};
  const auto line = nlohmann::json::parse(miner.wait_for(R"("event":"invalid")"));
  EXPECT_FALSE(line["reason"].get<std::string>().empty());
  EXPECT_EQ(miner.stop(), 0);
}

TEST_F(miner_command, survives_the_death_of_the_node_and_plays_its_next_round) {
  const auto address = make_key("a.key");
  std::string url;
  std::optional<running_program> node{std::in_place, node_arguments({"--allow", address})};
  url = gateway_of(*node);
  running_program miner{miner_arguments(url)};
  miner.wait_for(R"("event":"scores")");
  node->send(SIGKILL);
  miner.wait_for(R"("event":"lost")");
  node.emplace(node_arguments({"--allow", address}, url.substr(5)));
  miner.wait_for(R"("event":"welcome")");
  miner.wait_for(R"("event":"question")");
  miner.wait_for(R"("verdict":"scored")");
  EXPECT_EQ(node->stop(), 0);
  miner.wait_for(R"("reason":"closing")");
  EXPECT_EQ(miner.stop(), 0);
}

TEST_F(miner_command, a_miner_that_dies_takes_nobody_along_and_may_come_back) {
  const auto address = make_key("a.key");
  running_program node{node_arguments({"--allow", address})};
  const auto url = gateway_of(node);
  {
    running_program miner{miner_arguments(url)};
    miner.wait_for(R"("event":"scores")");
  } // SIGKILL
  node.wait_for("\"round\"");
  const auto again = run_sluice(miner_arguments(url, "a.key", {"--once"}));
  EXPECT_EQ(again.code, 0) << again.out;
}

TEST_F(miner_command, one_that_is_stopped_keeps_its_plan_and_plays_on_when_it_goes_on) {
  const auto address = make_key("a.key");
  running_program node{node_arguments({"--allow", address + "=70"})}; // a miner has 250 ms
  running_program miner{miner_arguments(gateway_of(node))};
  std::set<std::string> rounds; // the first answer of a later one is to its opening
  nlohmann::json answered;
  do
    answered = nlohmann::json::parse(miner.wait_for(R"("event":"answer")"));
  while (!rounds.insert(answered["round"].get<std::string>()).second || rounds.size() < 5);
  miner.send(SIGSTOP);
  node.wait_for("no answer in time");
  miner.send(SIGCONT);
  nlohmann::json scores;
  do
    scores = nlohmann::json::parse(miner.wait_for(R"("note":"no answer in time")"));
  while (scores["round"] != answered["round"]);
  EXPECT_EQ(scores["verdict"], "scored"); // it had answered before: what it had asked for stands
  miner.wait_for(R"("event":"answer")");
}

TEST_F(miner_command, of_two_with_one_hotkey_the_newer_plays) {
  const auto address = make_key("a.key");
  running_program node{node_arguments({"--allow", address})};
  const auto url = gateway_of(node);
  running_program older{miner_arguments(url)};
  older.wait_for(R"("event":"welcome")");
  running_program newer{miner_arguments(url)};
  newer.wait_for(R"("event":"question")");
  const auto refused = nlohmann::json::parse(older.wait_for(R"("event":"refused")"));
  EXPECT_EQ(refused["reason"], "replaced");
  EXPECT_GE(nlohmann::json::parse(older.wait_for(R"("event":"lost")"))["pause_ms"], 60'000);
}

TEST_F(miner_command, a_miner_of_one_python_file_plays_a_round_in_every_protocol) {
  if (run_program("python3", {"-c", "pass"}).code != 0)
    GTEST_SKIP() << "there is no python3";
  const auto address = make_key("a.key");
  running_program node{node_arguments({"--allow", address})};
  const auto url = gateway_of(node);
  // The second is examples/miner.py as it was when there was protocol 1 alone.
  for (const auto* script :
       {SOURCE_DIR "/examples/miner.py", SOURCE_DIR "/tests/data/miner_protocol_1.py"}) {
    const auto run = run_program("python3", {"-B", script, url, folder.at("a.key"), "--once"});
    EXPECT_EQ(run.code, 0) << script << run.out << run.err;
    EXPECT_NE(run.out.find("scored"), std::string::npos) << run.out;
    EXPECT_EQ(run.out.find("invalid"), std::string::npos) << run.out; // what it asks for is allowed
  }
}

TEST_F(miner_command, states_what_is_wrong_with_its_flags) {
  make_key("a.key");
  const auto expect = [&](const std::vector<std::string>& arguments, const std::string& part) {
    const auto run = run_sluice(arguments);
    EXPECT_EQ(run.code, 2) << run.err;
    EXPECT_NE(run.err.find(part), std::string::npos) << run.err;
  };
  expect({"miner"}, "--connect: expected one address, got 0");
  expect(miner_arguments("http://a:1"), "expected ws://HOST:PORT");
  expect(miner_arguments("ws://a:1", "a.key", {"--strategy", "wize"}), "did you mean \"wide\"");
  expect(
    miner_arguments("ws://a:1", "a.key", {"--mechanism", "bets"}),
    "--mechanism: expected a mechanism that has miners, of liquidity, leads, consensus, sports, "
    "got \"bets\"");
  expect(miner_arguments("ws://a:1", "a.key", {"--ca", "x"}), "--ca is for wss://");
  EXPECT_EQ(run_sluice(miner_arguments("ws://127.0.0.1:1", "none.key")).code, 3);
  expect(miner_arguments("wss://127.0.0.1:1", "a.key", {"--ca", folder.at("a.key")}),
         "expected certificates of CAs in PEM form");
}

TEST_F(miner_command, a_node_whose_port_is_taken_reports_it_at_once) {
  running_program node{node_arguments()};
  const auto taken = gateway_of(node).substr(5);
  auto arguments = node_arguments({}, taken);
  arguments[5] = folder.at("other");
  const auto run = run_sluice(arguments);
  EXPECT_EQ(run.code, 3);
  EXPECT_NE(run.err.find(taken + ": cannot be listened on: Address already in use"),
            std::string::npos)
    << run.err;
}

/// Four thousand questions, asked as fast as they are answered: far beyond the 20 messages a second
/// that a miner may send by itself.
TEST_F(miner_command, one_that_answers_quickly_is_scored_in_every_round_of_a_node_at_full_speed) {
  const auto address = make_key("a.key");
  folder.write("node.toml", R"([validator]
uid = 9
[miner_gateway]
listen = "127.0.0.1:0"
[[miner_gateway.allow]]
hotkey = ")" + address + R"("
uid = 20
[liquidity]
[[liquidity.jobs]]
id = "pair"
round_seconds = 200
checkpoint_blocks = 1
[liquidity.jobs.pool]
decimals1 = 6
[liquidity.jobs.start]
amount0 = "10000000000000000000"
amount1 = "30000000000"
[liquidity.jobs.feed]
kind = "market"
)");
  running_program node{{"node", "--config", folder.at("node.toml"), "--data", folder.at("data"),
                        "--speed", "0", "--output", "json"}};
  const auto url = gateway_of(node);
  // What it prints is not read here, and must not fill a pipe.
  running_program miner{"sh",
                        {"-c", "exec " BINARY_DIR "/sluice miner --connect " + url + " --hotkey "
                                 + folder.at("a.key") + " --strategy wide >/dev/null"}};
  const auto verdict = [&node]() -> std::string {
    const auto round = nlohmann::json::parse(node.wait_for(R"("event":"round")"));
    for (const auto& x : round["miners"])
      if (x["uid"] == 20)
        return x["verdict"].get<std::string>() + ' ' + x["note"].get<std::string>();
    return "";
  };
  while (verdict() != "scored ") { // until it is there
  }
  for (int i = 0; i < 40; ++i)
    ASSERT_EQ(verdict(), "scored ") << "round " << i << " after it came";
}

/// A CA, a certificate of it for 127.0.0.1, and another CA.
class miner_command_tls : public miner_command {
protected:
  void SetUp() override {
    const auto openssl = [&](const std::string& arguments) {
      return run_program("sh", {"-c", "cd " + folder.at("") + " && openssl " + arguments}).code;
    };
    if (openssl("version") != 0)
      GTEST_SKIP() << "there is no openssl command";
    const std::string fresh = "-newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 2 ";
    for (const std::string ca : {"ca", "other"})
      ASSERT_EQ(openssl("req -x509 " + fresh + "-subj /CN=" + ca + " -keyout " + ca + ".key -out "
                        + ca + ".pem"),
                0);
    folder.write("ext", "subjectAltName=IP:127.0.0.1\n");
    ASSERT_EQ(openssl("req " + fresh + "-subj /CN=gateway -keyout gateway.key -out gateway.csr"),
              0);
    ASSERT_EQ(openssl("x509 -req -in gateway.csr -CA ca.pem -CAkey ca.key -CAcreateserial -days 2"
                      " -extfile ext -out gateway.pem"),
              0);
    address = make_key("a.key");
  }

  std::vector<std::string> tls_node() const {
    return node_arguments({"--allow", address, "--miner-gateway-certificate",
                           folder.at("gateway.pem"), "--miner-gateway-key",
                           folder.at("gateway.key")});
  }

  std::string address;
};

TEST_F(miner_command_tls, plays_through_tls_when_the_ca_is_the_right_one) {
  running_program node{tls_node()};
  const auto url = gateway_of(node);
  EXPECT_TRUE(url.starts_with("wss://")) << url;
  const auto run
    = run_sluice(miner_arguments(url, "a.key", {"--ca", folder.at("ca.pem"), "--once"}));
  EXPECT_EQ(run.code, 0) << run.out << run.err;
}

TEST_F(miner_command_tls, goes_nowhere_with_another_ca_a_wrong_name_or_without_tls) {
  running_program node{tls_node()};
  const auto url = gateway_of(node);
  {
    running_program wrong{miner_arguments(url, "a.key", {"--ca", folder.at("other.pem")})};
    EXPECT_NE(wrong.wait_for(R"("event":"lost")").find("which is not known here"),
              std::string::npos)
      << wrong.output();
  }
  {
    running_program unknown{miner_arguments(url)}; // the system's CAs
    EXPECT_NE(unknown.wait_for(R"("event":"lost")").find("which is not known here"),
              std::string::npos);
  }
  {
    auto named = url;
    named.replace(named.find("127.0.0.1"), 9, "127.1"); // the same machine, also without /etc/hosts
    running_program other_name{miner_arguments(named, "a.key", {"--ca", folder.at("ca.pem")})};
    EXPECT_NE(other_name.wait_for(R"("event":"lost")").find("is of another host than 127.1"),
              std::string::npos)
      << other_name.output();
  }
  running_program plain{miner_arguments("ws://" + url.substr(6))};
  plain.wait_for(R"("event":"lost")");
}

} // namespace
