#include "net/trading/indexer.hpp"

#include "io/text/lines.hpp"
#include "net/keys/secret_line.hpp"

#include <algorithm>

namespace sluice::net {

namespace {

constexpr size_t indexer_key_bytes_max = 512;
constexpr uint32_t taostats_page_size = 100;
constexpr uint32_t taoapp_page_size = 1000;
constexpr size_t answer_header_bytes_max = 128; // of those that decide; longer ones mean nothing

int64_t floor_seconds(int64_t us) {
  return us / us_per_second;
}

int64_t ceiling_seconds(int64_t us) {
  return (us + us_per_second - 1) / us_per_second;
}

/// The part before the path, without a slash at its end.
result<std::string> base_of(const trading_feed& feed) {
  const auto url = parse_http_url(feed.url);
  if (!url)
    return fault{url.error().code, "feed " + feed.name + ": url: " + url.error().what};
  if (url->target.find('?') != std::string::npos)
    return fault{ec::bad_input, "feed " + feed.name
                                  + ": url: expected scheme and host without a query, got "
                                  + io::quoted(feed.url, 100)};
  if (!url->tls && !is_loopback(url->at))
    return fault{ec::bad_input,
                 "feed " + feed.name
                   + ": url: expected https://, because the key would be readable on its way, got "
                   + io::quoted(feed.url, 100) + "; plain http:// is taken for this machine only"};
  auto base = feed.url;
  while (base.ends_with('/'))
    base.pop_back();
  return base;
}

} // namespace

result<std::string> read_indexer_key(const std::string& path) {
  return read_secret_line(path, "the indexer's key", indexer_key_bytes_max);
}

uint32_t page_size_of(const trading_feed& feed) {
  if (feed.page_size != 0)
    return feed.page_size;
  return feed.kind == trading_feed_kind::taoapp ? taoapp_page_size : taostats_page_size;
}

result<http_call>
indexer_call(const trading_feed& feed, const std::string& key, const indexer_question& x) {
  auto base = base_of(feed);
  if (!base)
    return base.error();
  http_call call;
  call.connect_ms = feed.connect_ms;
  call.whole_ms = feed.request_ms;
  call.headers = {{"Accept", "application/json"}};
  const auto page = "&page=" + std::to_string(x.page);
  const auto rows = std::to_string(page_size_of(feed));
  if (feed.kind == trading_feed_kind::taoapp) {
    call.url = *base + "/api/beta/portfolio/transactions?coldkey=" + query_value(x.coldkey) + page
               + "&page_size=" + rows;
    call.headers.push_back({"X-API-Key", key});
  } else {
    call.url = *base + "/api/delegation/v1?nominator=" + query_value(x.coldkey) + page
               + "&per_page=" + rows
               + "&start_time=" + std::to_string(floor_seconds(x.window.from_us))
               + "&end_time=" + std::to_string(ceiling_seconds(x.window.to_us));
    call.headers.push_back({"Authorization", key});
  }
  return call;
}

source_answer source_answer_of(const result<http_answer>& outcome) {
  source_answer x;
  if (!outcome) {
    x.what = outcome.error().what;
    return x;
  }
  x.status = outcome->status;
  const auto header = [&](std::string_view name) {
    const auto value = outcome->header(name);
    return std::string{value.size() > answer_header_bytes_max ? std::string_view{} : value};
  };
  x.retry_after = header("retry-after");
  x.remaining = header("x-ratelimit-remaining");
  x.reset = header("x-ratelimit-reset");
  return x;
}

source_pause_terms pauses_of(const trading_feed& feed) {
  source_pause_terms x;
  x.obeyed_ms = feed.back_off_max_s * 1000;
  x.most_ms = std::min(x.most_ms, x.obeyed_ms);
  x.least_ms = std::min(x.least_ms, x.most_ms);
  x.unstated_ms = std::min(feed.retry_after_s * 1000, x.obeyed_ms);
  x.attempts_max = feed.retries_max + 1;
  return x;
}

paging_terms paging_of(const trading_feed& feed) {
  paging_terms x;
  x.overlap_us = static_cast<int64_t>(feed.overlap_s) * us_per_second;
  x.first_us = static_cast<int64_t>(feed.first_days) * us_per_day;
  x.pages_max = feed.pages_max;
  return x;
}

} // namespace sluice::net
