#include "net/sports/feed_client.hpp"

#include "io/text/lines.hpp"
#include "net/keys/secret_line.hpp"
#include "rules/sports/moment.hpp"

#include <algorithm>
#include <string_view>

namespace sluice::net {

namespace {

constexpr size_t feed_key_bytes_max = 512;
constexpr size_t feed_etag_bytes_max = 256;
constexpr size_t feed_header_bytes_max = 128; // of those that decide; longer ones mean nothing
constexpr uint64_t feed_connect_ms_max = 10'000;

/// The part before the path, without a slash at its end.
result<std::string> feed_base_of(const game_feed_settings& feed, bool has_key) {
  const auto url = parse_http_url(feed.url);
  if (!url)
    return fault{url.error().code, "the feed's url: " + url.error().what};
  if (url->target.find('?') != std::string::npos)
    return fault{ec::bad_input,
                 "the feed's url: expected no query, got " + io::quoted(feed.url, 100)};
  if (has_key && !url->tls && !is_loopback(url->at))
    return fault{ec::bad_input,
                 "the feed's url: expected https://, because the key would be readable on its way,"
                 " got "
                   + io::quoted(feed.url, 100) + "; plain http:// is taken for this machine only"};
  auto base = feed.url;
  while (base.ends_with('/'))
    base.pop_back();
  return base;
}

/// "2026-01-31T18:30:00Z", as a value of a query.
std::string feed_time(int64_t us) {
  auto text = sports_time_text(us - us % 1'000'000);
  if (const auto offset = text.find('+'); offset != std::string::npos)
    text.resize(offset);
  return query_value(text + 'Z');
}

} // namespace

result<std::string> read_feed_key(const game_feed_settings& feed) {
  if (feed.key_file.empty())
    return std::string{};
  return read_secret_line(feed.key_file, "the feed's key", feed_key_bytes_max);
}

result<http_call>
feed_call(const game_feed_settings& feed, const std::string& key, const game_feed_window& window,
          uint64_t page, const std::string& etag) {
  auto base = feed_base_of(feed, !key.empty());
  if (!base)
    return base.error();
  http_call call;
  call.url = *base + "/Games/TeamGames/Search?PageIndex=" + std::to_string(page)
             + "&ItemsPerPage=" + std::to_string(feed.page_items)
             + "&SortOrder=StartDate&LastUpdateDate=" + feed_time(window.updated_from_us)
             + "&StartDate=" + feed_time(window.start_from_us) + "&LeagueFilter=true";
  call.headers = {{"Accept", "application/json"}};
  if (!key.empty())
    call.headers.push_back({"Authorization", "Bearer " + key});
  if (!etag.empty())
    call.headers.push_back({"If-None-Match", etag});
  call.whole_ms = feed.timeout_ms;
  call.connect_ms = std::min(feed.timeout_ms, feed_connect_ms_max);
  return call;
}

feed_answer feed_answer_of(const result<http_answer>& outcome) {
  feed_answer x;
  if (!outcome) {
    x.what = outcome.error().what;
    return x;
  }
  x.status = outcome->status;
  const auto wish = outcome->header("retry-after");
  if (wish.size() <= feed_header_bytes_max)
    x.retry_after = wish;
  return x;
}

std::string feed_etag_of(const result<http_answer>& outcome) {
  const auto etag = outcome ? outcome->header("etag") : std::string_view{};
  return etag.size() <= feed_etag_bytes_max ? std::string{etag} : std::string{};
}

} // namespace sluice::net
