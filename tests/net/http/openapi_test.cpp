#include "net/http/openapi.hpp"
#include "tests/support/openapi_check.hpp"
#include "tests/support/route_cases.hpp"

#include <gtest/gtest.h>

namespace sluice::test {
namespace {

using nlohmann::json;

net::http_handler answering(unsigned status) {
  return net::answer_with([status](const net::http_request&) {
    return status < 400 ? net::http_response{status, "application/json", "{}"}
                        : net::http_error(status, "as asked");
  });
}

net::http_router some_routes() {
  net::http_router out;
  out.schema("Thing", R"({"type":"object","properties":{"id":{"type":"string"}}})");
  out.serve("GET", "/things/{id}", answering(200),
            {.access = net::access_read(),
             .doc = {.summary = "One thing",
                     .tag = "things",
                     .parameters = {{.name = "id", .in = "path", .description = "which"},
                                    {.name = "limit", .schema = R"({"type":"integer"})"}},
                     .responses = {{200, "the thing", R"({"$ref":"#/components/schemas/Thing"})"},
                                   {404, "no such thing"}}}});
  out.serve("POST", "/things", answering(200),
            {.access = net::access_for({api_role::client}),
             .doc = {.summary = "Make a thing",
                     .tag = "things",
                     .body = R"({"$ref":"#/components/schemas/Thing"})",
                     .responses = {{200, "made"}}}});
  out.serve(
    "POST", "/signed", answering(200),
    {.access = net::access_signed({api_role::validator}),
     .doc = {.summary = "Signed", .body = R"({"type":"object"})", .responses = {{200, ""}}}});
  net::add_openapi_route(out, {"1.2.3"});
  return out;
}

json document_of(const net::http_router& router, const net::openapi_terms& terms = {"1.2.3"}) {
  return json::parse(net::openapi_text(router, terms));
}

TEST(openapi, document_is_one_of_openapi_3_1) {
  const auto document = document_of(some_routes());
  EXPECT_EQ(openapi_check{document}.troubles(), std::vector<std::string>{});
  EXPECT_EQ(document["info"]["version"], "1.2.3");
}

TEST(openapi, checker_finds_what_is_wrong) {
  const auto good = document_of(some_routes());
  const auto troubles_after = [&](const std::function<void(json&)>& change) {
    auto bad = good;
    change(bad);
    return openapi_check{bad}.troubles().size();
  };
  EXPECT_EQ(troubles_after([](json& x) { x["openapi"] = "3.0.0"; }), 1U);
  EXPECT_EQ(troubles_after([](json& x) { x["components"]["schemas"].erase("Thing"); }), 2U);
  EXPECT_EQ(troubles_after([](json& x) { x["paths"]["/things/{id}"]["get"].erase("parameters"); }),
            1U);
  EXPECT_EQ(
    troubles_after([](json& x) { x["paths"]["/signed"]["post"]["operationId"] = "post_things"; }),
    1U);
  EXPECT_EQ(troubles_after([](json& x) { x["paths"]["/signed"]["post"].erase("responses"); }), 2U);
  EXPECT_EQ(troubles_after([](json& x) { x["components"].erase("securitySchemes"); }), 4U);
  EXPECT_EQ(troubles_after([](json& x) { x["paths"]["/signed"]["post"]["summary"] = ""; }), 1U);
}

TEST(openapi, document_has_every_route_and_no_other) {
  const auto router = some_routes();
  const auto document = document_of(router);
  std::set<std::string> documented, served;
  for (const auto& [path, item] : document["paths"].items())
    for (const auto& [method, operation] : item.items())
      documented.insert(method + ' ' + path);
  for (const auto& x : router.routes())
    served.insert((x.method == "GET" ? "get " : "post ") + x.path);
  EXPECT_EQ(documented, served);
}

TEST(openapi, document_states_who_may_call) {
  const auto router = some_routes();
  const auto open = json::array({json::object()});
  const auto keyed = [](const json& roles) {
    return json::array({{{"KeyInHeader", roles}}, {{"KeyInQuery", roles}}});
  };
  auto paths = document_of(router)["paths"];
  EXPECT_EQ(paths["/things/{id}"]["get"]["security"], open);
  EXPECT_EQ(paths["/things"]["post"]["security"], keyed({"client", "admin"}));
  auto either = keyed({"validator", "admin"});
  either.push_back(json::object());
  EXPECT_EQ(paths["/signed"]["post"]["security"], either);
  EXPECT_EQ(paths["/openapi.json"]["get"]["security"], open);
  paths = document_of(router, {"1", {"/things"}, api_role::validator})["paths"];
  EXPECT_EQ(paths["/things/{id}"]["get"]["security"], keyed({"validator", "admin"}));
  EXPECT_EQ(paths["/things"]["post"]["security"].back(), json::object());
}

TEST(openapi, document_lists_what_is_answered_before_a_handler) {
  const auto paths = document_of(some_routes())["paths"];
  std::set<std::string> statuses;
  for (const auto& [status, one] : paths["/things"]["post"]["responses"].items())
    statuses.insert(status);
  EXPECT_EQ(statuses, (std::set<std::string>{"200", "401", "403", "413", "429"}));
  EXPECT_FALSE(paths["/things/{id}"]["get"]["responses"].contains("413"));
}

TEST(openapi, schema_that_is_no_json_is_a_bug_that_names_the_route) {
  net::http_router router;
  router.serve("GET", "/a", answering(200),
               {.doc = {.summary = "a", .responses = {{200, "x", "{"}}}});
  EXPECT_THROW(net::openapi_text(router, {}), std::invalid_argument);
}

TEST(openapi, answers_that_were_not_seen_or_not_listed_are_found) {
  auto router = some_routes();
  seen_answers seen;
  const auto watched = seen.watch(router);
  seen.exercise_gate(router);
  const auto call = [&](const std::string& method, const std::string& path) {
    net::http_request request;
    request.method = method;
    request.path = path;
    watched.find(method, path)
      .route->handler(request, net::http_reply{[](const net::http_response&) {}});
  };
  call("GET", "/openapi.json");
  call("POST", "/things");
  call("POST", "/signed");
  EXPECT_EQ(seen.differences(router),
            (std::vector<std::string>{"GET /things/{id}: 200 is listed and was never answered",
                                      "GET /things/{id}: 404 is listed and was never answered"}));
  call("GET", "/things/1");
  seen.put("GET", "/things/{id}", 404);
  EXPECT_EQ(seen.differences(router), std::vector<std::string>{});
  seen.put("GET", "/things/{id}", 500);
  EXPECT_EQ(seen.differences(router),
            (std::vector<std::string>{"GET /things/{id}: 500 was answered and is not listed"}));
}

} // namespace
} // namespace sluice::test
