/// Access and documents of the sports mechanism's routes, for their OpenAPI entries.
#pragma once

#include "net/http/router.hpp"

#include <string_view>

namespace sluice::net {

/// `route`: "GET /games". std::invalid_argument for one that is none of them.
http_route_terms sports_route_terms(std::string_view route);

/// The schemas that the documents name.
void add_sports_schemas(http_router& out);

} // namespace sluice::net
