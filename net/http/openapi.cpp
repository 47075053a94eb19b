#include "net/http/openapi.hpp"

#include "io/text/json_fields.hpp"
#include "net/http/cached_body.hpp"

#include <algorithm>
#include <memory>
#include <stdexcept>
#include <utility>

namespace sluice::net {

namespace {

using io::json;

constexpr std::string_view api_description
  = "The HTTP routes of a Sluice node. Every error is `{detail, error_type, message}`; every "
    "answer "
    "has an X-Request-Id, which is the request's own when it has one. GET routes answer HEAD as "
    "well, with an ETag where their bytes are cached; every path answers OPTIONS. What is no "
    "request "
    "of HTTP/1.1, or too slow, too long or for a method that the path does not have, is answered "
    "before a route is looked for: 400, 404, 405, 408, 414, 417, 431, 501, 503, 505.";

struct common_answer {
  unsigned status;
  std::string_view name;
  std::string_view description;
};

constexpr common_answer no_key{401, "Unauthorized",
                               "No key, or one that is none of this node: send X-API-Key"};
constexpr common_answer wrong_role{403, "Forbidden",
                                   "The key is revoked, has expired, or is of another role"};
constexpr common_answer too_long{413, "ContentTooLarge",
                                 "The body is longer than this address takes"};
constexpr common_answer too_many{429, "TooManyRequests",
                                 "More requests than are taken; Retry-After has the seconds"};

std::vector<common_answer> common_answers(const http_route& route) {
  std::vector<common_answer> out{no_key, wrong_role, too_many};
  if (!route.terms.doc.body.empty())
    out.insert(out.begin() + 2, too_long);
  return out;
}

json schema_of(const std::string& text, const std::string& where) {
  auto out = json::parse(text, nullptr, false);
  if (!out.is_object())
    throw std::invalid_argument("a schema of " + where + " is no JSON object: " + text);
  return out;
}

std::string lower(std::string_view x) {
  std::string out{x};
  std::transform(out.begin(), out.end(), out.begin(), [](char c) {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  });
  return out;
}

/// "get_curate_result_id" of GET /curate/result/{id}.
std::string operation_id(const http_route& route) {
  auto out = lower(route.method);
  bool gap = true;
  for (const char c : route.path) {
    const bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
    if (plain && std::exchange(gap, false))
      out += '_';
    if (plain)
      out += c;
    else
      gap = true;
  }
  return out;
}

/// The names between braces of a path.
std::vector<std::string> path_names(std::string_view path) {
  std::vector<std::string> out;
  for (auto at = path.find("/{"); at != std::string_view::npos; at = path.find("/{", at + 1)) {
    const auto end = path.find('}', at);
    if (end == std::string_view::npos)
      break;
    out.emplace_back(path.substr(at + 2, end - at - 2));
  }
  return out;
}

json parameters_of(const http_route& route, const std::string& where) {
  auto out = json::array();
  const auto& docs = route.terms.doc.parameters;
  const auto add = [&](const http_parameter_doc& x) {
    json one{{"name", x.name}, {"in", x.in}, {"required", x.required || x.in == "path"}};
    if (!x.description.empty())
      one["description"] = x.description;
    one["schema"] = schema_of(x.schema, where);
    out.push_back(std::move(one));
  };
  for (const auto& x : docs)
    add(x);
  for (const auto& name : path_names(route.path))
    if (std::none_of(docs.begin(), docs.end(),
                     [&](const auto& x) { return x.in == "path" && x.name == name; }))
      add({.name = name, .in = "path"});
  return out;
}

json body_of(const http_route_doc& doc, const std::string& where) {
  auto content = json::object();
  for (const auto& type : doc.body_types)
    content[type] = {{"schema", schema_of(doc.body, where)}};
  return {{"required", true}, {"content", std::move(content)}};
}

json responses_of(const http_route& route, const std::string& where) {
  std::map<unsigned, json> all;
  for (const auto& x : common_answers(route))
    all[x.status] = {{"$ref", "#/components/responses/" + std::string{x.name}}};
  for (const auto& x : route.terms.doc.responses) {
    json one{{"description",
              x.description.empty() ? std::string{reason_phrase(x.status)} : x.description}};
    if (!x.schema.empty())
      one["content"][x.type] = {{"schema", schema_of(x.schema, where)}};
    else if (x.status >= 400)
      one["content"]["application/json"] = {{"schema", {{"$ref", "#/components/schemas/Error"}}}};
    all[x.status] = std::move(one);
  }
  auto out = json::object();
  for (auto& [status, one] : all)
    out[std::to_string(status)] = std::move(one);
  return out;
}

/// An empty requirement among them: no key is needed.
json security_of(const http_route& route, const openapi_terms& terms) {
  const auto& access = route.terms.access;
  auto roles = json::array();
  if (access.read && terms.read_role != api_role::none) {
    for (auto x = static_cast<uint8_t>(terms.read_role); x <= static_cast<uint8_t>(api_role::admin);
         ++x)
      roles.push_back(name_of(static_cast<api_role>(x)));
  } else if (!access.open && !access.read) {
    for (const auto x : access.roles)
      if (x != api_role::admin)
        roles.push_back(name_of(x));
    if (!access.roles.empty() || !access.signed_body)
      roles.push_back(name_of(api_role::admin));
  }
  auto out = json::array();
  if (!roles.empty()) {
    for (const auto* scheme : {"KeyInHeader", "KeyInQuery"}) {
      json one;
      one[scheme] = roles;
      out.push_back(std::move(one));
    }
  }
  if (roles.empty() || access.signed_body || terms.open_routes.contains(route.path))
    out.push_back(json::object());
  return out;
}

json operation_of(const http_route& route, const openapi_terms& terms) {
  const auto& doc = route.terms.doc;
  const auto where = route.method + ' ' + route.path;
  json out{{"operationId", operation_id(route)}, {"summary", doc.summary}};
  auto description = doc.description;
  if (route.terms.access.signed_body)
    description
      += std::string{description.empty() ? "" : " "} + "A signature in the body stands for a key.";
  if (!description.empty())
    out["description"] = std::move(description);
  if (!doc.tag.empty())
    out["tags"] = json::array({doc.tag});
  if (auto parameters = parameters_of(route, where); !parameters.empty())
    out["parameters"] = std::move(parameters);
  if (!doc.body.empty())
    out["requestBody"] = body_of(doc, where);
  out["responses"] = responses_of(route, where);
  out["security"] = security_of(route, terms);
  return out;
}

json components_of(const http_router& router) {
  json out;
  out["schemas"]["Error"] = json::parse(
    R"({"type":"object","required":["detail","error_type","message"],"properties":{)"
    R"("detail":{"type":"string","description":"What is wrong with this request, and what to do"},)"
    R"("error_type":{"type":"string","description":"The status as a name: not_found"},)"
    R"("message":{"type":"string","description":"The status as text: Not Found"}}})");
  for (const auto& [name, text] : router.schemas())
    out["schemas"][name] = schema_of(text, "the schema " + name);
  for (const auto& x : {no_key, wrong_role, too_long, too_many}) {
    auto& one = out["responses"][std::string{x.name}];
    one["description"] = x.description;
    one["content"]["application/json"] = {{"schema", {{"$ref", "#/components/schemas/Error"}}}};
  }
  out["responses"][std::string{too_many.name}]["headers"]["Retry-After"]
    = {{"description", "Seconds until the next request is taken"},
       {"schema", {{"type", "integer"}, {"minimum", 1}}}};
  out["securitySchemes"]
    = {{"KeyInHeader", {{"type", "apiKey"}, {"in", "header"}, {"name", "X-API-Key"}}},
       {"KeyInQuery", {{"type", "apiKey"}, {"in", "query"}, {"name", "api_key"}}}};
  return out;
}

} // namespace

std::vector<unsigned> common_statuses(const http_route& route) {
  std::vector<unsigned> out;
  for (const auto& x : common_answers(route))
    out.push_back(x.status);
  return out;
}

std::string openapi_text(const http_router& router, const openapi_terms& terms) {
  json out{
    {"openapi", "3.1.0"},
    {"info", {{"title", "Sluice"}, {"version", terms.version}, {"description", api_description}}},
    {"servers", json::array({{{"url", "/"}}})}};
  std::set<std::string> tags;
  auto paths = json::object();
  for (const auto& route : router.routes()) {
    paths[route.path][lower(route.method)] = operation_of(route, terms);
    if (!route.terms.doc.tag.empty())
      tags.insert(route.terms.doc.tag);
  }
  out["tags"] = json::array();
  for (const auto& tag : tags)
    out["tags"].push_back(json::object({{"name", tag}}));
  out["paths"] = std::move(paths);
  out["components"] = components_of(router);
  return out.dump() + '\n';
}

void add_openapi_route(http_router& router, const openapi_terms& terms) {
  const auto document = std::make_shared<std::shared_ptr<const cached_body>>();
  router.serve("GET", std::string{openapi_path},
               answer_with([document](const http_request&) { return cached_answer(*document); }),
               {.access = access_open(),
                .doc = {.summary = "This document",
                        .description = "Made of the table that serves the routes.",
                        .tag = "node",
                        .responses = {{200, "OpenAPI 3.1", R"({"type":"object"})"}}}});
  *document = make_cached(openapi_text(router, terms)); // before the server's thread begins
}

} // namespace sluice::net
