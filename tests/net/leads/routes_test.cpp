#include "net/leads/routes.hpp"
#include "tests/support/leads_routes_world.hpp"

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

namespace sluice::test {
namespace {

using nlohmann::json;

json lead_of(const std::string& name) {
  return {{"owner_email", name + "@company.test"}, {"business", "Company " + name}};
}

class leads_routes_test : public ::testing::Test {
protected:
  /// Signed and sent; the body of the answer, whose status is expected to be 200.
  json done(const std::string& path, const json& payload, const net::key_pair& who) {
    const auto got = world.post(path, world.signed_body(who, payload));
    EXPECT_EQ(got.status, 200U) << path << ' ' << got.body;
    return got.body;
  }

  leads_world world;
  net::key_pair miner = leads_world::key(1);
  net::key_pair validator = leads_world::key(2);
};

TEST_F(leads_routes_test, store_leads_once_and_list_the_newest) {
  const json call{{"leads", {lead_of("a"), lead_of("b"), lead_of("a")}}};
  EXPECT_EQ(done("/leads", call, validator), (json{{"stored", 2}, {"duplicates", 1}}));
  EXPECT_EQ(done("/leads", call, validator), (json{{"stored", 0}, {"duplicates", 3}}));
  const auto all = world.call("GET", "/leads?limit=1");
  EXPECT_EQ(all.status, 200U);
  EXPECT_EQ(all.body, json::array({lead_of("b")}));
  EXPECT_EQ(world.call("GET", "/leads").body.size(), 2U);
  EXPECT_EQ(world.call("HEAD", "/leads").status, 200U);
}

TEST_F(leads_routes_test, queue_prospects_until_they_are_acknowledged) {
  EXPECT_EQ(done("/prospects", {{"prospects", {lead_of("a"), lead_of("b")}}}, miner),
            (json{{"queued", 2}}));
  EXPECT_EQ(done("/prospects", {{"prospects", {lead_of("a"), lead_of("b")}}}, miner),
            (json{{"queued", 2}}))
    << "the same body again: the same answer, and nothing more";
  const auto got = done("/prospects/fetch", {{"limit", 250}}, validator);
  ASSERT_EQ(got.size(), 1U);
  EXPECT_EQ(got[0]["miner_hotkey"], miner.address);
  EXPECT_EQ(got[0]["prospects"], json::array({lead_of("a"), lead_of("b")}));
  EXPECT_EQ(got[0]["created_at"], "2025-08-25T06:01:59.470000+00:00");
  EXPECT_EQ(got[0]["lease_until"], "2025-08-25T06:06:59.470000+00:00");
  EXPECT_EQ(got[0]["deliveries"], 1);
  EXPECT_EQ(done("/prospects/fetch", {{"limit", 250}}, validator), json::array());
  const json lease{{"lease", got[0]["lease"]}};
  EXPECT_EQ(done("/prospects/ack", lease, miner), (json{{"acknowledged", 0}})) << "not its lease";
  EXPECT_EQ(done("/prospects/ack", lease, validator), (json{{"acknowledged", 1}}));
  EXPECT_EQ(done("/prospects/ack", lease, validator), (json{{"acknowledged", 0}}));
}

TEST_F(leads_routes_test, hand_out_again_what_a_crashed_validator_had_fetched) {
  done("/prospects", {{"prospects", {lead_of("a")}}}, miner);
  const auto first = done("/prospects/fetch", json::object(), validator);
  ASSERT_EQ(first.size(), 1U);
  *world.now += lease_terms{}.lease_ms - 1;
  EXPECT_EQ(done("/prospects/fetch", json::object(), validator).size(), 0U);
  *world.now += 1;
  const auto second = done("/prospects/fetch", json::object(), validator);
  ASSERT_EQ(second.size(), 1U);
  EXPECT_EQ(second[0]["id"], first[0]["id"]);
  EXPECT_EQ(second[0]["deliveries"], 2);
  EXPECT_NE(second[0]["lease"], first[0]["lease"]);
}

TEST_F(leads_routes_test, carry_a_buyers_request_to_its_result) {
  const auto request = done("/curate", {{"num_leads", 3}, {"business_desc", "bakeries"}}, miner);
  const auto id = request.at("request_id").get<std::string>();
  EXPECT_EQ(world.call("GET", "/curate/result/" + id).body, json::object()) << "not there yet";
  const auto got = done("/curate/fetch", json::object(), validator);
  EXPECT_EQ(got["request_id"], id);
  EXPECT_EQ(got["num_leads"], 3);
  EXPECT_EQ(got["business_desc"], "bakeries");
  EXPECT_EQ(done("/curate/fetch", json::object(), validator), json::object());
  const json answer{{"request_id", id}, {"leads", {lead_of("a")}}};
  EXPECT_EQ(done("/curate/result", answer, validator), (json{{"stored", true}}));
  EXPECT_EQ(done("/curate/result", answer, validator), (json{{"stored", true}}));
  EXPECT_EQ(done("/curate/ack", {{"lease", got["lease"]}}, validator), (json{{"acknowledged", 0}}))
    << "the result has acknowledged it";
  const auto result = world.call("GET", "/curate/result/" + id);
  EXPECT_EQ(result.status, 200U);
  EXPECT_EQ(result.body["leads"], json::array({lead_of("a")}));
  EXPECT_EQ(result.body["request_id"], id);
}

TEST_F(leads_routes_test, carry_a_validators_request_to_miners_that_poll_and_back) {
  const auto made
    = done("/curate/miner_request", {{"num_leads", 2}, {"business_desc", "x"}}, validator);
  const auto got = done("/curate/miner_request/fetch", json::object(), miner);
  EXPECT_EQ(got["miner_request_id"], made.at("miner_request_id"));
  EXPECT_EQ(done("/curate/miner_result",
                 {{"miner_request_id", got["miner_request_id"]}, {"leads", {lead_of("a")}}}, miner),
            (json{{"stored", true}}));
  const auto back = done("/curate/miner_result/fetch", json::object(), validator);
  EXPECT_EQ(back["miner_request_id"], made.at("miner_request_id"));
  EXPECT_EQ(back["miner_hotkey"], miner.address);
  EXPECT_EQ(back["leads"], json::array({lead_of("a")}));
  EXPECT_EQ(done("/curate/miner_result/ack", {{"lease", back["lease"]}}, validator),
            (json{{"acknowledged", 1}}));
  EXPECT_EQ(done("/curate/miner_request/ack", {{"lease", got["lease"]}}, miner),
            (json{{"acknowledged", 0}}));
}

TEST_F(leads_routes_test, store_the_shares_of_a_validator) {
  const json call{{"uid", 7}, {"weights", {{"a", 1}, {"b", 3}}}};
  EXPECT_EQ(done("/validator_weights", call, validator), (json{{"stored", true}}));
  EXPECT_EQ(world.backend->weights[{validator.address}],
            (std::map<std::string, double>{{"a", 1}, {"b", 3}}));
}

TEST_F(leads_routes_test, answer_a_buyer_who_waits) {
  done("/leads", {{"leads", {lead_of("a"), lead_of("b")}}}, validator);
  world.backend->buying_ms = 12'345;
  const auto got = world.post("/api/leads", R"({"num_leads":2,"business_desc":"two\nlines"})");
  EXPECT_EQ(got.status, 200U);
  EXPECT_EQ(got.body, (json{{"leads", {lead_of("a"), lead_of("b")}},
                            {"status_code", 200},
                            {"status_message", "OK"},
                            {"process_time", "12.345"}}));
  EXPECT_EQ(world.backend->asked, std::vector<std::string>{"two lines"});
  EXPECT_EQ(world.post("/api/leads", "").body["leads"].size(), 1U) << "one, of anything";
}

TEST_F(leads_routes_test, answer_a_buyer_why_there_is_nothing) {
  const auto answer_to = [&](buy_outcome outcome, const std::string& message) {
    world.backend->bought = {outcome, message, {}};
    return world.post("/api/leads", "{}");
  };
  const auto none = answer_to(buy_outcome::no_miners, "nobody is connected");
  EXPECT_EQ(none.status, 503U);
  EXPECT_EQ(none.body, (json{{"leads", json::array()},
                             {"status_code", 503},
                             {"status_message", "nobody is connected"},
                             {"process_time", "0.000"}}));
  EXPECT_EQ(answer_to(buy_outcome::timeout, "").status, 504U);
  EXPECT_EQ(answer_to(buy_outcome::failed, "").status, 500U);
  world.backend->failure = fault{ec::storage_full, "the disk is full"};
  const auto full = world.post("/api/leads", "{}");
  EXPECT_EQ(full.status, 500U);
  EXPECT_EQ(full.body["status_message"], "the disk is full");
}

TEST_F(leads_routes_test, take_what_clients_of_the_original_sign) {
  const auto window = std::to_string(signature_window(*world.now));
  const json leads{{"leads", {lead_of("a")}}};
  const auto got = world.post(
    "/leads",
    leads_world::signed_with(validator, leads, window + leads_world::python_text(leads["leads"])));
  EXPECT_EQ(got.status, 200U) << got.body;
  const json fetch{{"limit", 100}};
  EXPECT_EQ(
    world.post("/prospects/fetch", leads_world::signed_with(validator, fetch, window + "100"))
      .status,
    200U);
  EXPECT_EQ(
    world.post("/curate/fetch", leads_world::signed_with(validator, json::object(), window + "{}"))
      .status,
    200U);
}

TEST_F(leads_routes_test, read_leads_as_clients_of_the_original_write_them) {
  const json lead{{"email", "A@Company.test"},
                  {"business", nullptr},
                  {"Business", "Company"},
                  {"conversion_score", nullptr},
                  {"created_at", 1756101719.5}};
  done("/leads", {{"leads", {lead}}}, validator);
  ASSERT_EQ(world.backend->pool.size(), 1U);
  EXPECT_EQ(world.backend->pool[0].owner_email, "A@Company.test");
  EXPECT_EQ(world.backend->pool[0].business, "");
  EXPECT_FALSE(world.backend->pool[0].conversion_score);
  EXPECT_EQ(world.backend->pool[0].created_at, lead_time::of_number(1756101719.5));
}

TEST_F(leads_routes_test, have_the_paths_that_a_configuration_may_open) {
  net::http_router router;
  net::add_leads_routes(router, world.backend, {});
  std::set<std::string> posts;
  for (const auto& x : router.routes())
    if (x.method == "POST")
      posts.insert(x.path);
  EXPECT_EQ(posts, (std::set<std::string>{leads_paths.begin(), leads_paths.end()}));
  EXPECT_EQ(router.routes().size(), posts.size() + 2); // GET /leads, GET /curate/result/{id}
  EXPECT_EQ(router.find("POST", "/api/leads").route->terms.answer_ms, 330'000U);
}

} // namespace
} // namespace sluice::test
