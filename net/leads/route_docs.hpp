/// What the leads routes take and answer, for the OpenAPI document.
#pragma once

#include "net/http/router.hpp"

#include <string_view>

namespace sluice::net {

/// Access and document of one of the routes; std::invalid_argument for a path that is none of them.
http_route_terms leads_route_terms(std::string_view method, std::string_view path);

/// The schemas that the documents name: Lead, LeadItem, LeadRequestItem, SignedCall.
void add_leads_schemas(http_router& out);

} // namespace sluice::net
