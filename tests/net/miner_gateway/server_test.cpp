#include "net/miner_gateway/server.hpp"
#include "tests/support/gateway_world.hpp"

#include <gtest/gtest.h>

namespace sluice::test {
namespace {

std::string hello_text(const std::string& hotkey, uint64_t protocol = 1,
                       const std::string& role = "miner", const std::string& kind = "ed25519") {
  return net::write_message(gateway_hello{protocol, role, {hotkey}, kind, ""});
}

class gateway_server : public ::testing::Test {
protected:
  gateway_server() { world.start(); }

  std::string address(uint8_t n) const { return key_number(n).address; }

  /// Sends hello as `hotkey` and answers the challenge.
  static gateway_challenge
  challenged(const bare_socket& peer, const std::string& hotkey, uint64_t protocol = 1) {
    peer.upgrade();
    peer.send_text(hello_text(hotkey, protocol));
    const auto got = peer.read_until("}");
    const auto challenge
      = net::read_message(got.substr(got.find('{')), net::gateway_side::node, net::node_bytes_max);
    return std::get<gateway_challenge>(*challenge);
  }

  /// The answer of a key, by default the right one, to the challenge that `peer` gets for key 1.
  gateway_answer answered(const bare_socket& peer, uint8_t key = 1, uint64_t protocol = 1) const {
    const gateway_hello hello{protocol, "miner", {address(1)}, "ed25519", ""};
    return *net::answer_to(challenged(peer, address(1), protocol), hello, key_number(key),
                           unix_now_ms());
  }

  /// Sends it after the upgrade and returns what came until the connection was closed.
  std::string answer_to_text(const std::string& text) const {
    const bare_socket peer{world.port()};
    peer.upgrade();
    peer.send_text(text);
    return peer.read_until();
  }

  gateway_world world;
};

TEST_F(gateway_server, lets_in_who_is_registered_and_carries_questions_and_answers) {
  test_client miner{world.url()};
  EXPECT_EQ(miner.received.wait("welcome"), "welcome 1");
  EXPECT_EQ(world.reported.wait("arrived"), "arrived 1 " + address(1));
  const auto sender = world.server->make_sender();
  sender.send(1, a_question(42), 42);
  EXPECT_EQ(world.reported.wait("written"), "written 1 42");
  EXPECT_EQ(miner.received.wait("question"), "question 42");
  EXPECT_EQ(world.reported.wait("answered"), "answered 1 42");
  sender.send(1, a_notice(proposal_refused{{{"pair"}, round_kind::live, {1}}, 1, "no"}));
  sender.send(1, a_notice(some_scores()));
  EXPECT_EQ(miner.received.wait("invalid"), "invalid");
  EXPECT_EQ(miner.received.wait("scores"), "scores");
  miner.client->stop();
  EXPECT_TRUE(world.reported.wait("went").starts_with("went 1 closing"));
}

TEST_F(gateway_server, states_why_a_hello_is_refused) {
  const std::vector<std::pair<std::string, std::string>> wrong{
    {hello_text(address(6)), "unknown_hotkey"},
    {hello_text(address(5)), "copies others"},
    {hello_text(address(1), 3), "speaks protocol 1 and 2, you speak 3"},
    {hello_text(address(1), 1, "worker"), "wrong_role"},
    {hello_text(address(1), 1, "miner", "sr25519"), "wrong_signature_kind"},
    {hello_text("two words"), "malformed"},
    {"{\"type\":\"pong\",\"id\":1}", "out_of_turn"},
    {net::write_message(gateway_answer{"n", 1, "s"}, 1), "out_of_turn"},
    {"hello", "malformed"},
    {"{\"type\":\"hello\"}", "protocol: expected a value"},
    {std::string(3000, ' '), "at most 2048"}};
  for (const auto& [text, reason] : wrong) {
    const auto answer = answer_to_text(text);
    EXPECT_NE(answer.find("\"refused\""), std::string::npos) << reason << '\n' << answer;
    EXPECT_NE(answer.find(reason), std::string::npos) << answer;
  }
  EXPECT_EQ(world.server->counts().refused[static_cast<size_t>(gateway_reason::out_of_turn)], 2U);
}

TEST_F(gateway_server, states_why_an_answer_is_refused) {
  const auto answer_with
    = [&](std::function<gateway_answer(gateway_answer)> change, uint8_t key = 1) {
        const bare_socket peer{world.port()};
        peer.send_text(net::write_message(change(answered(peer, key)), 1));
        return peer.read_until();
      };
  const auto same = [](gateway_answer x) { return x; };
  EXPECT_NE(answer_with(same, 2).find("bad_signature"), std::string::npos);
  EXPECT_NE(answer_with([](gateway_answer x) {
              x.nonce = std::string(64, 'a');
              return x;
            }).find("replay"),
            std::string::npos);
  EXPECT_NE(answer_with([](gateway_answer x) {
              x.time_ms -= 100'000;
              return x;
            }).find("clock_skew"),
            std::string::npos);
  EXPECT_NE(answer_with([](gateway_answer x) {
              x.signature = "0";
              return x;
            }).find("bad_signature"),
            std::string::npos);
}

TEST_F(gateway_server, speaks_with_each_in_the_protocol_of_its_hello) {
  const bare_socket old_one{world.port()}, new_one{world.port()};
  old_one.send_text(net::write_message(answered(old_one, 1, 1), 1));
  EXPECT_NE(old_one.read_until("welcome").find("welcome"), std::string::npos);
  old_one.send_text(R"({"type":"proposal","id":5,"accepted":true,"desired_positions":[]})");
  EXPECT_EQ(world.reported.wait("answered"), "answered 1 5");
  new_one.send_text(
    net::write_message(answered(new_one, 1, 2), 2)); // the same hotkey: the newer wins
  EXPECT_NE(new_one.read_until("welcome").find("welcome"), std::string::npos);
  new_one.send_text(R"({"type":"answer","id":6,"body":{"accepted":true}})");
  EXPECT_EQ(world.reported.wait("answered"), "answered 2 6");
  new_one.send_text(R"({"type":"proposal","id":6,"accepted":true,"desired_positions":[]})");
  const auto end = new_one.read_until();
  EXPECT_NE(end.find("expected hello, proof, answer, ping, pong or bye"), std::string::npos) << end;
}

TEST_F(gateway_server, in_protocol_2_the_proof_has_a_name_of_its_own) {
  const bare_socket peer{world.port()};
  peer.send_text(net::write_message(answered(peer, 1, 2), 1));
  const auto end = peer.read_until();
  EXPECT_NE(end.find("answer: body: expected a value, got nothing"), std::string::npos) << end;
}

TEST_F(gateway_server, a_statement_of_one_protocol_is_none_of_another) {
  const bare_socket peer{world.port()};
  auto challenge = challenged(peer, address(1), 2);
  challenge.protocol = 1;
  const gateway_hello hello{1, "miner", {address(1)}, "ed25519", ""};
  peer.send_text(
    net::write_message(*net::answer_to(challenge, hello, key_number(1), unix_now_ms()), 2));
  EXPECT_NE(peer.read_until().find("bad_signature"), std::string::npos);
}

TEST_F(gateway_server, a_name_is_no_key) {
  const bare_socket peer{world.port()};
  const auto challenge = challenged(peer, "miner-hold");
  peer.send_text(
    net::write_message(gateway_answer{challenge.nonce, unix_now_ms(), std::string(128, '0')}, 1));
  EXPECT_NE(peer.read_until().find("no_key"), std::string::npos);
}

TEST_F(gateway_server, an_answer_that_was_recorded_is_worth_nothing_even_after_a_restart) {
  std::string recorded;
  {
    const bare_socket peer{world.port()};
    recorded = net::write_message(answered(peer), 1);
    peer.send_text(recorded);
    EXPECT_NE(peer.read_until("welcome").find("welcome"), std::string::npos);
  }
  for (const bool restart : {false, true}) {
    if (restart)
      world.start();
    const bare_socket thief{world.port()};
    thief.upgrade();
    thief.send_text(hello_text(address(1)));
    thief.read_until("}");
    thief.send_text(recorded);
    EXPECT_NE(thief.read_until().find("replay"), std::string::npos);
  }
}

TEST_F(gateway_server, a_wrong_clock_is_distinguished_from_a_wrong_key) {
  world.clock_ahead_ms = 60'000;
  test_client miner{world.url()};
  const auto why = miner.received.wait("refused");
  EXPECT_NE(why.find("clock_skew your clock is "), std::string::npos) << why;
  EXPECT_NE(why.find("behind"), std::string::npos) << why;
}

TEST_F(gateway_server, the_newer_of_two_connections_of_a_hotkey_wins) {
  test_client older{world.url()};
  EXPECT_EQ(older.received.wait("welcome"), "welcome 1");
  test_client newer{world.url()};
  EXPECT_EQ(newer.received.wait("welcome"), "welcome 2");
  EXPECT_TRUE(older.received.wait("bye").starts_with("bye replaced a newer connection"));
  EXPECT_TRUE(world.reported.wait("went").starts_with("went 1 replaced"));
  world.server->make_sender().send(2, a_question(1));
  EXPECT_EQ(newer.received.wait("question"), "question 1");
}

TEST_F(gateway_server, a_ban_ends_the_session_at_once) {
  test_client miner{world.url(), key_number(4)};
  EXPECT_EQ(miner.received.wait("welcome"), "welcome 1");
  auto now = std::make_shared<std::map<hotkey, peer_record>>(*world.known());
  now->at({address(4)}).banned = "late for years";
  world.server->know(now);
  EXPECT_EQ(miner.received.wait("bye"), "bye banned by the operator: late for years");
  test_client again{world.url(), key_number(4)};
  EXPECT_NE(again.received.wait("refused banned").find("late for years"), std::string::npos);
}

TEST_F(gateway_server, sends_closing_when_it_stops_and_admits_again_when_it_is_back) {
  test_client miner{world.url()};
  miner.once = false;
  miner.received.wait("welcome");
  world.server.reset();
  EXPECT_TRUE(miner.received.wait("bye").starts_with("bye closing"));
  world.start();
  EXPECT_EQ(miner.received.wait("welcome"), "welcome 1"); // a new book
}

TEST_F(gateway_server, a_peer_that_sends_too_much_is_disconnected) {
  auto terms = gateway_world::quick_terms();
  terms.limits.peer.rates[2] = {1, 5};
  world.start(terms);
  test_client miner{world.url()};
  miner.received.wait("welcome");
  const auto sender = world.server->make_sender();
  for (uint64_t id = 1; id <= 7; ++id)
    sender.send(1, a_question(id));
  EXPECT_TRUE(miner.received.wait("bye").starts_with("bye too_fast"));
  EXPECT_TRUE(world.reported.wait("went").starts_with("went 1 too_fast"));
}

TEST_F(gateway_server, answers_to_open_questions_are_taken_however_fast_they_come) {
  auto terms = gateway_world::quick_terms();
  terms.limits.peer = gateway_limit_terms{}.peer; // 20 messages a second, as a node has it
  world.start(terms);
  test_client miner{world.url()};
  miner.received.wait("welcome");
  const auto sender = world.server->make_sender();
  constexpr uint64_t questions = 3000;
  for (uint64_t id = 1; id <= questions; ++id) {
    sender.send(1, a_question(id), id);
    ASSERT_EQ(world.reported.wait("answered"), "answered 1 " + std::to_string(id));
  }
  EXPECT_EQ(world.server->counts().refused[static_cast<size_t>(gateway_reason::too_fast)], 0U);
  // Those of questions whose time is over are messages like others.
  for (uint64_t id = questions + 1; id <= questions + 300; ++id) {
    sender.send(1, a_question(id), id);
    sender.expire(1, id);
  }
  EXPECT_TRUE(miner.received.wait("bye").starts_with("bye too_fast"));
}

TEST_F(gateway_server, more_connections_than_all_addresses_may_try_are_refused_before_they_send) {
  auto terms = gateway_world::quick_terms();
  terms.limits.connections = {1, 2};
  terms.limits.beyond = {0, 1};
  world.start(terms);
  const bare_socket one{world.port()}, two{world.port()}, three{world.port()};
  three.upgrade();
  test_client fourth{world.url()};
  const auto why = fourth.received.wait("lost");
  EXPECT_NE(why.find("refused: too_fast: too many connections from your address 127.0.0.1"),
            std::string::npos)
    << why;
}

TEST_F(gateway_server, so_many_miners_of_one_address_as_the_settings_state) {
  auto terms = gateway_world::quick_terms();
  terms.limits.miners_per_address = 1;
  world.start(terms);
  test_client one{world.url()};
  EXPECT_EQ(one.received.wait("welcome"), "welcome 1");
  test_client two{world.url(), key_number(2)};
  EXPECT_NE(two.received.wait("refused too_many").find("127.0.0.1 has 1 miners here"),
            std::string::npos);
  test_client again{world.url()}; // the newer one of the same hotkey takes the older one's place
  EXPECT_EQ(again.received.wait("welcome"), "welcome 2");
}

TEST_F(gateway_server, believes_what_a_trusted_proxy_states_and_nobody_else) {
  auto terms = gateway_world::quick_terms();
  terms.limits.miners_per_address = 1;
  terms.proxies = {*parse_address_range("127.0.0.1")};
  world.start(terms);
  const auto enter = [this](uint8_t key, const std::string& lines) {
    auto peer = std::make_unique<bare_socket>(world.port());
    peer->upgrade(lines);
    peer->send_text(hello_text(address(key)));
    const auto got = peer->read_until("}");
    const auto challenge
      = net::read_message(got.substr(got.find('{')), net::gateway_side::node, net::node_bytes_max);
    const gateway_hello hello{1, "miner", {address(key)}, "ed25519", ""};
    peer->send_text(net::write_message(*net::answer_to(std::get<gateway_challenge>(*challenge),
                                                       hello, key_number(key), unix_now_ms()),
                                       1));
    return peer;
  };
  auto one = enter(1, "X-Forwarded-For: 10.9.9.9, 203.0.113.7\r\n");
  EXPECT_NE(one->read_until("welcome").find("welcome"), std::string::npos);
  auto two = enter(2, "X-Forwarded-For: 203.0.113.7\r\n"); // the same address
  EXPECT_NE(two->read_until().find("your address 203.0.113.7 has 1 miners"), std::string::npos);
  auto three = enter(3, "X-Forwarded-For: 203.0.113.8\r\n");
  EXPECT_NE(three->read_until("welcome").find("welcome"), std::string::npos);
  terms.proxies = {};
  world.start(terms);
  auto four = enter(1, "X-Forwarded-For: 203.0.113.7\r\n");
  EXPECT_NE(four->read_until("welcome").find("welcome"), std::string::npos);
  auto five = enter(2, "X-Forwarded-For: 203.0.113.8\r\n"); // a stranger's own words
  EXPECT_NE(five->read_until().find("your address 127.0.0.1 has 1 miners"), std::string::npos);
}

TEST_F(gateway_server, a_page_that_the_operator_allows_comes_in) {
  auto terms = gateway_world::quick_terms();
  terms.origins = {"https://ours.example"};
  world.start(terms);
  const bare_socket ours{world.port()}, theirs{world.port()};
  ours.upgrade("Origin: https://ours.example\r\n");
  ours.send_text(hello_text(address(1)));
  EXPECT_NE(ours.read_until("}").find("challenge"), std::string::npos);
  theirs.send("GET / HTTP/1.1\r\nHost: node\r\nOrigin: https://theirs.example\r\n\r\n");
  EXPECT_TRUE(theirs.read_until().starts_with("HTTP/1.1 403 "));
}

TEST_F(gateway_server, a_request_for_anything_but_a_websocket_is_answered_with_what_is_there) {
  const auto answer = [this](const std::string& line) {
    const bare_socket peer{world.port()};
    peer.send(line + "\r\nHost: node\r\n\r\n" + line + "\r\nHost: node\r\n\r\n");
    return peer.read_until(); // the first is answered, and that is all
  };
  for (const auto* path : {"/", "/miners"}) {
    const auto got = answer("GET " + std::string{path} + " HTTP/1.1");
    EXPECT_TRUE(got.starts_with("HTTP/1.1 426 Upgrade Required\r\n")) << got;
    EXPECT_NE(got.find("only a WebSocket is served at this path"), std::string::npos) << got;
    EXPECT_EQ(got.find("HTTP/1.1", 1), std::string::npos) << got;
  }
  EXPECT_TRUE(answer("GET /metrics HTTP/1.1").starts_with("HTTP/1.1 404 "));
  EXPECT_TRUE(answer("POST /miners HTTP/1.1").starts_with("HTTP/1.1 405 "));
  EXPECT_TRUE(
    answer("GET / HTTP/1.1\r\nX: " + std::string(1'600, 'x')).starts_with("HTTP/1.1 431"));
  EXPECT_EQ(world.server->counts().sessions, 0U);
}

TEST_F(gateway_server, serves_miners_at_a_path_of_their_own) {
  auto url = world.url();
  url.target = "/miners";
  test_client miner{url};
  EXPECT_EQ(miner.received.wait("welcome"), "welcome 1");
}

TEST_F(gateway_server, silence_has_a_deadline_at_every_step) {
  auto terms = gateway_world::quick_terms();
  terms.open_ms = terms.hello_ms = terms.shake.answer_ms = terms.silence_ms = 150;
  terms.ping_ms = 50;
  world.start(terms);
  const bare_socket no_upgrade{world.port()};
  EXPECT_EQ(no_upgrade.read_until(), "");
  const bare_socket no_hello{world.port()};
  no_hello.upgrade();
  EXPECT_NE(no_hello.read_until().find("silent"), std::string::npos);
  const bare_socket no_answer{world.port()};
  no_answer.upgrade();
  no_answer.send_text(hello_text(address(1)));
  EXPECT_NE(no_answer.read_until().find("expired"), std::string::npos);
  const bare_socket no_pong{world.port()};
  no_pong.upgrade();
  no_pong.send_text(hello_text(address(1)));
  const auto got = no_pong.read_until("}");
  const auto challenge
    = net::read_message(got.substr(got.find('{')), net::gateway_side::node, net::node_bytes_max);
  const gateway_hello hello{1, "miner", {address(1)}, "ed25519", ""};
  no_pong.send_text(net::write_message(
    *net::answer_to(std::get<gateway_challenge>(*challenge), hello, key_number(1), unix_now_ms()),
    1));
  const auto rest = no_pong.read_until();
  EXPECT_NE(rest.find("welcome"), std::string::npos);
  EXPECT_NE(rest.find("ping"), std::string::npos);
  EXPECT_NE(rest.find("nothing was received for"), std::string::npos);
}

TEST_F(gateway_server, a_miner_that_answers_pings_stays) {
  auto terms = gateway_world::quick_terms();
  terms.silence_ms = 120;
  terms.ping_ms = 30;
  world.start(terms);
  test_client steady{world.url()};
  steady.received.wait("welcome");
  test_client other{world.url(),
                    key_number(2)}; // a clock for this test: it sends nothing by itself
  other.received.wait("welcome");
  for (int silences = 0; silences < 2; ++silences) {
    const bare_socket no_upgrade{world.port()};
    no_upgrade.upgrade();
    no_upgrade.send_text(hello_text(address(3)));
    no_upgrade.read_until("}");
  }
  world.server->make_sender().send(1, a_question(9));
  EXPECT_EQ(steady.received.wait("question"), "question 9");
}

TEST_F(gateway_server, a_peer_that_does_not_read_is_closed_and_delays_nobody) {
  auto terms = gateway_world::quick_terms();
  terms.write_ms = 200;
  world.start(terms);
  const bare_socket not_reading{world.port()};
  const int small = 1;
  ::setsockopt(not_reading.fd(), SOL_SOCKET, SO_RCVBUF, &small, sizeof small);
  not_reading.upgrade();
  not_reading.send_text(hello_text(address(1)));
  const auto got = not_reading.read_until("}");
  const auto challenge
    = net::read_message(got.substr(got.find('{')), net::gateway_side::node, net::node_bytes_max);
  const gateway_hello hello{1, "miner", {address(1)}, "ed25519", ""};
  not_reading.send_text(net::write_message(
    *net::answer_to(std::get<gateway_challenge>(*challenge), hello, key_number(1), unix_now_ms()),
    1));
  EXPECT_EQ(world.reported.wait("arrived"), "arrived 1 " + address(1));
  test_client good{world.url(), key_number(2)};
  EXPECT_EQ(good.received.wait("welcome"), "welcome 2");
  const auto sender = world.server->make_sender();
  for (int i = 0; i < 100; ++i)
    sender.send(1, std::string(200'000, ' '));
  sender.send(2, a_question(1));
  EXPECT_EQ(good.received.wait("question"), "question 1");
  const auto went = world.reported.wait("went 1");
  EXPECT_NE(went.find("does not read"), std::string::npos) << went;
}

} // namespace
} // namespace sluice::test
