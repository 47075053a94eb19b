#include "net/sports/feed_client.hpp"
#include "tests/support/scratch_folder.hpp"

#include <gtest/gtest.h>
#include <sys/stat.h>

namespace sluice::test {
namespace {

game_feed_settings feed_at(const std::string& url) {
  game_feed_settings x;
  x.url = url;
  return x;
}

const game_feed_window feed_from{1'767'225'600'000'000, 1'767'268'800'000'000, 0};

TEST(sports_feed_client, asks_as_the_feed_documents) {
  const auto call
    = net::feed_call(feed_at("https://api.example/v1/"), "secret", feed_from, 2, "\"abc\"");
  ASSERT_TRUE(call) << call.error().what;
  EXPECT_EQ(call->method, "GET");
  EXPECT_EQ(call->url, "https://api.example/v1/Games/TeamGames/Search?PageIndex=2&ItemsPerPage=100"
                       "&SortOrder=StartDate&LastUpdateDate=2026-01-01T12%3A00%3A00Z"
                       "&StartDate=2026-01-01T00%3A00%3A00Z&LeagueFilter=true");
  EXPECT_EQ(call->headers, (std::vector<net::http_header>{{"Accept", "application/json"},
                                                          {"Authorization", "Bearer secret"},
                                                          {"If-None-Match", "\"abc\""}}));
  EXPECT_EQ(call->whole_ms, 30'000U);
  EXPECT_EQ(call->connect_ms, 10'000U);
}

TEST(sports_feed_client, carries_no_key_over_plain_http_to_another_machine) {
  for (const std::string url : {"http://127.0.0.1:80", "http://localhost", "https://a.example"})
    EXPECT_TRUE(net::feed_call(feed_at(url), "secret", feed_from, 0, "")) << url;
  EXPECT_TRUE(net::feed_call(feed_at("http://a.example"), "", feed_from, 0, "")); // it has none
  for (const std::string url : {"http://a.example", "a.example", "https://a.example/?x=y", ""}) {
    const auto call = net::feed_call(feed_at(url), "secret", feed_from, 0, "");
    ASSERT_FALSE(call) << url;
    EXPECT_EQ(call.error().code, ec::bad_input);
    EXPECT_EQ(call.error().what.find("the feed's url: "), 0U) << call.error().what;
    EXPECT_EQ(call.error().what.find("secret"), std::string::npos);
  }
}

TEST(sports_feed_client, reads_its_key_from_a_file_that_nobody_else_may_read) {
  const scratch_folder folder;
  auto feed = feed_at("https://a.example");
  EXPECT_EQ(*net::read_feed_key(feed), "");
  feed.key_file = folder.write("key", "# of the feed\nsecret\n");
  ::chmod(feed.key_file.c_str(), 0600);
  EXPECT_EQ(*net::read_feed_key(feed), "secret");
  ::chmod(feed.key_file.c_str(), 0644);
  const auto open = net::read_feed_key(feed);
  ASSERT_FALSE(open);
  EXPECT_EQ(open.error().code, ec::refused);
  EXPECT_EQ(open.error().what.find("secret"), std::string::npos);
}

TEST(sports_feed_client, takes_from_an_answer_what_decides) {
  net::http_answer answer;
  answer.status = 503;
  answer.headers = {{"retry-after", "40"}, {"etag", "\"x\""}};
  const auto seen = net::feed_answer_of(answer);
  EXPECT_EQ(seen.status, 503U);
  EXPECT_EQ(seen.retry_after, "40");
  EXPECT_EQ(net::feed_etag_of(answer), "\"x\"");
  answer.headers = {{"retry-after", std::string(200, '1')}, {"etag", std::string(300, 'x')}};
  EXPECT_EQ(net::feed_answer_of(answer).retry_after, "");
  EXPECT_EQ(net::feed_etag_of(answer), "");
  const result<net::http_answer> none = fault{ec::timeout, "no answer within 30 s"};
  EXPECT_EQ(net::feed_answer_of(none).status, 0U);
  EXPECT_EQ(net::feed_answer_of(none).what, "no answer within 30 s");
  EXPECT_EQ(net::feed_etag_of(none), "");
}

} // namespace
} // namespace sluice::test
