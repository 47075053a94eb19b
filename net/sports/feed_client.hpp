/// What a game feed is asked over HTTP, and what of its answers decides how to go on.
#pragma once

#include "net/http/client.hpp"
#include "rules/result.hpp"
#include "rules/sports/config.hpp"
#include "rules/sports/feed.hpp"

#include <cstdint>
#include <string>

namespace sluice::net {

/// The key of a feed: the only line of its file, as read_secret_line; "" when the feed has no file.
/// The key is in none of its sentences.
result<std::string> read_feed_key(const game_feed_settings& feed);

/// GET {url}/Games/TeamGames/Search?PageIndex=&ItemsPerPage=&SortOrder=StartDate&LastUpdateDate=
/// &StartDate=&LeagueFilter=true (facts/mechanisms D1), page index from 0, with the key as bearer
/// and, where there is one, the `etag` of the page as it was before. ec::bad_input: the feed's url
/// is none, has a query, or would carry the key over plain HTTP to another machine.
result<http_call> feed_call(const game_feed_settings& feed, const std::string& key,
                            const game_feed_window& window, uint64_t page, const std::string& etag);

/// An answer, or why there is none.
feed_answer feed_answer_of(const result<http_answer>& outcome);

/// ETag, as it is sent back; "" when there is none, or one of more than 256 bytes.
std::string feed_etag_of(const result<http_answer>& outcome);

} // namespace sluice::net
