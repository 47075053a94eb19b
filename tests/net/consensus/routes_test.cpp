#include "net/consensus/route_parts.hpp"
#include "net/consensus/routes.hpp"
#include "tests/support/consensus_routes_world.hpp"

#include <gtest/gtest.h>

#include <set>

namespace sluice::test {
namespace {

using nlohmann::json;

constexpr auto report_path = "/api/v1/validators/miner-status";

class consensus_routes_test : public ::testing::Test {
protected:
  consensus_routes_test() { world.pages->open({}); }

  /// A signed report as JSON; `change` may damage it after it was signed.
  json signed_form(const net::key_pair& who, uint16_t uid, uint64_t epoch, const json& list) const {
    signed_report x{uid, epoch, who.address, world.now->load(), "", list.dump()};
    x.signature = consensus_world::base64_of(net::sign(who.secret, report_text(x)));
    return {{"validator_uid", uid}, {"epoch", epoch},        {"miner_statuses", list},
            {"hotkey", x.hotkey},   {"issued", x.issued_ms}, {"signature", x.signature}};
  }

  /// The answer to a request with this key, without a socket.
  static net::http_response
  asked(const net::http_router& router, const std::string& method, const std::string& path,
        const json& body, net::http_caller caller) {
    net::http_request request;
    request.method = method;
    request.path = path;
    request.body = body.dump();
    request.headers.push_back({"content-type", "application/json"});
    request.caller = std::move(caller);
    auto found = router.find(method, path);
    request.parameters = std::move(found.parameters);
    net::http_response got;
    found.route->handler(request, net::http_reply{[&](net::http_response x) { got = x; }});
    return got;
  }

  net::http_router router(bool unproved = false) const {
    net::http_router out;
    net::consensus_routes_terms terms;
    terms.unix_ms = [now = world.now] { return now->load(); };
    terms.unproved_reports = unproved;
    net::add_consensus_routes(out, world.backend, world.pages, terms);
    return out;
  }

  consensus_world world{false};
  net::key_pair validator = consensus_world::key(1);
  net::key_pair worker = consensus_world::key(2);
};

TEST_F(consensus_routes_test, take_a_signed_report_once) {
  const auto report = signed_form(validator, 48, 100, json::array({consensus_world::item(49)}));
  const auto got = world.post(report_path, report);
  EXPECT_EQ(got.status, 200U) << got.body;
  EXPECT_EQ(got.body["miners_processed"], 1);
  EXPECT_EQ(world.post(report_path, report).status, 409U) << "the same again";
  EXPECT_EQ(world.backend->book.reports(), 1U);
}

TEST_F(consensus_routes_test, refuse_a_report_that_nothing_proves) {
  EXPECT_EQ(world.report(48, 100, json::array({consensus_world::item(49)})).status, 401U);
  const auto good = signed_form(validator, 48, 100, json::array({consensus_world::item(49)}));
  for (const auto* field : {"validator_uid", "epoch", "issued"}) {
    auto x = good;
    x[field] = x[field].get<uint64_t>() + 1;
    EXPECT_EQ(world.post(report_path, x).status, 401U) << field;
  }
  auto other_list = good;
  other_list["miner_statuses"][0]["stake"] = 1;
  EXPECT_EQ(world.post(report_path, other_list).status, 401U);
  auto other_key = good;
  other_key["hotkey"] = worker.address;
  EXPECT_EQ(world.post(report_path, other_key).status, 401U);
  auto no_address = good;
  no_address["hotkey"] = "somebody";
  EXPECT_EQ(world.post(report_path, no_address).status, 400U);
  auto no_signature = good;
  no_signature["signature"] = "????";
  EXPECT_EQ(world.post(report_path, no_signature).status, 400U);
  *world.now += signed_report_terms{}.age_ms + 1;
  EXPECT_EQ(world.post(report_path, good).status, 401U) << "too old";
  EXPECT_EQ(world.backend->book.reports(), 0U);
}

TEST_F(consensus_routes_test, take_a_report_with_the_key_of_its_validator_only) {
  const auto routes = router();
  const json body{{"validator_uid", 48}, {"miner_statuses", json::array()}, {"epoch", 1}};
  const auto status = [&](api_role role, std::optional<miner_uid> uid) {
    return asked(routes, "POST", report_path, body, {"key", role, {}, uid}).status;
  };
  EXPECT_EQ(status(api_role::validator, miner_uid{48}), 200U);
  EXPECT_EQ(status(api_role::validator, miner_uid{49}), 403U);
  EXPECT_EQ(status(api_role::validator, {}), 200U) << "of a hotkey: the backend knows its uid";
  EXPECT_EQ(status(api_role::admin, {}), 403U);
  EXPECT_EQ(status(api_role::client, {}), 403U);
  EXPECT_EQ(status(api_role::none, {}), 401U);
}

TEST_F(consensus_routes_test, take_performance_as_a_report_about_one_miner) {
  const auto routes = router();
  const net::http_caller key{"key", api_role::validator, {}, miner_uid{48}};
  const json body{{"validator_uid", 48},      {"epoch", 3},  {"miner_uid", 5},
                  {"performance_score", 0.5}, {"stake", 10}, {"is_serving", true}};
  const auto got = asked(routes, "POST", "/miners/performance", body, key);
  EXPECT_EQ(got.status, 200U) << got.body;
  const auto* record = world.backend->book.find({5});
  ASSERT_TRUE(record);
  EXPECT_EQ(record->status.performance_score, 0.5);
  EXPECT_EQ(record->status.stake, 10);
  const auto missing = asked(routes, "POST", "/miners/performance", {{"epoch", "x"}}, key);
  EXPECT_EQ(missing.status, 422U);
  EXPECT_EQ(json::parse(missing.body)["detail"].size(), 3U) << missing.body;
  EXPECT_EQ(asked(routes, "POST", "/miners/performance", json::array(), key).status, 400U);
}

TEST_F(consensus_routes_test, carry_a_task_from_its_client_to_a_worker_and_back) {
  auto item = consensus_world::item(7);
  item["hotkey"] = worker.address;
  for (const uint8_t uid : {48, 50})
    EXPECT_EQ(
      world.post(report_path, signed_form(consensus_world::key(uid), uid, 1, json::array({item})))
        .status,
      200U);

  world.backend->registered[{worker.address}] = {7};
  const auto registered = world.signed_post(worker, "/miners/register", json::object());
  EXPECT_EQ(registered.status, 200U) << registered.body;
  EXPECT_EQ(registered.body["miner_uid"], 7);

  const json task{{"task_type", "summarization"}, {"payload", "One. Two."}, {"priority", "high"}};
  const auto submitted = world.post("/tasks", task, "Idempotency-Key: a\r\n");
  ASSERT_EQ(submitted.status, 200U) << submitted.body;
  EXPECT_EQ(submitted.body["is_new"], true);
  EXPECT_EQ(world.post("/tasks", task, "Idempotency-Key: a\r\n").body["is_new"], false);
  const auto id = submitted.body["task_id"].get<std::string>();
  EXPECT_EQ(world.get("/task/" + id + "/status").body["status"], "pending");
  EXPECT_EQ(world.get("/tasks").body["tasks"].size(), 1U);
  EXPECT_EQ(world.get("/tasks?status=done").body["tasks"].size(), 0U);

  world.backend->distribute();
  const auto work = world.signed_post(worker, "/tasks/fetch", {{"limit", 5}});
  ASSERT_EQ(work.status, 200U) << work.body;
  ASSERT_EQ(work.body["tasks"].size(), 1U);
  EXPECT_EQ(work.body["tasks"][0]["payload"], "One. Two.");
  const json result{{"result", "One."}};
  const auto path = "/task/" + id + "/responses";
  EXPECT_EQ(world.signed_post(validator, path, result).status, 403U) << "not its task";
  const auto answered = world.signed_post(worker, path, result);
  EXPECT_EQ(answered.status, 200U) << answered.body;
  EXPECT_EQ(answered.body["status"], "completed");
  EXPECT_EQ(world.signed_post(worker, path, result).status, 409U);

  const auto responses = world.get(path);
  EXPECT_EQ(responses.body["best_response"]["result"], "One.");
  EXPECT_EQ(world.get("/tasks/" + id).body["task"]["assigned_miners"], json::array({7}));
  const auto approved = world.post("/tasks/" + id + "/approve", {{"ratings", {{"7", 0.9}}}});
  EXPECT_EQ(approved.status, 200U) << approved.body;
  EXPECT_EQ(approved.body["status"], "approved");
  EXPECT_EQ(world.post("/tasks/" + id + "/cancel", json::object()).status, 403U);
  const auto stats = world.get("/duplicate-protection/stats").body;
  EXPECT_EQ(stats["duplicate_protection"]["refused_duplicates"], 1);
  EXPECT_EQ(stats["duplicate_protection"]["repeated_submissions"], 1);
  EXPECT_EQ(stats["tasks"]["by_status"]["approved"], 1);
}

TEST_F(consensus_routes_test, refuse_what_is_no_task) {
  EXPECT_EQ(world.post("/tasks", json::object()).status, 422U);
  EXPECT_EQ(world.post("/tasks", {{"task_type", "cooking"}, {"payload", "x"}}).status, 422U);
  EXPECT_EQ(world.post("/tasks", {{"task_type", "tts"}, {"payload", ""}}).status, 422U);
  EXPECT_EQ(world
              .post("/tasks", {{"task_type", "tts"},
                               {"payload", std::string(task_limits::payload_bytes_max + 1, 'x')}})
              .status,
            422U);
  EXPECT_EQ(world.call("POST", "/tasks", "{").status, 400U);
  EXPECT_EQ(
    world.post("/tasks", {{"task_type", "tts"}, {"payload", "x"}}, "Idempotency-Key: a b\r\n")
      .status,
    400U);
  EXPECT_EQ(world.get("/tasks/nothing").status, 404U);
  EXPECT_EQ(world.get("/tasks/no%20thing").status, 404U);
  EXPECT_EQ(world.get("/tasks?limit=0").status, 422U);
  EXPECT_EQ(world.get("/tasks?status=cooking").status, 422U);
  EXPECT_EQ(world.post("/tasks/nothing/cancel", json::object()).status, 404U);
  EXPECT_EQ(world.post("/tasks/nothing/approve", {{"ratings", {{"7", 2}}}}).status, 422U);
}

TEST_F(consensus_routes_test, know_a_worker_by_its_signature) {
  const std::string body = "{}";
  EXPECT_EQ(world.call("POST", "/tasks/fetch", body).status, 401U);
  auto head = world.signature_of(worker, "/tasks/fetch", body);
  EXPECT_EQ(world.call("POST", "/tasks/fetch", body, head).status, 200U);
  EXPECT_EQ(world.call("POST", "/tasks/fetch?x=1", body, head).status, 401U) << "another target";
  EXPECT_EQ(world.call("POST", "/tasks/fetch", "{ }", head).status, 401U) << "another body";
  EXPECT_EQ(world.call("POST", "/miners/register", body, head).status, 401U) << "another path";
  *world.now += 60'001;
  EXPECT_EQ(world.call("POST", "/tasks/fetch", body, head).status, 401U) << "too old";
  head = world.signature_of(worker, "/miners/register", body);
  EXPECT_EQ(world.call("POST", "/miners/register", body, head).status, 403U) << "not registered";
  EXPECT_EQ(
    world.call("POST", "/tasks/fetch", body, "X-Hotkey: a\r\nX-Issued: b\r\nX-Signature: c\r\n")
      .status,
    400U);
}

TEST_F(consensus_routes_test, state_what_the_backend_has_failed_with) {
  const std::map<ec, unsigned> statuses{{ec::storage_full, 500}, {ec::unreachable, 503},
                                        {ec::busy, 503},         {ec::timeout, 504},
                                        {ec::refused, 403},      {ec::read_only, 409}};
  const auto report = signed_form(validator, 48, 100, json::array());
  for (const auto& [code, status] : statuses) {
    world.backend->failure = fault{code, "because"};
    const auto got = world.post(report_path, report);
    EXPECT_EQ(got.status, status);
    EXPECT_NE(got.body["detail"].get<std::string>().find("because"), std::string::npos);
    EXPECT_EQ(got.head.find("Retry-After") != std::string::npos, status == 503);
    EXPECT_EQ(world.post("/tasks", {{"task_type", "tts"}, {"payload", "x"}}).status, status);
    EXPECT_EQ(world.get("/duplicate-protection/stats").status, status);
  }
}

TEST_F(consensus_routes_test, have_the_numbers_of_the_mechanism_where_they_are_given) {
  EXPECT_EQ(world.get("/metrics").status, 404U);
  net::http_router out;
  net::consensus_routes_terms terms;
  terms.metrics = [] {
    net::metric_point count{{{"state", "agreed"}}, 3, {}, 0};
    net::metric_point took{{}, 0.5, {{0.1, 2}, {1, 4}}, 5};
    return std::vector<net::metric>{
      {"sluice_consensus_records", "Records.", net::metric_kind::gauge, {count}},
      {"sluice_consensus_latency_seconds", "Latency.", net::metric_kind::histogram, {took}}};
  };
  net::add_consensus_routes(out, world.backend, world.pages, terms);
  const auto text = asked(out, "GET", "/metrics", {}, {}).body;
  EXPECT_NE(text.find("sluice_consensus_records{state=\"agreed\"} 3"), std::string::npos) << text;
  const auto all = json::parse(asked(out, "GET", "/metrics/json", {}, {}).body)["metrics"];
  ASSERT_EQ(all.size(), 2U);
  EXPECT_EQ(all[0]["points"][0]["labels"]["state"], "agreed");
  EXPECT_EQ(all[0]["points"][0]["value"], 3);
  EXPECT_EQ(all[1]["points"][0]["count"], 5);
  EXPECT_EQ(all[1]["points"][0]["buckets"][1]["count"], 4);
}

TEST_F(consensus_routes_test, are_all_documented) {
  const auto routes = router();
  EXPECT_GE(routes.routes().size(), 19U);
  for (const auto& x : routes.routes()) {
    const auto& doc = x.terms.doc;
    EXPECT_NE(doc.summary, "") << x.path;
    EXPECT_FALSE(doc.responses.empty()) << x.path;
    std::set<unsigned> seen;
    for (const auto& answer : doc.responses)
      EXPECT_TRUE(seen.insert(answer.status).second) << x.path << answer.status;
  }
  for (const auto& [name, text] : routes.schemas())
    EXPECT_FALSE(json::parse(text, nullptr, false).is_discarded()) << name;
  EXPECT_THROW(net::consensus_route_terms("GET /nothing"), std::invalid_argument);
}

} // namespace
} // namespace sluice::test
