// How `sluice node` is opened to others, and that it reports when it cannot be.
#include "net/http/listening.hpp"
#include "tests/support/bare_socket.hpp"
#include "tests/support/run_program.hpp"
#include "tests/support/running_program.hpp"
#include "tests/support/scratch_folder.hpp"

#include <gtest/gtest.h>

namespace {

using namespace sluice::test;

TEST(network_flags, that_are_wrong_start_nothing) {
  scratch_folder folder;
  const auto refusal = [&](std::vector<std::string> more) {
    std::vector<std::string> arguments{"node", "--dev",  "--rounds",
                                       "1",    "--data", folder.at("state")};
    arguments.insert(arguments.end(), more.begin(), more.end());
    const auto run = run_sluice(arguments);
    EXPECT_EQ(run.code, 2) << run.out;
    EXPECT_EQ(run.err.find('\n'), run.err.size() - 1) << run.err;
    EXPECT_FALSE(std::filesystem::exists(folder.at("state")));
    return run.err;
  };
  EXPECT_NE(refusal({"--door", "here"}).find("expected HOST:PORT"), std::string::npos);
  EXPECT_NE(refusal({"--metrics", "1.2.3.4:99999"}).find("expected HOST:PORT"), std::string::npos);
  EXPECT_NE(refusal({"--allow", "a"}).find("give --miner-gateway HOST:PORT"), std::string::npos);
  EXPECT_NE(refusal({"--fleet", "0.0.0.0:1", "--fleet-insecure"}).find("127.0.0.1"),
            std::string::npos);
}

TEST(network_flags, that_name_a_port_of_somebody_else_start_nothing) {
  scratch_folder folder;
  const auto taken = sluice::net::listening_socket::open("127.0.0.1:0");
  ASSERT_TRUE(taken) << taken.error().what;
  for (const auto* flag : {"--miner-gateway", "--metrics", "--api"}) {
    const auto run = run_sluice(
      {"node", "--dev", "--rounds", "1", "--data", folder.at("state"), flag, taken->address()});
    EXPECT_EQ(run.code, 3) << run.out;
    EXPECT_NE(run.err.find(std::string{flag} + ' ' + taken->address()), std::string::npos)
      << run.err;
    EXPECT_NE(run.err.find("Address already in use"), std::string::npos) << run.err;
  }
}

TEST(network_flags, of_an_api_in_the_configuration_are_named_when_its_port_is_taken) {
  scratch_folder folder;
  const auto taken = sluice::net::listening_socket::open("127.0.0.1:0");
  ASSERT_TRUE(taken) << taken.error().what;
  const auto file
    = folder.write("api.toml", "name = \"api\"\nseed = 7\n[validator]\nhotkey = \"validator\"\n"
                               "uid = 9\n[weights]\nshares = { leads = 1.0 }\n[leads]\n[api]\n"
                               "listen = \""
                                 + taken->address() + "\"\n");
  const auto run
    = run_sluice({"node", "--config", file, "--rounds", "1", "--data", folder.at("state")});
  EXPECT_EQ(run.code, 3) << run.out;
  EXPECT_NE(run.err.find("--api " + taken->address()), std::string::npos) << run.err;
  EXPECT_NE(run.err.find("Address already in use"), std::string::npos) << run.err;
}

TEST(network_flags, the_old_names_of_the_miner_gateway_mean_the_same) {
  scratch_folder folder;
  const auto opens_it = [&](const std::string& data, std::vector<std::string> more,
                            std::vector<std::string> environment) {
    std::vector<std::string> arguments{"node",   "--dev",         "--rounds", "1",
                                       "--data", folder.at(data), "--output", "json"};
    arguments.insert(arguments.end(), more.begin(), more.end());
    const auto run = run_sluice(arguments, {.environment = std::move(environment)});
    EXPECT_EQ(run.code, 0) << run.err;
    return run.out.find(R"("serves":{"miner_gateway":"ws://127.0.0.1:)") != std::string::npos;
  };
  EXPECT_TRUE(opens_it("a", {"--miner-gateway", "127.0.0.1:0"}, {}));
  EXPECT_TRUE(opens_it("b", {"--door", "127.0.0.1:0"}, {}));
  EXPECT_TRUE(opens_it("c", {}, {"SLUICE_MINER_GATEWAY=127.0.0.1:0"}));
  EXPECT_TRUE(opens_it("d", {}, {"SLUICE_DOOR=127.0.0.1:0"}));
  EXPECT_FALSE(opens_it("e", {}, {}));
}

TEST(network_flags, of_a_node_register_hotkeys_that_keep_their_uids) {
  scratch_folder folder;
  const auto node = [&](std::vector<std::string> more) {
    std::vector<std::string> arguments{"node",
                                       "--dev",
                                       "--seed",
                                       "3",
                                       "--rounds",
                                       "1",
                                       "--data",
                                       folder.at("state"),
                                       "--miner-gateway",
                                       "127.0.0.1:0"};
    arguments.insert(arguments.end(), more.begin(), more.end());
    return run_sluice(arguments);
  };
  const auto first = node({"--allow", "remote"});
  ASSERT_EQ(first.code, 0) << first.err;
  // Another command later: the first keeps its uid, the second gets the next.
  const auto second = node({"--allow", "later", "--allow", "remote"});
  ASSERT_EQ(second.code, 0) << second.err;
  const auto taken = node({"--allow", "third=1"});
  EXPECT_EQ(taken.code, 2);
  EXPECT_NE(taken.err.find("gave uid 1 to miner-hold, not to third"), std::string::npos)
    << taken.err;
}

TEST(network_flags, metrics_serves_numbers_and_health_of_a_node_that_runs) {
  scratch_folder folder;
  running_program node{{"node", "--dev", "--data", folder.at("state"), "--output", "json",
                        "--speed", "0", "--log-level", "info", "--metrics", "127.0.0.1:0"}};
  const auto line = node.wait_for("metrics at http://127.0.0.1:");
  const auto port = static_cast<uint16_t>(std::stoi(line.substr(line.find("127.0.0.1:") + 10)));
  const auto get = [port](const std::string& path) {
    const bare_socket peer{port};
    peer.send("GET " + path + " HTTP/1.1\r\nHost: node\r\nConnection: close\r\n\r\n");
    return peer.read_until();
  };
  EXPECT_TRUE(get("/healthz").ends_with("{\"status\":\"ok\"}\n"));
  node.wait_for(R"("event":"round")"); // so a step has begun
  const auto ready = get("/readyz");
  EXPECT_TRUE(ready.ends_with("{\"status\":\"ready\"}\n")) << ready;
  const auto page = get("/metrics");
  EXPECT_NE(page.find("\nsluice_conductor_steps_total "), std::string::npos)
    << page.substr(0, 2000);
  EXPECT_NE(page.find("\nsluice_actor_up{actor=\"node/conductor\"} 1\n"), std::string::npos);
  EXPECT_TRUE(get("/miners").starts_with("HTTP/1.1 404 "));
  EXPECT_EQ(node.stop(), 0) << node.output();
}

} // namespace
