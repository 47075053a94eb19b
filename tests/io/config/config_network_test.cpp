#include "io/config/config_file.hpp"
#include "io/config/config_network.hpp"
#include "io/config/config_write.hpp"
#include "io/liquidity/section.hpp"
#include "rules/chain/sha256.hpp"
#include "tests/support/scratch_folder.hpp"
#include "tests/support/sections.hpp"

#include <gtest/gtest.h>

namespace sluice::io {
namespace {

result<node_config> with(std::string_view network) {
  return parse_config(std::string{dev_config_text()} + '\n' + std::string{network}, "n.toml",
                      test::sections());
}

void expect_refused(std::string_view network, std::string_view where, std::string_view expected) {
  const auto config = with(network);
  ASSERT_FALSE(config) << network;
  EXPECT_NE(config.error().what.find(where), std::string::npos) << config.error().what;
  EXPECT_NE(config.error().what.find(expected), std::string::npos) << config.error().what;
}

TEST(config_network, is_closed_when_nothing_is_given) {
  EXPECT_EQ(with("")->network, network_settings{});
}

TEST(config_network, reads_miner_gateway_fleet_metrics_and_api_and_writes_them_again) {
  const auto config = with(R"(
[miner_gateway]
listen = "0.0.0.0:8700"
certificate = "gateway.pem"
key = "gateway.key"
[[miner_gateway.allow]]
hotkey = "5C9TqVEs5Q51zUdjvp6tSsjHAfLseJKq1Dq6ULcuSLqEuRSf"
[[miner_gateway.allow]]
hotkey = "other"
uid = 77
coldkey = "5owner"
[fleet]
listen = "[::1]:8800"
ca = "ca.pem"
certificate = "node.pem"
key = "node.key"
heartbeat_ms = 1000
timeout_ms = 4000
nodes = ["10.0.0.6:4600"]
[metrics]
listen = "127.0.0.1:9100"
[api]
listen = "127.0.0.1:8093"
open_routes = ["/tasks/{id}", "/api/leads"]
read_role = "client"
cors_origins = ["https://dashboard.test", "http://127.0.0.1:3000"]
key_rate = 7
key_burst = 8
address_rate = 0
address_burst = 0
access_log = true
)");
  ASSERT_TRUE(config) << config.error().what;
  const auto& [gateway, fleet, metrics, api] = config->network;
  EXPECT_EQ(gateway.listen, "0.0.0.0:8700");
  EXPECT_EQ(gateway.allow, (std::vector<allowed_miner>{
                             {{}, {"5C9TqVEs5Q51zUdjvp6tSsjHAfLseJKq1Dq6ULcuSLqEuRSf"}, true},
                             {{77}, {"other"}, false, "5owner"}}));
  EXPECT_EQ(
    fleet,
    (fleet_settings{
      "[::1]:8800", "ca.pem", "node.pem", "node.key", false, 1000, 4000, {"10.0.0.6:4600"}}));
  EXPECT_EQ(metrics, "127.0.0.1:9100");
  EXPECT_EQ(api, (api_settings{"127.0.0.1:8093",
                               {"/tasks/{id}", "/api/leads"},
                               "client",
                               {"https://dashboard.test", "http://127.0.0.1:3000"},
                               7,
                               8,
                               0,
                               0,
                               true}));
  const auto again
    = parse_config(write_config(*config, test::sections()), "again.toml", test::sections());
  ASSERT_TRUE(again) << again.error().what;
  EXPECT_EQ(*again, *config);
}

TEST(config_network, an_api_has_rates_but_neither_keys_to_read_nor_origins_unless_they_are_given) {
  const auto config = with("[api]\nlisten = \":1\"");
  ASSERT_TRUE(config) << config.error().what;
  EXPECT_EQ(config->network.api, (api_settings{":1", {}, "", {}, 500, 5000, 200, 2000, false}));
}

TEST(config_network, reads_the_old_name_of_the_miner_gateway_with_a_note) {
  const std::string table = "]\nlisten = \":8700\"\n";
  std::vector<std::string> notes;
  const auto old = parse_config(std::string{dev_config_text()} + "\n[door" + table
                                  + "[[door.allow]]\nhotkey = \"other\"\n",
                                "n.toml", test::sections(), &notes);
  ASSERT_TRUE(old) << old.error().what;
  EXPECT_EQ(notes, (std::vector<std::string>{"n.toml: door: is called [miner_gateway] since version"
                                             " 0.2.0; read as if it had that name"}));
  EXPECT_EQ(*old, *with("[miner_gateway" + table + "[[miner_gateway.allow]]\nhotkey = \"other\""));
  expect_refused("[door" + table + "[miner_gateway" + table, "door", "one of [miner_gateway]");
  expect_refused("[door]\nlisten = \"here\"", "door.listen", "HOST:PORT");
}

TEST(config_network, does_not_change_what_a_folder_is_judged_by) {
  const auto open = with("[miner_gateway]\nlisten = \":8700\"\n[metrics]\nlisten = \"9100\"");
  ASSERT_TRUE(open) << open.error().what;
  EXPECT_NE(write_config(*open, test::sections()), write_config(*with(""), test::sections()));
  const auto judged = write_scoring_config(*open, test::sections());
  EXPECT_EQ(judged, write_scoring_config(*with(""), test::sections()));
  // What version 0.1.0 wrote into the marker of a folder of `sluice node --dev`, whose jobs had no
  // baseline.
  auto before = *open;
  std::erase_if(before.mechanisms, [](const auto& x) { return x.first != "liquidity"; });
  before.weights.shares = {{"liquidity", 1.0}};
  for (auto& job : liquidity_in(before).jobs)
    job.scoring.baseline = score_baseline::none;
  EXPECT_EQ(sha256_hex(write_scoring_config(before, test::sections())).substr(0, 16),
            "2720d9dc0235d754");
}

TEST(config_network, finds_certificates_beside_the_file) {
  sluice::test::scratch_folder folder;
  const auto file = folder.write("node.toml", std::string{dev_config_text()}
                                                + "\n[fleet]\nlisten = \"127.0.0.1:1\"\n"
                                                  "ca = \"keys/ca.pem\"\ncertificate = \"a.pem\"\n"
                                                  "key = \"/etc/a.key\"\n");
  const auto config = read_config(file, test::sections());
  ASSERT_TRUE(config) << config.error().what;
  EXPECT_EQ(config->network.fleet.ca, folder.at("keys/ca.pem"));
  EXPECT_EQ(config->network.fleet.certificate, folder.at("a.pem"));
  EXPECT_EQ(config->network.fleet.key, "/etc/a.key");
  EXPECT_EQ(config->network.miner_gateway.key, "");
}

TEST(config_network, a_node_that_only_connects_to_others_need_not_listen) {
  const auto config
    = with("[fleet]\nca = \"ca.pem\"\nnodes = [\"10.0.0.6:4600\", \"[::1]:4601\"]\n");
  ASSERT_TRUE(config) << config.error().what;
  EXPECT_EQ(config->network.fleet.listen, "");
  EXPECT_EQ(config->network.fleet.nodes, (std::vector<std::string>{"10.0.0.6:4600", "[::1]:4601"}));
  const auto again
    = parse_config(write_config(*config, test::sections()), "again.toml", test::sections());
  ASSERT_TRUE(again) << again.error().what;
  EXPECT_EQ(*again, *config);
  expect_refused("[fleet]\nnodes = []", "fleet.listen", "expected");
  expect_refused("[fleet]\nnodes = [\"somewhere\"]", "fleet.nodes", "HOST:PORT");
  expect_refused("[fleet]\nnodes = [\"10.0.0.6:0\"]", "fleet.nodes", "HOST:PORT");
}

TEST(config_network, that_cannot_be_is_refused_at_its_place) {
  expect_refused("[miner_gateway]", "miner_gateway.listen", "expected");
  expect_refused("[miner_gateway]\nlisten = \"everywhere\"", "miner_gateway.listen", "HOST:PORT");
  expect_refused("[miner_gateway]\nlisten = \":1\"\nkey = \"k\"", "miner_gateway.certificate",
                 "expected");
  expect_refused("[miner_gateway]\nlisten = \":1\"\ncertificate = \"c\"", "miner_gateway.key",
                 "expected");
  expect_refused("[miner_gateway]\nlisten = \":1\"\nport = 4", "miner_gateway.port", "listen");
  expect_refused("[[miner_gateway.allow]]\nuid = 4", "miner_gateway.listen", "expected");
  expect_refused("[miner_gateway]\nlisten = \":1\"\n[[miner_gateway.allow]]\nuid = 4",
                 "miner_gateway.allow[0].hotkey", "expected");
  expect_refused("[miner_gateway]\nlisten = \":1\"\n[[miner_gateway.allow]]\nhotkey = \"a\"\n"
                 "[[miner_gateway.allow]]\nhotkey = \"a\"",
                 "miner_gateway.allow[1].hotkey", "nobody else has");
  expect_refused(
    "[miner_gateway]\nlisten = \":1\"\n[[miner_gateway.allow]]\nhotkey = \"a\"\nuid = 90\n"
    "[[miner_gateway.allow]]\nhotkey = \"b\"\nuid = 90",
    "miner_gateway.allow[1].uid", "nobody else has");
  expect_refused(
    "[miner_gateway]\nlisten = \":1\"\n[[miner_gateway.allow]]\nhotkey = \"a\"\nuid = 1",
    "miner_gateway.allow[0].uid", "that no neuron has");
  expect_refused(
    "[miner_gateway]\nlisten = \":1\"\n[[miner_gateway.allow]]\nhotkey = \"a\"\ncoldkey = \"\"",
    "miner_gateway.allow[0].coldkey", "expected a word");
  expect_refused("[fleet]\nlisten = \":1\"\nheartbeat_ms = 1000\ntimeout_ms = 1999",
                 "fleet.timeout_ms", "twice");
  expect_refused("[fleet]\nlisten = \":1\"\ninsecure = true\ncertificate = \"c\"\nkey = \"k\"",
                 "fleet.insecure", "either");
  expect_refused("[metrics]\nlisten = 9100", "metrics.listen", "expected");
  const std::string api = "[api]\nlisten = \":1\"\n";
  expect_refused("[api]\nread_role = \"client\"", "api.listen", "expected");
  expect_refused(api + "open_routes = [\"leads\"]", "api.open_routes", "paths of routes");
  expect_refused(api + "read_role = \"clients\"", "api.read_role", "did you mean \"client\"?");
  expect_refused(api + "cors_origins = [\"*\"]", "api.cors_origins", "every page of the world");
  expect_refused(api + "cors_origins = [\"https://a.test/\"]", "api.cors_origins",
                 "without a path");
  expect_refused(api + "key_burst = 0", "api.key_burst", "at least 1");
  expect_refused(api + "address_burst = 0", "api.address_burst", "at least 1");
  expect_refused(api + "key_rate = 1000001", "api.key_rate", "1000000");
  expect_refused(api + "cors = true", "api.cors", "cors_origins");
}

} // namespace
} // namespace sluice::io
