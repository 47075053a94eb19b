#include "net/consensus/pages.hpp"
#include "net/consensus/routes.hpp"
#include "net/http/openapi.hpp"
#include "tests/support/consensus_routes_world.hpp"
#include "tests/support/openapi_check.hpp"
#include "tests/support/route_cases.hpp"

#include <gtest/gtest.h>

#include <algorithm>

namespace sluice::test {
namespace {

using nlohmann::json;

/// Calls every route of consensus so that it answers every status that its document lists.
class consensus_openapi_test : public ::testing::Test {
protected:
  consensus_openapi_test() {
    net::consensus_routes_terms terms;
    terms.unix_ms = [now = world.now] { return now->load(); };
    terms.metrics = [] { return std::vector<net::metric>{}; };
    net::add_consensus_routes(router, world.backend, world.pages, terms);
    world.pages->open({});
    world.backend->registered[{worker.address}] = {7};
  }

  static bool lists(const net::http_route& x, unsigned status) {
    return std::ranges::any_of(x.terms.doc.responses,
                               [status](const auto& y) { return y.status == status; });
  }

  /// The answer of its handler to this body, with a key or a signature where the route needs one.
  unsigned ask(const net::http_route& x, const std::string& path, const std::string& body,
               bool proved = true, const std::string& type = "application/json") {
    net::http_request request;
    request.method = x.method;
    const auto mark = path.find('?');
    request.path = path.substr(0, mark);
    request.query = mark == std::string::npos ? "" : path.substr(mark + 1);
    request.body = body;
    request.headers.push_back({"content-type", type});
    request.parameters = router.find(x.method, request.path).parameters;
    if (proved && x.terms.access.roles.contains(api_role::validator))
      request.caller = {"key", api_role::validator, {}, miner_uid{48}};
    if (proved && x.terms.access.signed_body && x.terms.access.roles.empty()) {
      signed_call call{x.method, path, worker.address, world.now->load(), "", body};
      const auto signature = net::sign(worker.secret, call_text(call));
      request.headers.push_back({"x-hotkey", worker.address});
      request.headers.push_back({"x-issued", std::to_string(call.issued_ms)});
      request.headers.push_back({"x-signature", consensus_world::base64_of(signature)});
    }
    unsigned status = 0;
    x.handler(request, net::http_reply{[&](const net::http_response& y) { status = y.status; }});
    seen.put(x.method, x.path, status);
    return status;
  }

  std::string good_body(const net::http_route& x) const {
    if (x.path == "/api/v1/validators/miner-status")
      return R"({"validator_uid":48,"epoch":1,"miner_statuses":[]})";
    if (x.path == "/miners/performance")
      return R"({"validator_uid":48,"epoch":1,"miner_uid":7})";
    if (x.path == "/tasks")
      return R"({"task_type":"tts","payload":"x"})";
    return x.path.ends_with("/responses") ? R"({"result":"x"})" : "{}";
  }

  static std::string filled(std::string path, const std::string& name, const std::string& by) {
    if (const auto at = path.find(name); at != std::string::npos)
      path.replace(at, name.size(), by);
    return path;
  }

  /// The path with the id of a task that has been answered and not yet ended.
  std::string good_path(const net::http_route& x) {
    return filled(filled(x.path, "{id}", fresh_task(x.path.ends_with("/approve"))), "{miner_uid}",
                  "7");
  }

  /// A task that the worker has; `answered`: and has answered.
  std::string fresh_task(bool answered) {
    world.signed_post(worker, "/miners/register", json::object()); // it is there
    const auto made
      = world.post("/tasks", {{"task_type", "tts"}, {"payload", "x" + std::to_string(++tasks)}});
    auto id = made.body["task_id"].get<std::string>();
    world.backend->distribute();
    world.signed_post(worker, "/tasks/fetch", {{"limit", 16}});
    if (answered)
      world.signed_post(worker, "/task/" + id + "/responses", {{"result", "x"}});
    return id;
  }

  void fail(const net::http_route& x) {
    const std::vector<std::pair<ec, unsigned>> faults{
      {ec::refused, 403},      {ec::no_such_key, 404}, {ec::read_only, 409},
      {ec::storage_full, 500}, {ec::unreachable, 503}, {ec::timeout, 504}};
    const auto path = good_path(x);
    for (const auto& [code, status] : faults)
      if (lists(x, status)) {
        world.backend->failure = fault{code, "as the test asks"};
        EXPECT_EQ(ask(x, path, good_body(x)), status) << x.path;
        world.backend->failure.reset();
      }
  }

  void call_changing(const net::http_route& x) {
    EXPECT_EQ(ask(x, good_path(x), good_body(x)), 200U) << x.path;
    EXPECT_EQ(ask(x, good_path(x), "no JSON"), 400U) << x.path;
    if (lists(x, 401) && x.terms.access.signed_body) {
      EXPECT_EQ(ask(x, good_path(x), good_body(x), false), 401U) << x.path;
    }
    if (lists(x, 415)) {
      EXPECT_EQ(ask(x, x.path, "<x/>", true, "text/xml"), 415U);
    }
    if (lists(x, 422)) {
      const std::string bad = R"({"epoch":"x","limit":"x","reason":1,"ratings":1,"result":1})";
      EXPECT_EQ(ask(x, good_path(x), bad), 422U) << x.path;
    }
    fail(x);
  }

  void call_reading(const net::http_route& x) {
    const auto path = good_path(x);
    EXPECT_EQ(ask(x, path, ""), 200U) << x.path;
    if (x.path == "/tasks") {
      EXPECT_EQ(ask(x, "/tasks?limit=%", ""), 400U);
      EXPECT_EQ(ask(x, "/tasks?limit=0", ""), 422U);
    }
    if (x.path.find("{miner_uid}") != std::string::npos) {
      EXPECT_EQ(ask(x, filled(x.path, "{miner_uid}", "8"), ""), 404U);
      EXPECT_EQ(ask(x, filled(x.path, "{miner_uid}", "x"), ""), 422U);
    }
    if (!lists(x, 500))
      return; // numbers
    if (lists(x, 504))
      return fail(x); // of the backend; the others are of the pages
    world.pages->fail("as the test asks");
    EXPECT_EQ(ask(x, path, ""), 500U) << x.path;
    world.pages->close();
    EXPECT_EQ(ask(x, path, ""), lists(x, 503) ? 503U : 200U) << x.path;
    world.pages->open(net::update_of(world.backend->book, *world.now));
  }

  seen_answers seen;
  net::http_router router;
  consensus_world world;
  net::key_pair worker = consensus_world::key(2);
  int tasks = 0;
};

TEST_F(consensus_openapi_test, every_route_answers_every_status_of_its_document_and_no_other) {
  auto item = consensus_world::item(7);
  item["hotkey"] = worker.address;
  item["max_capacity"] = 1000;
  for (const unsigned validator : {50, 51})
    ASSERT_EQ(world.report(validator, 1, json::array({item})).status, 200U);
  for (const auto& x : router.routes()) {
    if (x.websocket)
      seen.put(x.method, x.path, 101); // tests/net/consensus/stream_test.cpp
    else
      x.method == "GET" ? call_reading(x) : call_changing(x);
  }
  seen.exercise_gate(router);
  EXPECT_EQ(seen.differences(router), std::vector<std::string>{});
}

TEST_F(consensus_openapi_test, document_is_one_of_openapi_3_1) {
  const auto document = json::parse(net::openapi_text(router, {"1"}));
  EXPECT_EQ(openapi_check{document}.troubles(), std::vector<std::string>{});
  EXPECT_TRUE(document["paths"]["/api/v1/stream"]["get"]["responses"].contains("101"));
}

} // namespace
} // namespace sluice::test
