#include "net/http/answer.hpp"
#include "net/http/cached_body.hpp"
#include "net/http/compression.hpp"
#include "net/http/conditional.hpp"

#include <gtest/gtest.h>

namespace sluice::net {
namespace {

std::string text_of(const output_queue& x) {
  std::string out;
  for (const auto& piece : x.next())
    out.append(static_cast<const char*>(piece.data()), piece.size());
  return out;
}

struct written {
  std::string head; // with its empty line
  std::string body;
  answer_sent sent;
};

written write(const http_response& x, const answer_terms& terms) {
  output_queue out;
  const auto sent = write_answer(out, x, terms);
  const auto text = text_of(out);
  const auto end = text.find("\r\n\r\n") + 4;
  return {text.substr(0, end), text.substr(end), sent};
}

answer_terms get_terms() {
  answer_terms terms;
  terms.is_get = true;
  return terms;
}

const std::string long_text(5'000, 'x');

TEST(write_answer, has_all_lines_in_one_order) {
  auto terms = get_terms();
  terms.then = after_response::close;
  terms.id = "id-1";
  terms.date = "Date: now\r\n";
  terms.more = "Vary: Origin\r\n";
  const auto x = write({200, "text/plain", "abc", {{"X", "y"}}}, terms);
  EXPECT_EQ(x.head, "HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: 3\r\n"
                    "X: y\r\nETag: "
                      + etag_of("abc")
                      + "\r\nDate: now\r\nVary: Origin\r\nX-Request-Id: id-1\r\n"
                        "Connection: close\r\n\r\n");
  EXPECT_EQ(x.body, "abc");
  EXPECT_EQ(x.sent.bytes, 3U);
}

TEST(write_answer, foreign_text_cannot_add_a_header) {
  const auto x
    = write({201, "a\r\nb", "", {{"X", std::string{"a\r\nSet-Cookie: b\0\x7f", 17}}}}, {});
  EXPECT_NE(x.head.find("\r\nX: aSet-Cookie: b\r\n\r\n"), std::string::npos) << x.head;
  EXPECT_NE(x.head.find("Content-Type: ab\r\n"), std::string::npos) << x.head;
}

/// The same for what was made for one request and for what is cached.
void expect_forms(const http_response& x, const std::string& body) {
  auto terms = get_terms();
  const auto plain = write(x, terms);
  const auto name = etag_of(body), gzip_name = gzip_etag_of(name);
  EXPECT_EQ(plain.body, body);
  EXPECT_NE(plain.head.find("\r\nETag: " + name + "\r\n"), std::string::npos) << plain.head;
  EXPECT_NE(plain.head.find("\r\nVary: Accept-Encoding\r\n"), std::string::npos) << plain.head;
  EXPECT_EQ(plain.head.find("Content-Encoding"), std::string::npos) << plain.head;
  terms.takes_gzip = true;
  const auto compressed = write(x, terms);
  EXPECT_EQ(compressed.body, gzip_of(body));
  for (const auto& line : {"Content-Encoding: gzip", "Vary: Accept-Encoding"})
    EXPECT_NE(compressed.head.find("\r\n" + std::string{line} + "\r\n"), std::string::npos)
      << compressed.head;
  EXPECT_NE(compressed.head.find("\r\nETag: " + gzip_name + "\r\n"), std::string::npos);
  EXPECT_NE(compressed.head.find("\r\nContent-Length: " + std::to_string(gzip_of(body).size())),
            std::string::npos);
  terms.is_head = true;
  EXPECT_EQ(write(x, terms).head, compressed.head);
  EXPECT_EQ(write(x, terms).body, "");
  EXPECT_EQ(write(x, terms).sent.bytes, 0U);
}

void expect_304(const http_response& x, const std::string& body) {
  auto terms = get_terms();
  const auto name = etag_of(body), gzip_name = gzip_etag_of(name);
  const auto list = "\"other\", W/" + name;
  for (const std::string_view asked : {std::string_view{list}, std::string_view{"*"}}) {
    terms.if_none_match = asked;
    const auto unchanged = write(x, terms);
    EXPECT_TRUE(unchanged.head.starts_with("HTTP/1.1 304 Not Modified\r\n")) << unchanged.head;
    EXPECT_NE(unchanged.head.find("\r\nETag: " + name + "\r\n"), std::string::npos);
    EXPECT_NE(unchanged.head.find("\r\nVary: Accept-Encoding\r\n"), std::string::npos);
    EXPECT_EQ(unchanged.head.find("\r\nContent-"), std::string::npos) << unchanged.head;
    EXPECT_EQ(unchanged.body, "");
    EXPECT_EQ(unchanged.sent.status, 304U);
  }
  terms.if_none_match = gzip_name; // has another form
  EXPECT_EQ(write(x, terms).sent.status, 200U);
  terms.takes_gzip = true;
  const auto unchanged = write(x, terms);
  EXPECT_EQ(unchanged.sent.status, 304U);
  EXPECT_EQ(unchanged.head.find("\r\nContent-"), std::string::npos) << unchanged.head;
  EXPECT_NE(unchanged.head.find(gzip_name), std::string::npos) << unchanged.head;
  terms.if_none_match = name;
  EXPECT_EQ(write(x, terms).sent.status, 200U);
}

TEST(write_answer, sends_the_form_that_is_wanted) {
  expect_forms({200, "text/plain", long_text}, long_text);
  expect_forms(cached_answer(make_cached(long_text, "text/plain")), long_text);
}

TEST(write_answer, sends_nothing_that_the_client_has) {
  expect_304({200, "text/plain", long_text}, long_text);
  expect_304(cached_answer(make_cached(long_text, "text/plain")), long_text);
}

TEST(write_answer, names_only_what_get_found) {
  answer_terms post;
  post.takes_gzip = true;
  post.if_none_match = "*";
  EXPECT_EQ(write({200, "text/plain", long_text}, post).head.find("ETag"), std::string::npos);
  EXPECT_EQ(write({200, "text/plain", long_text}, post).body, long_text);
  EXPECT_EQ(write(cached_answer(make_cached("abc")), post).body, "abc");
  auto terms = get_terms();
  terms.if_none_match = "*";
  EXPECT_EQ(write(http_error(404, "no"), terms).sent.status, 404U);
  EXPECT_EQ(write(http_error(404, "no"), terms).head.find("ETag"), std::string::npos);
}

TEST(write_answer, keeps_the_name_that_a_handler_gave) {
  auto terms = get_terms();
  http_response x{200, "text/plain", long_text, {{"ETag", "\"v7\""}}};
  EXPECT_NE(write(x, terms).head.find("ETag: \"v7\"\r\n"), std::string::npos);
  terms.if_none_match = "W/\"v7\"";
  EXPECT_EQ(write(x, terms).sent.status, 304U);
  terms.takes_gzip = true;
  EXPECT_NE(write(x, terms).head.find("ETag: \"v7-gz\"\r\n"), std::string::npos);
  x.headers = {{"etag", "W/\"v7\""}};
  terms.takes_gzip = false;
  EXPECT_EQ(write(x, terms).sent.status, 304U);
}

TEST(write_answer, what_is_compressed_already_is_left_alone) {
  auto terms = get_terms();
  terms.takes_gzip = true;
  const auto x = write({200, "text/plain", long_text, {{"content-encoding", "br"}}}, terms);
  EXPECT_EQ(x.body, long_text);
}

TEST(write_answer, what_has_no_body_has_no_length) {
  auto terms = get_terms();
  for (const unsigned status : {204U, 304U}) {
    const auto x = write({status, "text/plain", "ignored"}, terms);
    EXPECT_EQ(x.head.find("Content-"), std::string::npos) << x.head;
    EXPECT_EQ(x.body, "");
  }
}

TEST(date_line_of, is_as_in_the_standard) {
  EXPECT_EQ(date_line_of(784'111'777), "Date: Sun, 06 Nov 1994 08:49:37 GMT\r\n"); // RFC 9110
  EXPECT_EQ(date_line_of(0), "Date: Thu, 01 Jan 1970 00:00:00 GMT\r\n");
  EXPECT_EQ(date_line_of(1'709'164'799), "Date: Wed, 28 Feb 2024 23:59:59 GMT\r\n");
  EXPECT_EQ(date_line_of(1'709'164'800), "Date: Thu, 29 Feb 2024 00:00:00 GMT\r\n");
}

TEST(cached_body, small_bodies_have_one_form) {
  const auto x = make_cached("abc");
  EXPECT_EQ(x->gzip_form(), nullptr);
  EXPECT_EQ(x->plain_form().head, "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n"
                                  "Content-Length: 3\r\nETag: "
                                    + etag_of("abc") + "\r\n");
  EXPECT_EQ(cached_answer(x).content(), "abc");
}

} // namespace
} // namespace sluice::net
