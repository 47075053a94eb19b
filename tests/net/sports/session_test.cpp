// One miner's WebSocket: who has it, what comes first on it, and when it ends.
#include "net/http/link.hpp"
#include "tests/support/sports_wire_world.hpp"

#include <boost/asio/io_context.hpp>
#include <gtest/gtest.h>

#include <random>
#include <set>

namespace sluice::test {
namespace {

class sports_session_test : public ::testing::Test {
protected:
  using terms_change = std::function<void(net::sports_connections_terms&)>;

  void start(const terms_change& change = {}) {
    world = std::make_unique<sports_wire_world>(change);
    world->backend->add_miner(miner.address(), 1);
    world->backend->add_miner(other.address(), 2);
  }
  net::sports_connection_counts counts() const { return world->connections->counts(); }
  uint16_t port() const { return world->port(); }

  sports_test_miner miner{sports_wire_world::key(1)};
  sports_test_miner other{sports_wire_world::key(2)};
  std::unique_ptr<sports_wire_world> world;
};

TEST_F(sports_session_test, newest_connection_wins_and_the_end_of_the_older_does_not_remove_it) {
  start();
  auto first = miner.connect(port());
  auto second = miner.connect(port());
  EXPECT_EQ(miner.welcome.body()["type"], "welcome");
  const auto close = first->next_close();
  EXPECT_EQ(close.close, 1000);
  EXPECT_EQ(close.reason, "New connection established");
  first.reset();
  ASSERT_TRUE(sports_wire_world::becomes([&] { return counts().connections == 1; }));
  EXPECT_EQ(counts().active, 1U);
  EXPECT_EQ(counts().replaced, 1U);
  world->connections->publish(std::vector{sports_wire_world::game("501")});
  EXPECT_EQ(second->next_of("game_update")["data"]["games"][0]["external_id"], "501");
  second->send(miner.predict("p1"));
  EXPECT_EQ(second->next_of("confirmation")["data"]["status"], "success");
  second.reset();
  ASSERT_TRUE(sports_wire_world::becomes([&] { return counts().active == 0; }));
  using change = net::sports_connection_change;
  std::vector<change> seen;
  for (const auto& x : world->backend->events())
    seen.push_back(x.change);
  EXPECT_EQ(seen, (std::vector{change::connected, change::replaced, change::disconnected}));
}

TEST_F(sports_session_test, an_answer_goes_to_the_connection_that_the_miner_has_now) {
  start();
  auto first = miner.connect(port());
  world->backend->hold = true;
  first->send(miner.predict("p1"));
  ASSERT_TRUE(sports_wire_world::becomes([&] { return world->backend->held() == 1; }));
  auto second = miner.connect(port());
  world->backend->release();
  const auto got = second->next_of("confirmation");
  EXPECT_EQ(got["data"]["prediction_id"], "p1");
  EXPECT_EQ(counts().confirmations_sent, 1U);
  EXPECT_EQ(counts().confirmations_failed, 0U);
  second->send(miner.predict("p2"));
  ASSERT_TRUE(sports_wire_world::becomes([&] { return world->backend->held() == 1; }));
  first.reset();
  second.reset();
  ASSERT_TRUE(sports_wire_world::becomes([&] { return counts().active == 0; }));
  world->backend->release();
  EXPECT_EQ(counts().confirmations_failed, 1U);
}

TEST_F(sports_session_test, every_prediction_of_a_batch_has_its_own_verdict) {
  start();
  world->backend->refused["started"] = prediction_code::game_started;
  auto socket = miner.connect(port());
  const std::vector<std::string> batch{sports_wire_world::prediction("p1"),
                                       sports_wire_world::prediction("p2", "started"),
                                       sports_wire_world::prediction("p3")};
  socket->send(miner.frame("prediction", net::predictions_data(batch)));
  std::map<std::string, std::string> codes;
  for (int i = 0; i < 3; ++i) {
    const auto x = socket->next_of("confirmation")["data"];
    codes[x["prediction_id"]] = x["code"];
    EXPECT_EQ(x["status"], x["prediction_id"] == "p2" ? "error" : "success");
  }
  EXPECT_EQ(codes["p1"], "accepted");
  EXPECT_EQ(codes["p2"], "game_started");
  EXPECT_EQ(codes["p3"], "accepted");
  socket->send(miner.predict("p1"));
  const auto again = socket->next_of("confirmation")["data"];
  EXPECT_EQ(again["status"], "success");
  EXPECT_EQ(again["code"], "duplicate_prediction");
}

TEST_F(sports_session_test, nonces_are_good_once_over_reconnects_and_restarts) {
  start();
  const auto shake = miner.handshake();
  const auto prediction = miner.predict("p1");
  const auto expect_used = [&] {
    sports_socket replay{port()};
    replay.send(shake);
    EXPECT_EQ(replay.next().body()["message"], "Invalid authentication");
    EXPECT_EQ(replay.next_close().close, 1008);
    auto socket = miner.connect(port());
    EXPECT_EQ(miner.welcome.body()["type"], "welcome");
    socket->send(prediction);
    EXPECT_EQ(socket->next().body()["message"], "Invalid message signature or structure");
  };
  {
    sports_socket socket{port()};
    socket.send(shake);
    EXPECT_EQ(socket.next().body()["type"], "welcome");
    socket.send(prediction);
    EXPECT_EQ(socket.next_of("confirmation")["data"]["status"], "success");
    socket.send(prediction);
    EXPECT_EQ(socket.next().body()["message"], "Invalid message signature or structure");
  }
  expect_used();
  ASSERT_TRUE(sports_wire_world::becomes([&] { return world->backend->nonces().size() >= 3; }));
  world->restart();
  expect_used();
  EXPECT_EQ(world->backend->stored().size(), 1U);
}

TEST_F(sports_session_test, a_frame_of_another_key_sender_or_time_is_refused_and_the_socket_kept) {
  start();
  auto socket = miner.connect(port());
  const auto refused = [&](const std::string& text) {
    socket->send(text);
    const auto x = socket->next();
    return x.body().value("message", "") == "Invalid message signature or structure"
           && !x.body().contains("signature");
  };
  EXPECT_TRUE(refused(other.predict("p1")));
  miner.set_now(sports_wire_world::begin_us - 301'000'000);
  EXPECT_TRUE(refused(miner.predict("p1")));
  miner.set_now(sports_wire_world::begin_us + 301'000'000);
  EXPECT_TRUE(refused(miner.predict("p1")));
  miner.set_now(sports_wire_world::begin_us);
  auto forged = miner.predict("p1");
  forged.replace(forged.find("10.0"), 4, "11.0");
  EXPECT_TRUE(refused(forged));
  auto more = miner.predict("p1");
  more.insert(1, "\"version\": 1, ");
  EXPECT_TRUE(refused(more));
  EXPECT_TRUE(world->backend->stored().empty());
  EXPECT_EQ(counts().bad, 5U);
  socket->send(miner.predict("p1"));
  EXPECT_EQ(socket->next_of("confirmation")["data"]["status"], "success");
}

TEST_F(sports_session_test, a_confirmation_does_not_wait_behind_other_frames) {
  start([](auto& terms) { terms.transport.queue_max = 5000; });
  auto socket = miner.connect(port());
  std::vector<sports_game> games;
  for (int i = 0; i < 100; ++i)
    games.push_back(sports_wire_world::game("g" + std::to_string(i)));
  constexpr int updates = 600; // more than the sockets between the two can hold
  for (int i = 0; i < updates; ++i) {
    games[0].team_a = "Home " + std::to_string(i);
    world->connections->publish(games);
  }
  for (int i = 0; i < 50; ++i)
    socket->send(miner.frame("heartbeat"));
  socket->send(miner.predict("p1"));
  ASSERT_TRUE(sports_wire_world::becomes([&] { return world->backend->stored().size() == 1; }));
  ASSERT_TRUE(sports_wire_world::becomes([&] { return counts().received == 51; }));
  int games_before = 0, games_after = 0, acks_before = 0, acks_after = 0;
  bool confirmed = false;
  while (games_before + games_after < updates || acks_before + acks_after < 50) {
    const auto x = socket->next();
    ASSERT_FALSE(x.end || x.close != 0) << games_before << ' ' << games_after;
    const auto type = x.body()["type"];
    confirmed = confirmed || type == "confirmation";
    games_before += type == "game_update" && !confirmed ? 1 : 0;
    games_after += type == "game_update" && confirmed ? 1 : 0;
    acks_before += type == "heartbeat_ack" && !confirmed ? 1 : 0;
    acks_after += type == "heartbeat_ack" && confirmed ? 1 : 0;
  }
  EXPECT_TRUE(confirmed);
  EXPECT_GT(games_after, 0); // it was sent while these waited
  EXPECT_EQ(acks_before, 0); // normal frames were behind all games
}

TEST_F(sports_session_test, who_does_not_read_is_closed_and_the_others_are_served) {
  start([](auto& terms) { terms.transport.queue_max = 20; });
  auto slow = miner.connect(port());
  auto quick = other.connect(port());
  std::vector<sports_game> games;
  for (int i = 0; i < 100; ++i)
    games.push_back(sports_wire_world::game("g" + std::to_string(i)));
  for (int i = 0; i < 2'000 && counts().slow == 0; ++i) {
    games[0].team_a = "Home " + std::to_string(i);
    world->connections->publish(games);
    EXPECT_EQ(quick->next_of("game_update")["data"]["games"][0]["team_a"], games[0].team_a);
  }
  EXPECT_EQ(counts().slow, 1U);
  quick->send(other.predict("p1"));
  EXPECT_EQ(quick->next_of("confirmation")["data"]["status"], "success");
}

TEST_F(sports_session_test, who_sends_without_end_is_closed) {
  start([](auto& terms) { terms.frames = {1, 50}; });
  auto socket = miner.connect(port());
  for (int i = 0; i < 200; ++i)
    socket->send("nonsense");
  const auto close = socket->next_close();
  EXPECT_EQ(close.close, 1008);
  EXPECT_EQ(close.reason, "Too many messages in too short a time");
}

TEST_F(sports_session_test, heartbeats_come_and_silence_ends_it) {
  start([](auto& terms) {
    terms.transport.websocket_heartbeat_s = 1;
    terms.transport.websocket_timeout_s = 2;
  });
  auto socket = miner.connect(port());
  const auto heartbeat = socket->next_of("heartbeat");
  EXPECT_EQ(heartbeat["data"], nlohmann::json::object());
  EXPECT_EQ(heartbeat["sender"], sports_wire_world::key(200).address);
  const auto close = socket->next_close();
  EXPECT_EQ(close.close, 1000);
  EXPECT_EQ(close.reason, "Connection idle timeout");
  EXPECT_EQ(counts().idle, 1U);
}

TEST_F(sports_session_test, who_is_not_registered_any_more_is_closed) {
  start([](auto& terms) { terms.sweep_ms = 20; });
  auto socket = miner.connect(port());
  world->backend->remove_miner(miner.address());
  const auto close = socket->next_close();
  EXPECT_EQ(close.close, 1008);
  EXPECT_EQ(close.reason, "Unregistered hotkey");
}

TEST_F(sports_session_test, a_stop_waits_for_answers_and_takes_nobody_else) {
  start([](auto& terms) { terms.drain_ms = 60'000; });
  auto socket = miner.connect(port());
  auto idle = other.connect(port());
  world->backend->hold = true;
  socket->send(miner.predict("p1"));
  ASSERT_TRUE(sports_wire_world::becomes([&] { return world->backend->held() == 1; }));
  world->connections->stop();
  EXPECT_EQ(idle->next_close().reason, "Server shutting down");
  sports_socket late{port()};
  EXPECT_TRUE(late.next().end);
  EXPECT_EQ(world->call("GET", "/ws/health").body["status"], "offline");
  world->backend->release();
  EXPECT_EQ(socket->next_of("confirmation")["data"]["prediction_id"], "p1");
  const auto close = socket->next_close();
  EXPECT_EQ(close.close, 1000);
  EXPECT_EQ(close.reason, "Server shutting down");
}

TEST_F(sports_session_test, a_server_that_stops_closes_everybody_with_the_reason) {
  start();
  auto socket = miner.connect(port());
  auto idle = other.connect(port());
  world->server.reset();
  for (auto* x : {socket.get(), idle.get()}) {
    const auto close = x->next_close();
    EXPECT_EQ(close.close, 1000);
    EXPECT_EQ(close.reason, "Server shutting down");
  }
}

TEST_F(sports_session_test, what_cannot_be_stored_is_answered_with_an_error) {
  start();
  auto socket = miner.connect(port());
  world->backend->failure = fault{ec::storage_full, "the disk is full"};
  socket->send(miner.predict("p1"));
  const auto got = socket->next_of("confirmation")["data"];
  EXPECT_EQ(got["status"], "error");
  EXPECT_EQ(got["code"], "storage_error");
  EXPECT_EQ(got["message"], "the disk is full");
  world->backend->nonce_failure = fault{ec::storage_full, "the disk is full"};
  auto refused = other.connect(port());
  EXPECT_EQ(other.welcome.body()["status"], "error");
  EXPECT_EQ(refused->next_close().close, 1011);
  EXPECT_EQ(counts().active, 1U);
}

TEST_F(sports_session_test, waiting_answers_are_bounded) {
  start([](auto& terms) { terms.transport.queue_max = 3; });
  auto socket = miner.connect(port());
  world->backend->hold = true;
  for (int i = 0; i < 5; ++i)
    socket->send(miner.predict("p" + std::to_string(i)));
  std::set<std::string> refused;
  for (int i = 0; i < 2; ++i) {
    const auto x = socket->next_of("confirmation")["data"];
    EXPECT_EQ(x["code"], "storage_error");
    refused.insert(x["prediction_id"]);
  }
  EXPECT_EQ(refused, (std::set<std::string>{"p3", "p4"}));
  world->backend->hold = false;
  world->backend->release();
  for (int i = 0; i < 3; ++i)
    EXPECT_EQ(socket->next_of("confirmation")["data"]["status"], "success");
  socket->send(miner.predict("p3"));
  EXPECT_EQ(socket->next_of("confirmation")["data"]["code"], "accepted");
}

TEST_F(sports_session_test, handshakes_that_do_not_come_or_are_none_end_it) {
  start([](auto& terms) {
    terms.handshake_ms = 50;
    terms.connections_max = 2;
  });
  sports_socket silent{port()};
  EXPECT_EQ(silent.next().body()["message"], "Invalid authentication");
  EXPECT_EQ(silent.next_close().close, 1008);
  for (const auto& text : {std::string{"x"}, std::string{"{}"}, miner.frame("heartbeat"),
                           std::string(3000, '{'), std::string("\xff\xfe")}) {
    sports_socket socket{port()};
    socket.send(text);
    const auto x = socket.next();
    EXPECT_TRUE(x.end || x.close != 0 || x.body()["message"] == "Invalid authentication") << text;
  }
  auto socket = miner.connect(port());
  EXPECT_EQ(miner.welcome.body()["type"], "welcome");
}

TEST_F(sports_session_test, a_client_learns_with_which_code_and_reason_it_was_closed) {
  start();
  boost::asio::io_context io;
  net::tcp_socket socket{io};
  socket.connect({boost::asio::ip::make_address("127.0.0.1"), port()});
  std::vector<std::string> seen;
  std::shared_ptr<net::websocket_link> link;
  net::link_owner owner;
  owner.opened = [&] { link->send("no handshake"); };
  owner.received = [&](std::string_view text) { seen.emplace_back(text); };
  owner.closed = [&](uint16_t code, std::string_view reason) {
    seen.push_back(std::to_string(code).append(" ").append(reason));
  };
  owner.ended = [&](const std::string& why) { seen.push_back(why); };
  link = net::make_link(std::move(socket), nullptr, {}, std::move(owner));
  link->connect("127.0.0.1", "/ws");
  io.run_for(std::chrono::seconds{60});
  EXPECT_EQ(seen, (std::vector<std::string>{
                    R"({"status": "error", "message": "Invalid authentication"})",
                    "1008 Invalid authentication", "the other side closed the connection"}));
}

TEST_F(sports_session_test, connections_are_bounded) {
  start([](auto& terms) { terms.connections_max = 2; });
  auto first = miner.connect(port());
  auto second = other.connect(port());
  sports_socket third{port()};
  EXPECT_TRUE(third.next().end);
  first->send(miner.predict("p1"));
  EXPECT_EQ(first->next_of("confirmation")["data"]["status"], "success");
}

TEST_F(sports_session_test, hostile_texts_end_at_most_their_own_connection) {
  start([](auto& terms) { terms.frames = {100'000, 100'000}; });
  const auto seed = std::random_device{}();
  SCOPED_TRACE("seed " + std::to_string(seed));
  std::mt19937_64 chance{seed};
  auto good = other.connect(port());
  auto socket = miner.connect(port());
  for (int i = 0; i < 300; ++i) {
    auto text = miner.predict("p" + std::to_string(i));
    switch (chance() % 5) {
    case 0:
      text.resize(chance() % text.size());
      break;
    case 1:
      text[chance() % text.size()] = static_cast<char>(chance() % 256);
      break;
    case 2:
      text = std::string(chance() % 8'000, "[{\"\\\x01"[chance() % 5]);
      break;
    case 3:
      text = miner.frame("prediction", "{\"predictions\": [1, {}, []]}");
      break;
    default:
      text = miner.frame("x\xc3\xa9", R"({"a": [[[[]]]]})");
    }
    socket->send(text);
  }
  socket->send_bytes(bare_socket::frame(uint64_t{1} << 40)); // a text of a tebibyte
  (void)socket->next_close();
  socket.reset();
  good->send(other.predict("good"));
  EXPECT_EQ(good->next_of("confirmation")["data"]["status"], "success");
  auto again = miner.connect(port());
  EXPECT_EQ(miner.welcome.body()["type"], "welcome");
  again->send(miner.predict("again"));
  EXPECT_EQ(again->next_of("confirmation")["data"]["status"], "success");
}

/// Sends what is not confirmed until the connection is cut, and comes back, until all is confirmed.
TEST_F(sports_session_test, predictions_are_stored_once_wherever_the_connection_is_cut) {
  for (int round = 0; round < 20; ++round) {
    start();
    const auto seed = std::random_device{}();
    SCOPED_TRACE("seed " + std::to_string(seed));
    std::mt19937_64 chance{seed};
    std::set<std::string> open;
    for (int i = 0; i < 40; ++i)
      open.insert("p" + std::to_string(i));
    int connections = 0;
    for (; !open.empty() && connections < 500; ++connections) {
      auto socket = miner.connect(port());
      ASSERT_EQ(miner.welcome.body()["type"], "welcome");
      size_t until_cut = chance() % 12; // frames either way
      std::vector<std::string> sent{open.begin(), open.end()};
      std::ranges::shuffle(sent, chance);
      for (const auto& id : sent) {
        if (until_cut == 0)
          break;
        --until_cut;
        const auto text = miner.predict(id);
        if (until_cut == 0 && chance() % 2 == 0) {
          socket->send_bytes( // in the middle of a frame
            (bare_socket::frame(text.size()) + text).substr(0, 2 + chance() % text.size()));
          break;
        }
        socket->send(text);
        if (chance() % 2 == 0)
          continue;
        const auto got = socket->next_of("confirmation")["data"];
        EXPECT_EQ(got["status"], "success");
        open.erase(got["prediction_id"].get<std::string>());
      }
      if (chance() % 4 == 0)
        world->restart();
    }
    EXPECT_TRUE(open.empty()) << open.size() << " after " << connections;
    EXPECT_EQ(world->backend->stored().size(), 40U);
  }
}

} // namespace
} // namespace sluice::test
