// Changes over WebSockets: order, filter, who is too slow, who is too many.
#include "tests/support/consensus_routes_world.hpp"

#include <gtest/gtest.h>

namespace sluice::test {
namespace {

using nlohmann::json;

/// A client of the stream that reads frames.
class stream_client {
public:
  explicit stream_client(uint16_t port, const std::string& query = "") : socket_(port) {
    socket_.send(
      "GET /api/v1/stream" + query
      + " HTTP/1.1\r\nHost: node\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
        "Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\nSec-WebSocket-Version: 13\r\n\r\n");
    const auto got = socket_.read_until("\r\n\r\n");
    const auto end = got.find("\r\n\r\n");
    head_ = got.substr(0, end);
    bytes_ = got.substr(end + 4);
  }

  /// The next text; discarded when the connection has ended, or a close frame came.
  json next() {
    need(2);
    if (bytes_.size() < 2 || (bytes_[0] & 0x0f) == 8)
      return json(json::value_t::discarded);
    size_t head = 2, size = static_cast<unsigned char>(bytes_[1]);
    if (size == 126) {
      need(4);
      size = static_cast<size_t>(static_cast<unsigned char>(bytes_[2])) << 8
             | static_cast<unsigned char>(bytes_[3]);
      head = 4;
    }
    need(head + size);
    const auto text = bytes_.substr(head, size);
    bytes_.erase(0, head + size);
    return json::parse(text, nullptr, false);
  }

  const std::string& head() const { return head_; }
  const bare_socket& socket() const { return socket_; }

private:
  void need(size_t bytes) {
    std::array<char, 4096> chunk{};
    pollfd ready{socket_.fd(), POLLIN, 0};
    while (bytes_.size() < bytes && ::poll(&ready, 1, 60'000) > 0) {
      const auto n = ::recv(socket_.fd(), chunk.data(), chunk.size(), 0);
      if (n <= 0)
        return;
      bytes_.append(chunk.data(), static_cast<size_t>(n));
    }
  }

  bare_socket socket_;
  std::string head_;
  std::string bytes_;
};

class consensus_stream_test : public ::testing::Test {
protected:
  void start(net::stream_terms terms = consensus_world::quick_stream()) {
    world = std::make_unique<consensus_world>(true, terms);
    world->pages->open({});
  }
  void report(unsigned validator, uint64_t epoch, const json& list) const {
    EXPECT_EQ(world->report(validator, epoch, list).status, 200U);
  }
  /// Waits until so many are there; the server learns of an end a moment later.
  bool becomes(size_t subscribers) const {
    for (int i = 0; i < 2'000 && world->pages->subscribers() != subscribers; ++i)
      world->get("/health");
    return world->pages->subscribers() == subscribers;
  }

  std::unique_ptr<consensus_world> world;
};

TEST_F(consensus_stream_test, tells_every_change_in_order_after_a_snapshot) {
  start();
  report(48, 1, json::array({consensus_world::item(1)}));
  stream_client client{world->port()};
  EXPECT_TRUE(client.head().starts_with("HTTP/1.1 101 ")) << client.head();
  const auto snapshot = client.next();
  EXPECT_EQ(snapshot["type"], "snapshot");
  EXPECT_EQ(snapshot["miners"], 1);
  auto version = snapshot["version"].get<uint64_t>();
  report(50, 1, {consensus_world::item(1), consensus_world::item(2)});
  for (const int uid : {1, 2}) {
    const auto change = client.next();
    EXPECT_EQ(change["type"], "change");
    EXPECT_EQ(change["uid"], uid);
    EXPECT_EQ(change["state"], uid == 1 ? "agreed" : "pending");
    EXPECT_EQ(change["hotkey"], "HOTKEY-A");
    EXPECT_EQ(change["version"], version + 1);
  }
  for (uint64_t i = 2; i < 100; ++i) {
    report(48, i, json::array({consensus_world::item(1, 1000 + static_cast<double>(i))}));
    const auto change = client.next();
    EXPECT_GT(change["version"].get<uint64_t>(), version);
    version = change["version"].get<uint64_t>();
  }
}

TEST_F(consensus_stream_test, tells_of_one_miner_where_only_that_is_asked_for) {
  start();
  stream_client client{world->port(), "?uid=2"};
  EXPECT_EQ(client.next()["type"], "snapshot");
  report(48, 1, {consensus_world::item(1), consensus_world::item(2), consensus_world::item(3)});
  EXPECT_EQ(client.next()["uid"], 2);
  report(48, 2, json::array({consensus_world::item(1, 7)}));
  report(48, 3, json::array({consensus_world::item(2, 7)}));
  EXPECT_EQ(client.next()["uid"], 2);
}

TEST_F(consensus_stream_test, tells_when_a_record_becomes_stale) {
  start();
  report(48, 1, json::array({consensus_world::item(1)}));
  stream_client client{world->port()};
  client.next();
  *world->now += 300'001;
  world->backend->expire();
  const auto stale = client.next();
  EXPECT_EQ(stale["state"], "stale");
  EXPECT_EQ(stale["fallback"], true);
  *world->now += 600'000;
  world->backend->expire();
  EXPECT_EQ(client.next()["fallback"], false) << "after 900 s";
  *world->now += 2'700'000;
  world->backend->expire();
  EXPECT_EQ(client.next()["state"], "none");
}

TEST_F(consensus_stream_test, closes_who_does_not_read_and_goes_on_with_the_others) {
  auto terms = consensus_world::quick_stream();
  terms.queue_bytes_max = 4096;
  start(terms);
  stream_client slow{world->port()}, quick{world->port()};
  slow.next();
  quick.next();
  ASSERT_EQ(world->pages->subscribers(), 2U);
  json many = json::array();
  for (unsigned uid = 0; uid < 10; ++uid)
    many.push_back(consensus_world::item(uid));
  size_t read = 0;
  // Until the sockets' buffers are full: some megabytes. The quick one reads all the time.
  for (uint64_t epoch = 1; epoch < 20'000 && world->pages->subscribers() == 2; ++epoch) {
    const auto book_now = world->now->load();
    std::vector<consensus_record> changed(10);
    for (uint16_t uid = 0; uid < 10; ++uid) {
      changed[uid].uid = {uid};
      changed[uid].state = consensus_state::pending;
      changed[uid].newest_ms = book_now;
      changed[uid].hotkey = std::string(60, 'x');
    }
    world->pages->put({std::move(changed), {}, {}, {}});
    for (int i = 0; i < 10; ++i) {
      const auto line = quick.next();
      ASSERT_EQ(line["uid"], i) << epoch;
      ++read;
    }
  }
  EXPECT_EQ(world->pages->subscribers(), 1U) << "the slow one has gone";
  EXPECT_GT(read, 0U);
  json last;
  for (json line = slow.next(); !line.is_discarded(); line = slow.next())
    last = line;
  EXPECT_EQ(last["type"], "closed") << last;
  EXPECT_NE(last["reason"].get<std::string>().find("read faster"), std::string::npos);
}

TEST_F(consensus_stream_test, refuses_what_it_does_not_understand_with_a_reason) {
  auto terms = consensus_world::quick_stream();
  terms.subscribers_max = 1;
  start(terms);
  for (const auto* query : {"?uid=x", "?uid=70000", "?uid=1&uid=2"}) {
    stream_client client{world->port(), query};
    EXPECT_EQ(client.next()["type"], "closed") << query;
  }
  EXPECT_EQ(world->pages->subscribers(), 0U);
  stream_client first{world->port()};
  EXPECT_EQ(first.next()["type"], "snapshot");
  stream_client second{world->port()};
  const auto no = second.next();
  EXPECT_EQ(no["type"], "closed");
  EXPECT_NE(no["reason"].get<std::string>().find("1 subscribers already"), std::string::npos);
  first.socket().send_text("hello");
  EXPECT_EQ(first.next()["type"], "closed");
  EXPECT_TRUE(becomes(0));
  EXPECT_EQ(world->get("/api/v1/stream").status, 426U);
}

TEST_F(consensus_stream_test, survives_its_server) {
  start();
  stream_client client{world->port()};
  client.next();
  world->server.reset();
  const auto pages = world->pages;
  pages->put({}); // nobody is there any more
  EXPECT_EQ(pages->subscribers(), 0U);
  EXPECT_TRUE(client.next().is_discarded());
}

TEST_F(consensus_stream_test, shows_that_it_is_alive) {
  auto terms = consensus_world::quick_stream();
  terms.alive_ms = 1;
  start(terms);
  stream_client client{world->port()};
  EXPECT_EQ(client.next()["type"], "snapshot");
  EXPECT_EQ(client.next()["type"], "alive");
}

} // namespace
} // namespace sluice::test
