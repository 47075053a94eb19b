#include "net/http/openapi.hpp"
#include "net/leads/routes.hpp"
#include "tests/support/leads_routes_world.hpp"
#include "tests/support/openapi_check.hpp"
#include "tests/support/route_cases.hpp"

#include <gtest/gtest.h>

namespace sluice::test {
namespace {

using nlohmann::json;

/// Calls every leads route so that it answers every status that its document lists.
class leads_openapi_test : public testing::Test {
protected:
  leads_openapi_test() {
    net::leads_routes_terms terms;
    net::add_leads_routes(router, world.backend, terms);
  }

  static const json& lead() {
    static const json one{{"owner_email", "a@company.test"}, {"business", "Company"}};
    return one;
  }

  /// What each route takes; ids are of requests that are there.
  json payload(const std::string& path) {
    json asked{{"num_leads", 2}, {"business_desc", "bakeries"}};
    if (path.ends_with("/ack"))
      return {{"lease", "0123456789abcdef"}};
    if (path.ends_with("/fetch"))
      return json::object();
    if (path == "/leads" || path == "/prospects")
      return {{path.substr(1), {lead()}}};
    if (path == "/curate/result")
      return {{"request_id", made("/curate", "request_id")}, {"leads", {lead()}}};
    if (path == "/curate/miner_result")
      return {{"miner_request_id", made("/curate/miner_request", "miner_request_id")},
              {"leads", {lead()}}};
    if (path == "/validator_weights")
      return {{"weights", {{"a", 1}}}};
    return asked;
  }

  json made(const std::string& path, const std::string& id) {
    auto call = payload(path);
    call["nonce"] = ++nonce;
    return world.post(path, world.signed_body(who, call)).body.at(id);
  }

  void expect(const net::http_route& route, unsigned status, const std::string& body) {
    EXPECT_EQ(world.call(route.method, route.path, body).status, status)
      << route.method << ' ' << route.path;
  }

  void call_signed(const net::http_route& route) {
    expect(route, 200, world.signed_body(who, payload(route.path)));
    expect(route, 400, "no JSON");
    expect(route, 401, world.signed_body(who, payload(route.path), 5));
    for (const auto& x : route.terms.doc.responses)
      if (x.status == 403) {
        const auto call = world.signed_body(who, payload(route.path));
        world.backend->refused = {{who.address}};
        expect(route, 403, call);
        world.backend->refused.clear();
      } else if (x.status == 404) {
        auto call = payload(route.path);
        for (const auto* id : {"request_id", "miner_request_id"})
          if (call.contains(id))
            call[id] = "nobody-asked";
        expect(route, 404, world.signed_body(who, call));
      }
    const auto call = world.signed_body(who, payload(route.path));
    fail(route, call);
  }

  void fail(const net::http_route& route, const std::string& body) {
    const std::vector<std::pair<ec, unsigned>> faults{
      {ec::storage_full, 500}, {ec::unreachable, 503}, {ec::timeout, 504}};
    for (const auto& [code, status] : faults) {
      world.backend->failure = fault{code, "as the test asks"};
      if (body.empty() && route.path.ends_with("{id}"))
        EXPECT_EQ(world.call("GET", "/curate/result/abc").status, status);
      else
        expect(route, status, body);
      world.backend->failure.reset();
    }
  }

  seen_answers seen;
  net::http_router router;
  leads_world world{{"/api/leads"},
                    leads_world::quick_terms(),
                    300'000,
                    [this](const net::http_router& x) { return seen.watch(x); }};
  net::key_pair who = leads_world::key(1);
  int nonce = 0;
};

TEST_F(leads_openapi_test, every_route_answers_every_status_of_its_document_and_no_other) {
  for (const auto& route : router.routes()) {
    if (route.method == "POST") {
      call_signed(route);
      continue;
    }
    const std::string good = route.path == "/leads" ? "/leads?limit=3" : "/curate/result/abc";
    const std::string bad = route.path == "/leads" ? "/leads?limit=0" : "/curate/result/a%20b";
    EXPECT_EQ(world.call("GET", good).status, 200U);
    EXPECT_EQ(world.call("GET", bad).status, 400U);
    fail(route, "");
  }
  seen.exercise_gate(router);
  EXPECT_EQ(seen.differences(router), std::vector<std::string>{});
}

TEST_F(leads_openapi_test, document_is_one_of_openapi_3_1) {
  const auto document = json::parse(net::openapi_text(router, {"1"}));
  EXPECT_EQ(openapi_check{document}.troubles(), std::vector<std::string>{});
  EXPECT_EQ(document["paths"].size(), 17U);
  EXPECT_EQ(document["paths"]["/leads"].size(), 2U);
}

} // namespace
} // namespace sluice::test
