/// Reads a page of a game feed: a document of JSON with rows of games.
#pragma once

#include "rules/result.hpp"
#include "rules/sports/feed.hpp"

#include <string>
#include <string_view>

namespace sluice::io {

/// `text`: a list of rows, or an object whose `items`, `data` or `games` is one and whose
/// `totalCount` or `total`, if it has one, is the number of rows over all pages. A row:
/// {externalId, teamA, teamB, sport, league, date (ISO 8601), outcome (a word), teamAOdds,
/// teamBOdds, drawOdds, canDraw}; other members are passed over. A row that is none is counted and
/// passed over, with a sentence that names `name`, the row (from 1) and the member. ec::bad_input:
/// no such document, or one with more bytes or rows than game_feed_limits allow. Source:
/// facts/mechanisms D1, D2.
result<game_page> read_game_page(std::string_view text, std::string_view name);

} // namespace sluice::io
