// Clients that are not honest: whatever they send, others are served and nothing is kept.
#include "tests/support/http_world.hpp"
#include "tests/support/malformed_requests.hpp"

#include <gtest/gtest.h>

#include <memory>
#include <random>

namespace sluice::test {
namespace {

/// Asks on one connection that stays.
class honest_client {
public:
  explicit honest_client(const http_world& world) : peer_(world.port()) {}

  void expect_answer() const {
    peer_.send(get("/query?honest"));
    const auto got = peer_.read_until("\r\n\r\nhonest");
    ASSERT_TRUE(got.ends_with("\r\n\r\nhonest")) << got;
  }

private:
  bare_socket peer_;
};

net::http_server_terms abuse_terms() {
  auto terms = http_world::quick_terms();
  terms.limits.requests_max = 100'000;
  terms.limits.connections_per_network = 1000;
  return terms;
}

/// Until only so many connections are left; an honest one is asked meanwhile, so it ends by itself
/// only when the server hangs.
void wait_for_open(const http_world& world, uint64_t open, const honest_client& honest) {
  while (world.server->counts().open > open) {
    ASSERT_NO_FATAL_FAILURE(honest.expect_answer());
  }
}

TEST(http_abuse, ten_thousand_malformed_requests_leave_nothing_behind) {
  const uint64_t seed = std::random_device{}();
  SCOPED_TRACE("seed " + std::to_string(seed));
  malformed_requests requests{seed};
  http_world world;
  world.start(abuse_terms());
  const honest_client honest{world};
  for (int i = 0; i < 10'000; ++i) {
    const auto text = requests.next();
    const bare_socket peer{world.port()};
    peer.send(text);
    ::shutdown(peer.fd(), SHUT_WR);
    const auto got = peer.read_until();
    ASSERT_TRUE(got.empty() || got.starts_with("HTTP/1.1 ")) << text << "\n---\n" << got;
    if (i % 100 == 0) {
      ASSERT_NO_FATAL_FAILURE(honest.expect_answer());
    }
  }
  wait_for_open(world, 1, honest);
  EXPECT_EQ(world.server->counts().turned_away, 0U);
}

/// Each with a request behind it that must not be found: it would be answered with "plain".
TEST(http_abuse, no_shape_hides_a_second_request) {
  http_world world;
  world.start(abuse_terms());
  const std::string hidden = get("/plain");
  const auto post = [](const std::string& headers, const std::string& rest) {
    return "POST /echo HTTP/1.1\r\nHost: here\r\n" + headers + "\r\n" + rest;
  };
  const std::string chunked = "Transfer-Encoding: chunked\r\n";
  const std::vector<std::pair<unsigned, std::string>> shapes{
    {400, post("Content-Length: 6\r\n" + chunked, "0\r\n\r\n" + hidden)},
    {400, post(chunked + "Content-Length: 6\r\n", "0\r\n\r\n" + hidden)},
    {400, post("Content-Length: 0\r\nContent-Length: 44\r\n", hidden)},
    {400, post("Content-Length: 44, 0\r\n", hidden)},
    {400, post("Content-Length: -1\r\n", hidden)},
    {400, post("Content-Length: +0\r\n", hidden)},
    {400, post("Content-Length: 0x0\r\n", hidden)},
    {400, post("Content-Length: 0\x0b\r\n", hidden)},
    {413, post("Content-Length: 18446744073709551617\r\n", hidden)},
    {400, post("Content-Length : 0\r\n", hidden)},
    {400, post("Transfer-Encoding : chunked\r\n", "0\r\n\r\n" + hidden)},
    {501, post("Transfer-Encoding: xchunked\r\n", "0\r\n\r\n" + hidden)},
    {501, post("Transfer-Encoding: chunked, identity\r\n", "0\r\n\r\n" + hidden)},
    {501, post("Transfer-Encoding: gzip, chunked\r\n", "0\r\n\r\n" + hidden)},
    {501, post(chunked + chunked, "0\r\n\r\n" + hidden)},
    {501, post("Transfer-Encoding: \"chunked\"\r\n", "0\r\n\r\n" + hidden)},
    {400, post("Transfer-Encoding: \x0b"
               "chunked\r\n",
               "0\r\n\r\n" + hidden)},
    {400, post("X: y\r\n Transfer-Encoding: chunked\r\n", "0\r\n\r\n" + hidden)},
    {400, post("X: y\nTransfer-Encoding: chunked\r\n", "0\r\n\r\n" + hidden)},
    {400, post("X: y\rTransfer-Encoding: chunked\r\n", "0\r\n\r\n" + hidden)},
    {400, post(chunked, "-1\r\n\r\n" + hidden)},
    {400, post(chunked, "0x1\r\na\r\n0\r\n\r\n" + hidden)},
    {400, post(chunked, "+1\r\na\r\n0\r\n\r\n" + hidden)},
    {400, post(chunked, " 1\r\na\r\n0\r\n\r\n" + hidden)},
    {400, post(chunked, "1\na\n0\n\n" + hidden)},
    {400, post(chunked, "1\r\nab\r\n0\r\n\r\n" + hidden)},
    {400, post(chunked, "fffffffffffffffff\r\na\r\n0\r\n\r\n" + hidden)},
    {400, post(chunked, "1;" + std::string(10'000, 'x') + "\r\na\r\n0\r\n\r\n" + hidden)},
    {400, "GET /nothing HTTP/1.1\nHost: here\n\n" + hidden},
    {400, "GET /nothing HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n" + hidden},
    {400, "GET /nothing HTTP/1.1\r\n Host: a\r\n\r\n" + hidden},
    {431, "GET /nothing HTTP/1.1\r\nX: " + std::string(9'000, 'x') + "\r\n\r\n" + hidden}};
  for (const auto& [status, text] : shapes) {
    const auto got = world.ask(text);
    EXPECT_TRUE(got.starts_with("HTTP/1.1 " + std::to_string(status) + ' ') || got.empty())
      << status << '\n'
      << text.substr(0, 300) << "\n---\n"
      << got;
    EXPECT_FALSE(got.empty()) << text.substr(0, 300);
    EXPECT_EQ(times("HTTP/1.1 ", got), 1U) << text.substr(0, 300) << "\n---\n" << got;
    EXPECT_FALSE(got.ends_with("plain")) << text.substr(0, 300);
  }
}

TEST(http_abuse, who_neither_writes_nor_reads_holds_up_nobody_and_is_gone) {
  http_world world;
  auto terms = abuse_terms();
  terms.limits.head_ms = 200;
  terms.limits.write_ms = 200;
  world.start(terms);
  const honest_client honest{world};
  ASSERT_NO_FATAL_FAILURE(honest.expect_answer()); // within head_ms of its connection
  std::vector<std::unique_ptr<bare_socket>> others;
  for (int i = 0; i < 100; ++i) {
    others.push_back(std::make_unique<bare_socket>(world.port())); // half open
    others.push_back(std::make_unique<bare_socket>(world.port()));
    others.back()->send("GET /plain HT");
    others.push_back(std::make_unique<bare_socket>(world.port()));
    const int small = 1;
    ::setsockopt(others.back()->fd(), SOL_SOCKET, SO_RCVBUF, &small, sizeof small);
    std::string many;
    for (int n = 0; n < 400; ++n) // far more than the sockets hold
      many += get("/cached");
    others.back()->send(many);
  }
  ASSERT_NO_FATAL_FAILURE(honest.expect_answer());
  wait_for_open(world, 1, honest);
  EXPECT_EQ(world.server->counts().open, 1U);
}

} // namespace
} // namespace sluice::test
