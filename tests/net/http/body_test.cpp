#include "net/http/body.hpp"

#include <gtest/gtest.h>

namespace sluice::net {
namespace {

using state = body_reader::state;

http_head with_length(uint64_t bytes) {
  http_head x;
  x.body_bytes = bytes;
  return x;
}

http_head in_chunks() {
  http_head x;
  x.chunked = true;
  return x;
}

/// Puts the text in pieces of so many bytes, as it would come from a socket; how it ended and what
/// was left over.
std::pair<state, std::string>
put_in_pieces(body_reader& body, const std::string& text, size_t piece) {
  std::string waiting;
  for (size_t at = 0; at < text.size(); at += piece) {
    waiting += text.substr(at, piece);
    const auto step = body.put(waiting);
    waiting.erase(0, step.used);
    if (step.now != state::needs_more)
      return {step.now, waiting + text.substr(std::min(at + piece, text.size()))};
  }
  return {state::needs_more, waiting};
}

TEST(body_reader, stops_where_the_next_request_begins) {
  for (size_t piece = 1; piece <= 20; ++piece) {
    body_reader known{with_length(5), 10};
    EXPECT_EQ(put_in_pieces(known, "helloGET /", piece),
              std::pair(state::complete, std::string{"GET /"}));
    EXPECT_EQ(known.take(), "hello");
    body_reader chunked{in_chunks(), 100};
    const std::string text = "3;name=value\r\nhel\r\n2\r\nlo\r\n0\r\nX-Trailer: x\r\n\r\nGET /";
    EXPECT_EQ(put_in_pieces(chunked, text, piece), std::pair(state::complete, std::string{"GET /"}))
      << piece;
    EXPECT_EQ(chunked.take(), "hello");
  }
}

TEST(body_reader, takes_no_more_than_it_may) {
  body_reader known{with_length(11), 10};
  EXPECT_EQ(known.put("hello").now, state::too_long);
  body_reader exactly{with_length(5), 5};
  EXPECT_EQ(exactly.put("hello").now, state::complete);
  for (const auto* text : {"b\r\nhello", "5\r\nhello\r\n6\r\n", "ffffffffffffffff\r\n"}) {
    body_reader chunked{in_chunks(), 10};
    EXPECT_EQ(chunked.put(text).now, state::too_long) << text;
  }
}

TEST(body_reader, refuses_chunks_that_are_none) {
  for (const auto* text :
       {"x\r\n", "-1\r\n", "3\r\nhello\r\n", "\r\n", "fffffffffffffffff\r\n", "0\r\nX\r\n\r\n"}) {
    body_reader chunked{in_chunks(), 10};
    EXPECT_EQ(chunked.put(text).now, state::malformed) << text;
  }
  body_reader endless{in_chunks(), 10};
  EXPECT_EQ(endless.put("1;" + std::string(5'000, 'x')).now, state::malformed);
}

} // namespace
} // namespace sluice::net
