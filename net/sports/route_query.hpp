/// The query of GET /games.
#pragma once

#include "net/sports/backend.hpp"
#include "rules/result.hpp"

#include <string_view>

namespace sluice::net {

/// since=MOMENT&after=ID&limit=N, each once or not at all, as sent (percent signs are decoded, a
/// plus sign is one). A moment is a number of microseconds since 1970-01-01 UTC, or an ISO 8601
/// text. ec::bad_input with the parameter.
result<sports_games_query> games_query_of(std::string_view query);

} // namespace sluice::net
