// A WebSocket on a route: taken over with what was read before its time.
#include "net/http/link.hpp"
#include "tests/support/http_world.hpp"

#include <gtest/gtest.h>

namespace sluice::test {
namespace {

constexpr auto ask_for_websocket
  = "Upgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\n"
    "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n";

class http_upgrade : public ::testing::Test {
protected:
  http_upgrade() {
    world.on_websocket = [this](net::websocket_request request) {
      query = request.request().query;
      net::link_owner owner;
      owner.opened = [] {};
      owner.received = [this](std::string_view text) {
        link->send("received " + std::string{text});
        link->close("");
      };
      owner.ended = [this](const std::string&) { link.reset(); };
      link = net::make_link(std::move(request), {}, std::move(owner));
      const auto kept = link;
      kept->accept();
    };
    world.start();
  }

  std::string query;
  std::shared_ptr<net::websocket_link> link;
  http_world world; // ends first
};

TEST_F(http_upgrade, carries_texts_that_came_with_the_request) {
  const bare_socket peer{world.port()};
  peer.send(get("/plain") + get("/socket?x=1", ask_for_websocket) + bare_socket::frame(5)
            + "hello");
  const auto got = peer.read_until("received hello");
  EXPECT_TRUE(
    essential(got).starts_with(response_of("plain") + "HTTP/1.1 101 Switching Protocols\r\n"))
    << got;
  // The key of RFC 6455, 1.3
  EXPECT_NE(got.find("s3pPLMBiTxaQ9kYGzzhZRbK+xOo="), std::string::npos) << got;
  EXPECT_NE(got.find("\x81\x0ereceived hello"), std::string::npos) << got;
  EXPECT_EQ(query, "x=1");
}

TEST_F(http_upgrade, a_plain_request_is_answered_with_what_is_there) {
  const auto got = world.ask(get("/socket", closing));
  EXPECT_TRUE(got.starts_with("HTTP/1.1 426 Upgrade Required\r\n")) << got;
  EXPECT_NE(got.find("Upgrade: websocket\r\n"), std::string::npos) << got;
  EXPECT_NE(got.find("Sec-WebSocket-Version: 13\r\n"), std::string::npos) << got;
  EXPECT_TRUE(world.ask("POST /socket HTTP/1.1\r\nHost: h\r\n" + closing + "\r\n")
                .starts_with("HTTP/1.1 405 "));
  EXPECT_TRUE(
    world.ask(get("/socket", std::string{ask_for_websocket} + "Content-Length: 1\r\n") + 'x')
      .starts_with("HTTP/1.1 400 "));
}

TEST_F(http_upgrade, that_nobody_takes_is_closed) {
  world.server.reset();
  world.on_websocket = {};
  world.start();
  EXPECT_EQ(world.ask(get("/socket", ask_for_websocket)), "");
}

TEST_F(http_upgrade, holds_its_place_until_the_websocket_ends) {
  auto terms = http_world::quick_terms();
  terms.limits.connections_max = 1;
  world.start(terms);
  std::optional<bare_socket> peer{std::in_place, world.port()};
  peer->send(get("/socket", ask_for_websocket));
  peer->read_until("\r\n\r\n");
  EXPECT_TRUE(world.ask("").starts_with("HTTP/1.1 503 "));
  EXPECT_EQ(world.server->counts().open, 0U);
  peer->send(bare_socket::frame(1) + "x");
  peer->read_until("received x");
  peer->send(bare_socket::frame(2, 0x88) + "\x03\xe8"); // agrees to close
  peer->read_until();
  peer.reset();
  std::string got;
  for (int i = 0; i < 1'000 && !got.starts_with("HTTP/1.1 200 "); ++i)
    got = world.ask(get("/plain", closing)); // the server learns of it a moment later
  EXPECT_TRUE(got.ends_with("plain")) << got;
}

} // namespace
} // namespace sluice::test
