/// What the two indexers are asked, and what of their answers decides how to go on.
#pragma once

#include "net/http/client.hpp"
#include "rules/result.hpp"
#include "rules/trading/backoff.hpp"
#include "rules/trading/config.hpp"
#include "rules/trading/paging.hpp"

#include <cstdint>
#include <string>
#include <string_view>

namespace sluice::net {

/// One page of the list of one coldkey.
struct indexer_question {
  std::string coldkey;
  uint32_t page = 1;   // from 1
  fetch_window window; // of taostats; tao.app has no such parameter, and gives everything
};

/// The key of a feed: the only line of its file that is not empty and no comment (#). 1 to 512
/// printable characters of ASCII without spaces. `ec::unreachable` when the file cannot be read,
/// `ec::refused` when others may read it too, `ec::bad_input` when it is no such file; the key is
/// in none of these sentences.
result<std::string> read_indexer_key(const std::string& path);

/// The request for a page (facts A1): of taostats
/// GET /api/delegation/v1?nominator=&page=&per_page=&start_time=&end_time= with the key in
/// Authorization, in whole seconds around the window; of taoapp
/// GET /api/beta/portfolio/transactions?coldkey=&page=&page_size= with the key in X-API-Key.
/// `ec::bad_input`: the feed's url is none, has a query, or would carry the key over plain HTTP to
/// another machine.
result<http_call>
indexer_call(const trading_feed& feed, const std::string& key, const indexer_question& x);

/// Rows of a page, as the feed states or its provider gives by default (100, 1000).
uint32_t page_size_of(const trading_feed& feed);

/// The headers that decide, of an answer or of none.
source_answer source_answer_of(const result<http_answer>& outcome);

/// What the feed's settings mean for pauses and for paging. `retries_max` is one less than
/// attempts_max; no pause is longer than `back_off_max_s`.
source_pause_terms pauses_of(const trading_feed& feed);
paging_terms paging_of(const trading_feed& feed);

} // namespace sluice::net
