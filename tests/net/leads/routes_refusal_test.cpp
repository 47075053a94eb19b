// What the leads routes refuse, and that nothing happens then.
#include "net/leads/routes.hpp"
#include "tests/support/leads_routes_world.hpp"

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

namespace sluice::test {
namespace {

using nlohmann::json;

class leads_routes_refusal : public ::testing::Test {
protected:
  /// The status and the detail of what a signed call is answered with.
  std::string answer_to(const std::string& path, const json& payload) const {
    return shown(world.post(path, world.signed_body(who, payload)));
  }

  static std::string shown(const leads_response& x) {
    return std::to_string(x.status) + ' ' + x.body.value("detail", "");
  }

  leads_world world;
  net::key_pair who = leads_world::key(1);
};

TEST_F(leads_routes_refusal, states_the_field_and_what_was_expected) {
  const std::vector<std::tuple<const char*, json, const char*>> cases{
    {"/leads", json::object(), "leads: expected a list of 1 to 500 leads, got nothing"},
    {"/leads", {{"leads", 7}}, "leads: expected a list of 1 to 500 leads, got 7"},
    {"/leads", {{"leads", json::array()}}, "leads: expected a list of 1 to 500 leads, got 0"},
    {"/leads",
     {{"leads", json(501, json::object())}},
     "leads: expected a list of 1 to 500 leads, got 501"},
    {"/leads", {{"leads", {7}}}, "leads[0]: expected an object, got 7"},
    {"/leads", {{"leads", {{{"business", 7}}}}}, "leads[0].business: expected a text, got 7"},
    {"/leads",
     {{"leads", {{{"conversion_score", "x"}}}}},
     "leads[0].conversion_score: expected a number, got \"x\""},
    {"/prospects", json::object(), "prospects: expected a list of 1 to 500 leads, got nothing"},
    {"/prospects/fetch", {{"limit", 0}}, "limit: expected a whole number from 1 to 1000, got 0"},
    {"/prospects/fetch",
     {{"limit", 1001}},
     "limit: expected a whole number from 1 to 1000, got 1001"},
    {"/prospects/ack", json::object(), "lease: expected a value, got nothing"},
    {"/prospects/ack",
     {{"lease", ""}},
     "lease: expected the lease of an item that was fetched, got \"\""},
    {"/curate",
     {{"business_desc", "x"}},
     "num_leads: expected a whole number from 1 to 250, got nothing"},
    {"/curate",
     {{"num_leads", 1}},
     "business_desc: expected a text of what is looked for, got nothing"},
    {"/curate",
     {{"num_leads", 251}, {"business_desc", ""}},
     "num_leads: expected a whole number from 1 to 250, got 251"},
    {"/curate/result",
     {{"leads", json::array()}},
     "request_id: expected 1 to 64 of A-Z a-z 0-9 . _ -, got nothing"},
    {"/curate/result",
     {{"request_id", "a/b"}, {"leads", json::array()}},
     "request_id: expected 1 to 64 of A-Z a-z 0-9 . _ -, got \"a/b\""},
    {"/curate/result",
     {{"request_id", "a"}},
     "leads: expected a list of 0 to 500 leads, got nothing"},
    {"/curate/miner_result",
     {{"leads", json::array()}},
     "miner_request_id: expected 1 to 64 of A-Z a-z 0-9 . _ -, got nothing"},
    {"/validator_weights", json::object(),
     "weights: expected an object of 1 to 1024 shares by hotkey, got nothing"},
    {"/validator_weights",
     {{"weights", {{"a", -1}}}},
     "weights.a: expected a number from 0, got -1"},
    {"/validator_weights",
     {{"weights", {{"a", "1"}}}},
     "weights.a: expected a number from 0, got \"1\""},
    {"/api/leads",
     {{"num_leads", "1"}},
     "num_leads: expected a whole number from 0 to "
     "18446744073709551615, got \"1\""}};
  for (const auto& [path, payload, detail] : cases)
    EXPECT_EQ(answer_to(path, payload), std::string{"400 "} + detail) << path << ' ' << payload;
}

TEST_F(leads_routes_refusal, bounds_every_text) {
  const auto lead_with = [&](const std::string& field, size_t bytes) {
    return answer_to("/leads", {{"leads", {{{field, std::string(bytes, 'x')}}}}});
  };
  EXPECT_EQ(lead_with("website", leads_limits::text_bytes_max).substr(0, 3), "200");
  EXPECT_EQ(lead_with("website", leads_limits::text_bytes_max + 1).substr(0, 3), "400");
  EXPECT_EQ(lead_with("source", leads_limits::hotkey_bytes_max + 1).substr(0, 3), "400");
  EXPECT_EQ(lead_with("owner_email", leads_limits::ident_bytes_max + 1).substr(0, 3), "400");
  EXPECT_EQ(lead_with("created_at", leads_limits::time_bytes_max + 1).substr(0, 3), "400");
  const auto described = [&](size_t bytes) {
    return answer_to("/curate", {{"num_leads", 1}, {"business_desc", std::string(bytes, 'x')}});
  };
  EXPECT_EQ(described(leads_limits::description_bytes_max).substr(0, 3), "200");
  EXPECT_EQ(described(leads_limits::description_bytes_max + 1).substr(0, 3), "400");
  EXPECT_EQ(answer_to("/leads", {{"leads", {{{"business", "a\x1b[2J"}}}}}).substr(0, 3), "400");
}

TEST_F(leads_routes_refusal, takes_unsigned_calls_only_where_they_are_open) {
  for (const auto path : leads_paths) {
    const auto got = world.post(std::string{path}, R"({"limit":1})");
    if (path == "/api/leads") {
      EXPECT_EQ(got.status, 200U);
      continue;
    }
    EXPECT_EQ(shown(got), "400 wallet: expected the SS58 address of who signs, got nothing")
      << path;
  }
  const leads_world opened{{"/curate"}};
  const std::string request = R"({"num_leads":1,"business_desc":"x"})";
  const auto first = opened.post("/curate", request);
  EXPECT_EQ(first.status, 200U);
  EXPECT_NE(first.body, opened.post("/curate", request).body) << "nobody can tell them apart";
  EXPECT_EQ(opened.post("/api/leads", "{}").status, 400U);
}

TEST_F(leads_routes_refusal, verifies_a_signature_even_where_none_is_needed) {
  auto body = json::parse(world.signed_body(who, {{"num_leads", 1}}));
  EXPECT_EQ(world.post("/api/leads", body.dump()).status, 200U);
  body["num_leads"] = 2;
  EXPECT_EQ(world.post("/api/leads", body.dump()).status, 401U);
  body.erase("signature");
  EXPECT_EQ(world.post("/api/leads", body.dump()).status, 400U);
}

TEST_F(leads_routes_refusal, answers_401_to_a_bad_signature_and_403_to_a_wallet_that_may_not) {
  const json payload{{"leads", {{{"owner_email", "a@b.test"}}}}};
  EXPECT_EQ(world.post("/leads", world.signed_body(who, payload, -2)).status, 401U);
  EXPECT_EQ(world.post("/leads", world.signed_body(who, payload, 1)).status, 401U);
  EXPECT_TRUE(world.backend->pool.empty()) << "nothing is ever accepted all the same";
  EXPECT_EQ(world.post("/leads", world.signed_body(who, payload, -1)).status, 200U);
  world.backend->refused.insert({who.address});
  EXPECT_EQ(answer_to("/leads", payload),
            "403 " + who.address + " is not registered on the subnet");
}

TEST_F(leads_routes_refusal, answers_what_the_backend_cannot_do) {
  const std::vector<std::pair<ec, unsigned>> cases{
    {ec::bad_input, 400},   {ec::invalid_argument, 400},
    {ec::refused, 403},     {ec::no_such_key, 404},
    {ec::busy, 503},        {ec::unreachable, 503},
    {ec::timeout, 504},     {ec::storage_full, 500},
    {ec::corrupt_data, 500}};
  for (const auto& [code, status] : cases) {
    world.backend->failure = fault{code, "the reason"};
    EXPECT_EQ(answer_to("/prospects/fetch", {{"limit", 1}}),
              std::to_string(status) + " the reason");
    EXPECT_EQ(shown(world.call("GET", "/leads")), std::to_string(status) + " the reason");
    EXPECT_EQ(shown(world.call("GET", "/curate/result/a")), std::to_string(status) + " the reason");
  }
}

TEST_F(leads_routes_refusal, bounds_queries_paths_and_bodies) {
  for (const auto* query : {"?limit=0", "?limit=1001", "?limit=", "?limit", "?limit=1&limit=2",
                            "?limits=1", "?limit=-1", "?limit=1%20"})
    EXPECT_EQ(world.call("GET", std::string{"/leads"} + query).status, 400U) << query;
  EXPECT_EQ(world.call("GET", "/curate/result/a%20b").status, 400U);
  EXPECT_EQ(world.call("GET", "/curate/result/" + std::string(65, 'a')).status, 400U);
  EXPECT_EQ(world.call("GET", "/curate/result/").status, 404U);
  EXPECT_EQ(world.call("GET", "/curate/result").status, 405U);
  EXPECT_EQ(world.call("DELETE", "/leads").status, 405U);
  EXPECT_EQ(
    world.post("/leads", std::string(leads_world::quick_terms().limits.body_bytes + 1, ' ')).status,
    413U);
}

TEST_F(leads_routes_refusal, says_that_the_body_is_no_json) {
  EXPECT_EQ(shown(world.post("/leads", "{\"leads\": [}")),
            "400 the body is not the JSON that is taken: byte 12: expected a value");
  EXPECT_EQ(world.post("/leads", "[]").status, 400U);
  EXPECT_EQ(world.post("/leads", "{\"a\":1,\"a\":2}").status, 400U);
}

TEST(leads_routes_limits, a_buyer_is_waited_for_longer_than_other_routes) {
  auto terms = leads_world::quick_terms();
  terms.limits.answer_ms = 1;
  leads_world world{{"/api/leads"}, terms, 100};
  world.backend->keep_buyers = true;
  const auto got = world.post("/api/leads", "{}");
  EXPECT_EQ(got.status, 503U) << "after its own time";
  EXPECT_EQ(got.body["detail"], "the answer took too long; try again later");
}

} // namespace
} // namespace sluice::test
