#include "net/trading/indexer.hpp"
#include "tests/support/scratch_folder.hpp"

#include <gtest/gtest.h>
#include <sys/stat.h>

namespace sluice::test {
namespace {

trading_feed feed(trading_feed_kind kind, const std::string& url) {
  trading_feed x;
  x.name = "feed";
  x.kind = kind;
  x.url = url;
  return x;
}

TEST(trading_indexer, asks_taostats_as_it_documents) {
  auto x = feed(trading_feed_kind::taostats, "https://api.taostats.io/");
  x.connect_ms = 111;
  x.request_ms = 222;
  const auto call = net::indexer_call(x, "key", {"5Cold", 3, {1'500'000, 2'500'001}});
  ASSERT_TRUE(call) << call.error().what;
  EXPECT_EQ(call->method, "GET");
  EXPECT_EQ(call->url, "https://api.taostats.io/api/delegation/v1?nominator=5Cold&page=3"
                       "&per_page=100&start_time=1&end_time=3");
  EXPECT_EQ(call->headers, (std::vector<net::http_header>{{"Accept", "application/json"},
                                                          {"Authorization", "key"}}));
  EXPECT_EQ(call->connect_ms, 111U);
  EXPECT_EQ(call->whole_ms, 222U);
}

TEST(trading_indexer, asks_taoapp_as_it_documents) {
  auto x = feed(trading_feed_kind::taoapp, "https://api.tao.app");
  auto call = net::indexer_call(x, "key", {"5C&d", 1, {}});
  ASSERT_TRUE(call);
  EXPECT_EQ(call->url, "https://api.tao.app/api/beta/portfolio/transactions?coldkey=5C%26d&page=1"
                       "&page_size=1000");
  EXPECT_EQ(call->headers.back(), (net::http_header{"X-API-Key", "key"}));
  x.page_size = 50;
  call = net::indexer_call(x, "key", {"5C", 1, {}});
  EXPECT_TRUE(call->url.ends_with("&page_size=50"));
}

TEST(trading_indexer, carries_no_key_over_plain_http_to_another_machine) {
  for (const std::string url : {"http://127.0.0.1:8080", "http://localhost", "http://[::1]:1"})
    EXPECT_TRUE(net::indexer_call(feed(trading_feed_kind::taostats, url), "key", {"5C", 1, {}}))
      << url;
  for (const std::string url :
       {"http://api.taostats.io", "api.taostats.io", "https://api.taostats.io/?x=y", ""}) {
    const auto call
      = net::indexer_call(feed(trading_feed_kind::taostats, url), "secret", {"5C", 1, {}});
    ASSERT_FALSE(call) << url;
    EXPECT_EQ(call.error().code, ec::bad_input);
    EXPECT_EQ(call.error().what.find("feed feed: url: "), 0U) << call.error().what;
    EXPECT_EQ(call.error().what.find("secret"), std::string::npos);
  }
}

class trading_indexer_key : public ::testing::Test {
protected:
  std::string file(const std::string& text, mode_t mode = 0600) const {
    auto path = folder.write("key", text);
    ::chmod(path.c_str(), mode);
    return path;
  }

  std::string why(const std::string& path) const {
    const auto key = net::read_indexer_key(path);
    return key ? "the key " + *key : key.error().what;
  }

  scratch_folder folder;
};

TEST_F(trading_indexer_key, is_the_only_line_of_its_file) {
  EXPECT_EQ(why(file("tao-abc:123\n")), "the key tao-abc:123");
  EXPECT_EQ(why(file("# of the validator\r\n\r\n  \nabc \r\n\n")), "the key abc");
}

TEST_F(trading_indexer_key, is_in_no_sentence) {
  const auto begins = [&](const std::string& text, const std::string& got) {
    const auto sentence = why(file(text));
    EXPECT_EQ(sentence.find("secret"), std::string::npos) << sentence;
    EXPECT_NE(sentence.find(got), std::string::npos) << sentence;
  };
  begins("secret one\n", "a space or a character outside ASCII");
  begins("secret\nsecret2\n", "several lines");
  begins("", "none");
  begins("# only this\n", "none");
  begins("secret" + std::string(600, 'x'), "more than 512 characters");
  begins("secret" + std::string(5000, '\n'), "more");
  begins("secret\xc3\xa4\n", "outside ASCII");
}

TEST_F(trading_indexer_key, is_for_its_owner_only) {
  const auto path = file("abc", 0640);
  EXPECT_EQ(net::read_indexer_key(path).error().code, ec::refused);
  EXPECT_NE(why(path).find("chmod 600 " + path), std::string::npos);
  EXPECT_EQ(net::read_indexer_key(folder.at("none")).error().code, ec::unreachable);
  EXPECT_EQ(net::read_indexer_key(folder.path().string()).error().code, ec::unreachable);
}

TEST(trading_indexer, passes_on_the_headers_that_decide) {
  net::http_answer x;
  x.status = 429;
  x.headers = {{"retry-after", "7"}, {"x-ratelimit-remaining", "0"}, {"x-ratelimit-reset", "9"}};
  const auto seen = net::source_answer_of(x);
  EXPECT_EQ(seen.status, 429U);
  EXPECT_EQ(seen.retry_after, "7");
  EXPECT_EQ(seen.remaining, "0");
  EXPECT_EQ(seen.reset, "9");
  x.headers = {{"retry-after", std::string(1000, '1')}};
  EXPECT_EQ(net::source_answer_of(x).retry_after, "");
  const auto none = net::source_answer_of(fault{ec::timeout, "nobody"});
  EXPECT_EQ(none.status, 0U);
  EXPECT_EQ(none.what, "nobody");
}

TEST(trading_indexer, settings_bound_every_pause) {
  auto x = feed(trading_feed_kind::taostats, "https://h");
  x.retries_max = 2;
  x.retry_after_s = 100;
  x.back_off_max_s = 1;
  const auto pauses = net::pauses_of(x);
  EXPECT_EQ(pauses.attempts_max, 3U);
  for (const auto ms : {pauses.least_ms, pauses.most_ms, pauses.unstated_ms, pauses.obeyed_ms})
    EXPECT_EQ(ms, 1000U);
  x.overlap_s = 60;
  x.first_days = 2;
  x.pages_max = 7;
  const auto paging = net::paging_of(x);
  EXPECT_EQ(paging.overlap_us, 60 * us_per_second);
  EXPECT_EQ(paging.first_us, 2 * us_per_day);
  EXPECT_EQ(paging.pages_max, 7U);
}

} // namespace
} // namespace sluice::test
