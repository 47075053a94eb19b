/// The OpenAPI document of an address, made of the table that serves it.
#pragma once

#include "net/http/router.hpp"
#include "rules/api/role.hpp"

#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace sluice::net {

/// Who needs a key depends on the configuration: as of api_gate_terms.
struct openapi_terms {
  std::string version; // of the program
  std::set<std::string, std::less<>> open_routes{};
  api_role read_role = api_role::none;
};

inline constexpr std::string_view openapi_path = "/openapi.json";

/// The document (OpenAPI 3.1, one line of JSON) of every route of the router. Schemas that are no
/// JSON are a bug: std::invalid_argument names the route.
std::string openapi_text(const http_router& router, const openapi_terms& terms);

/// The statuses that every route's entry has beside its own: what the gate and the server answer in
/// its place. In ascending order, 400 to 599.
std::vector<unsigned> common_statuses(const http_route& route);

/// Adds GET /openapi.json, open to everybody: the document of the router with this route in it. The
/// last route that is added; later ones are not in the document.
void add_openapi_route(http_router& router, const openapi_terms& terms);

} // namespace sluice::net
