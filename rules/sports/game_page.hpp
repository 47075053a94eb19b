/// Reads a page of a game feed: a document of JSON with rows of games.
#pragma once

#include "rules/result.hpp"
#include "rules/sports/feed.hpp"

#include <cstdint>
#include <string>
#include <string_view>

namespace sluice {

/// `text`: a list of rows (feed_row.hpp), or an object whose `items`, `data` or `games` is one and
/// whose `totalCount` or `total`, if it has one, is the number of rows over all pages. Games get
/// `at_us` (microseconds since 1970-01-01 UTC) as the moment at which the feed gave them. A row
/// that is no game is counted and passed over, with a sentence that names `name`, the row (from 1)
/// and the member. ec::bad_input: no such document, or one with more bytes or rows than
/// game_feed_limits allow. Source: facts/mechanisms D1, D2.
result<game_page> read_game_page(std::string_view text, std::string_view name, int64_t at_us);

} // namespace sluice
