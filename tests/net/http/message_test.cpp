#include "net/http/message.hpp"

#include <gtest/gtest.h>

namespace sluice::net {
namespace {

TEST(http_message, a_response_is_written_with_its_length_and_what_follows) {
  const http_response x{200, "text/plain", "hello", {{"ETag", "\"1\""}}};
  EXPECT_EQ(response_text(x, after_response::keep_open),
            "HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: 5\r\n"
            "ETag: \"1\"\r\n\r\nhello");
  EXPECT_EQ(response_text(x, after_response::close, true),
            "HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: 5\r\n"
            "ETag: \"1\"\r\nConnection: close\r\n\r\n");
  EXPECT_NE(response_text(x, after_response::keep_open_1_0).find("Connection: keep-alive\r\n"),
            std::string::npos);
}

TEST(http_message, a_response_that_has_no_body_has_no_length) {
  for (const unsigned status : {204U, 304U}) {
    const auto text = response_text({status, "text/plain", "ignored"}, after_response::keep_open);
    EXPECT_EQ(text.find("Content-"), std::string::npos) << text;
    EXPECT_TRUE(text.ends_with("\r\n\r\n")) << text;
  }
}

TEST(http_message, foreign_text_cannot_add_a_header) {
  const http_response x{
    200, "text/plain", "", {{"X", std::string{"a\r\nSet-Cookie: b\0\x7f", 17}}}};
  EXPECT_NE(response_text(x, after_response::keep_open).find("X: aSet-Cookie: b\r\n\r\n"),
            std::string::npos);
}

TEST(http_message, every_error_has_the_same_three_members) {
  const auto x = http_error(404, "nothing at \"this\" path");
  EXPECT_EQ(x.status, 404U);
  EXPECT_EQ(x.type, "application/json");
  EXPECT_EQ(x.body, "{\"detail\":\"nothing at \\\"this\\\" path\",\"error_type\":\"not_found\","
                    "\"message\":\"Not Found\"}\n");
  for (const unsigned status :
       {400U, 404U, 405U, 408U, 413U, 414U, 417U, 426U, 431U, 500U, 501U, 503U, 505U})
    EXPECT_NE(reason_phrase(status), "Unknown") << status;
}

TEST(http_message, tokens_of_a_header_are_found_whatever_their_case) {
  http_request x;
  x.headers = {{"connection", "keep-alive, Upgrade"}, {"connection", " close"}, {"a", ""}};
  EXPECT_TRUE(x.header_has("connection", "upgrade"));
  EXPECT_TRUE(x.header_has("connection", "close"));
  EXPECT_FALSE(x.header_has("connection", "keep"));
  EXPECT_FALSE(x.header_has("a", "x"));
  EXPECT_EQ(x.header("connection"), "keep-alive, Upgrade");
  EXPECT_EQ(x.header("b"), "");
}

} // namespace
} // namespace sluice::net
