#include "actors/admin/actor_json.hpp"

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

namespace sluice {
namespace {

using json = nlohmann::json;

TEST(actor_json_answers, only_those_with_waiting_messages_are_listed) {
  std::vector<actor_row> rows(3);
  rows[0].path = "a";
  rows[1].path = "b";
  rows[1].mailbox = 2;
  rows[2].path = "c";
  rows[2].mailbox = 5;
  const auto shown = json::parse(mailboxes_json(rows));
  ASSERT_EQ(shown.size(), 2u);
  EXPECT_EQ(shown[0]["path"], "c");
}

TEST(actor_json_answers, a_view_s_configuration_stands_beside_it) {
  const auto root = std::make_shared<actor_slot>("node");
  root->taken(std::make_shared<actor_stats>(), {});
  rate_memory rates;
  const auto shown
    = json::parse(actor_json(root, root, "node", R"({"block":7,"config":{"tempo":74}})", rates));
  EXPECT_EQ(shown["view"], json({{"block", 7}}));
  EXPECT_EQ(shown["config"]["tempo"], 74);
  EXPECT_EQ(shown["path"], "node");
  EXPECT_EQ(json::parse(actor_json(root, root, "node", "null", rates))["view"], nullptr);
}

TEST(actor_json_answers, peers_of_both_entrances_are_one_list) {
  const auto shown = json::parse(
    peers_json(R"({"sessions":[{"uid":3}]})", R"({"peers":[{"name":"w1"},{"name":"w2"}]})"));
  ASSERT_EQ(shown.size(), 3u);
  EXPECT_EQ(shown[0], json({{"entrance", "miner_gateway"}, {"uid", 3}}));
  EXPECT_EQ(shown[2]["entrance"], "fleet");
  EXPECT_EQ(json::parse(peers_json("null", "{}")), json::array());
}

TEST(actor_json_answers, arguments_of_commands_are_read) {
  EXPECT_EQ(trace_length("on"), 100u);
  EXPECT_EQ(trace_length("off"), 0u);
  EXPECT_EQ(trace_length("7"), 7u);
  EXPECT_EQ(split_level("node/storage_writer=debug"),
            (std::pair<std::string, std::string>{"node/storage_writer", "debug"}));
  EXPECT_EQ(snapshot_place("/data", 1'763'733'686'419).string(),
            "/data/snapshots/2025-11-21T140126.419Z");
}

} // namespace
} // namespace sluice
