#include "net/http/head.hpp"

#include <gtest/gtest.h>

namespace sluice::net {
namespace {

constexpr size_t line_max = 200;

std::string with(const std::string& line, const std::string& headers = "") {
  return line + "\r\nHost: here\r\n" + headers + "\r\n";
}

http_head accepted(const std::string& text) {
  auto read = read_head(text, line_max);
  if (const auto* no = std::get_if<http_response>(&read)) {
    ADD_FAILURE() << text << no->body;
    return {};
  }
  return std::get<http_head>(std::move(read));
}

/// The status that a head is refused with; 0: it is accepted.
unsigned refused(const std::string& text) {
  const auto read = read_head(text, line_max);
  const auto* no = std::get_if<http_response>(&read);
  return no ? no->status : 0;
}

TEST(read_head, takes_the_request_apart) {
  const auto x = accepted(with("GET /a/b%20c?x=1&y=2?3 HTTP/1.1", "ACCEPT: text/plain \r\nX:\r\n"));
  EXPECT_EQ(x.request.method, "GET");
  EXPECT_EQ(x.request.path, "/a/b%20c");
  EXPECT_EQ(x.request.query, "x=1&y=2?3");
  EXPECT_EQ(x.request.headers,
            (std::vector<http_header>{{"host", "here"}, {"accept", "text/plain"}, {"x", ""}}));
  EXPECT_TRUE(x.keep_alive);
  EXPECT_FALSE(x.has_body());
}

TEST(read_head, knows_who_wants_to_stay) {
  EXPECT_FALSE(accepted(with("GET / HTTP/1.1", "Connection: foo , Close\r\n")).keep_alive);
  EXPECT_FALSE(accepted(with("GET / HTTP/1.0")).keep_alive);
  EXPECT_TRUE(accepted(with("GET / HTTP/1.0", "Connection: Keep-Alive\r\n")).keep_alive);
  EXPECT_TRUE(accepted("GET / HTTP/1.0\r\n\r\n").request.http_1_0); // 1.0 needs no Host
}

TEST(read_head, knows_where_the_body_ends) {
  EXPECT_EQ(accepted(with("POST / HTTP/1.1", "Content-Length: 17\r\n")).body_bytes, 17U);
  const auto chunked
    = accepted(with("POST / HTTP/1.1", "Transfer-Encoding: Chunked\r\nExpect: 100-continue\r\n"));
  EXPECT_TRUE(chunked.chunked);
  EXPECT_TRUE(chunked.expects_continue);
}

TEST(read_head, takes_the_path_out_of_what_a_proxy_sends) {
  EXPECT_EQ(accepted(with("GET http://other:80/x?y HTTP/1.1")).request.path, "/x");
  EXPECT_EQ(accepted(with("GET HTTP://other HTTP/1.1")).request.path, "/");
  EXPECT_EQ(accepted(with("OPTIONS * HTTP/1.1")).request.path, "*");
}

TEST(read_head, refuses_what_two_programs_could_read_differently) {
  const std::vector<std::string> malformed{
    "GET / HTTP/1.1\nHost: here\r\n\r\n",
    "GET / HTTP/1.1\r\nHost: here\nX: y\r\n\r\n",
    "GET / HTTP/1.1\r\nHost: here\rX: y\r\n\r\n",
    with("GET  / HTTP/1.1"),
    with("GET /a b HTTP/1.1"),
    with("GET\t/ HTTP/1.1"),
    with(" GET / HTTP/1.1"),
    with("G(T / HTTP/1.1"),
    with("GET / HTTP/1.1 "),
    with("GET / ICE/1.1"),
    with("GET HTTP/1.1"),
    with("GET x HTTP/1.1"),
    with("GET * HTTP/1.1"),
    with("GET /#top HTTP/1.1"),
    with("GET /\x80 HTTP/1.1"),
    with("GET / HTTP/1.1", "X : y\r\n"),
    with("GET / HTTP/1.1", ": y\r\n"),
    with("GET / HTTP/1.1", "X\r\n"),
    with("GET / HTTP/1.1", "X: a\r\n b\r\n"),
    with("GET / HTTP/1.1", "X: a\x01\r\n"),
    with("GET / HTTP/1.1", std::string{"X: a\0b\r\n", 8}),
    with("GET / HTTP/1.1", "Host: there\r\n"),
    "GET / HTTP/1.1\r\nHost: a, b\r\n\r\n",
    "GET / HTTP/1.1\r\nHost: a b\r\n\r\n",
    "GET / HTTP/1.1\r\nHost: u@a\r\n\r\n",
    "GET / HTTP/1.1\r\n\r\n",
    "\r\n\r\n",
    with("POST / HTTP/1.1", "Content-Length: 1\r\nContent-Length: 1\r\n"),
    with("POST / HTTP/1.1", "Content-Length: 1, 1\r\n"),
    with("POST / HTTP/1.1", "Content-Length: +1\r\n"),
    with("POST / HTTP/1.1", "Content-Length: -1\r\n"),
    with("POST / HTTP/1.1", "Content-Length: 0x1\r\n"),
    with("POST / HTTP/1.1", "Content-Length:\r\n"),
    with("POST / HTTP/1.1", "Content-Length: 1\r\nTransfer-Encoding: chunked\r\n"),
    with("POST / HTTP/1.0", "Transfer-Encoding: chunked\r\n")};
  for (const auto& text : malformed)
    EXPECT_EQ(refused(text), 400U) << text;
}

TEST(read_head, states_what_is_too_long_or_not_understood) {
  EXPECT_EQ(refused(with("GET /" + std::string(line_max, 'x') + " HTTP/1.1")), 414U);
  EXPECT_EQ(refused(with("POST / HTTP/1.1", "Content-Length: 1234567890123456789\r\n")), 413U);
  EXPECT_EQ(refused(with("POST / HTTP/1.1", "Expect: miracles\r\n")), 417U);
  for (const auto* coding : {"gzip", "gzip, chunked", "chunked, chunked", "identity", ""})
    EXPECT_EQ(
      refused(with("POST / HTTP/1.1", "Transfer-Encoding: " + std::string{coding} + "\r\n")), 501U)
      << coding;
  EXPECT_EQ(refused(with("POST / HTTP/1.1",
                         "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n")),
            501U);
  EXPECT_EQ(refused(with("GET / HTTP/2.0")), 505U);
  EXPECT_EQ(refused(with("GET / HTTP/1.2")), 505U);
  std::string many;
  for (int i = 0; i < 100; ++i)
    many += "x: y\r\n";
  EXPECT_EQ(refused(with("GET / HTTP/1.1", many)), 431U);
  EXPECT_EQ(refused("GET / HTTP/1.0\r\n" + many + "\r\n"), 0U);
}

TEST(may_begin_head, distinguishes_other_protocols) {
  for (const auto* text : {"", "G", "GET", "GET ", "GET /\x01", "M-SEARCH *"})
    EXPECT_TRUE(may_begin_head(text)) << text;
  for (const auto* text : {"\x16\x03\x01", "\x80", "GET\t/", "(", "SSH-2.0-OpenSSH_9.2 \x01 "})
    EXPECT_EQ(may_begin_head(text), std::string_view{text}.starts_with("SSH")) << text;
  EXPECT_FALSE(may_begin_head(std::string(33, 'A')));
}

} // namespace
} // namespace sluice::net
