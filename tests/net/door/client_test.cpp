#include "net/door/client.hpp"
#include "net/keys/checker.hpp"
#include "tests/support/door_world.hpp"

#include <gtest/gtest.h>

namespace sluice::test {
namespace {

const door_hello hello{1, "miner", {key_number(1).address}, "ed25519", ""};

TEST(answer_to, signs_what_the_node_checks_in_every_protocol) {
  for (uint64_t protocol = door_protocol_oldest; protocol <= door_protocol; ++protocol) {
    auto first = hello;
    first.protocol = protocol;
    const door_challenge challenge{protocol, "validator", std::string(64, 'a'), 1000, 10'000};
    const auto answer = net::answer_to(challenge, first, key_number(1), 1234);
    ASSERT_TRUE(answer) << answer.error().what;
    EXPECT_EQ(answer->nonce, challenge.nonce);
    EXPECT_EQ(answer->time_ms, 1234U);
    const auto text = statement_text({protocol, peer_role::miner, "validator", hello.key,
                                      signature_kind::ed25519, challenge.nonce, 1234});
    EXPECT_EQ(net::check_signature(signature_kind::ed25519, hello.key, text, answer->signature),
              signature_verdict::good);
  }
}

TEST(answer_to, signs_nothing_that_could_be_another_statement) {
  const std::string nonce(64, 'a');
  for (const door_challenge& bad :
       {door_challenge{2, "validator", nonce, 0, 0}, door_challenge{1, "two words", nonce, 0, 0},
        door_challenge{1, "validator", nonce + "\ntime_ms 5", 0, 0},
        door_challenge{1, "", nonce, 0, 0}, door_challenge{1, "validator", "", 0, 0}}) {
    const auto answer = net::answer_to(bad, hello, key_number(1), 1);
    ASSERT_FALSE(answer);
    EXPECT_EQ(answer.error().code, ec::refused);
  }
}

TEST(door_client, comes_back_for_ever_and_is_in_again_when_the_node_is) {
  door_world world;
  world.start();
  knocker miner{world.url()};
  miner.once = false;
  for (int life = 0; life < 3; ++life) {
    EXPECT_EQ(miner.heard.wait("welcome"), "welcome 1");
    world.server.reset();
    EXPECT_TRUE(miner.heard.wait("lost").starts_with("lost this node stops"));
    world.start();
  }
}

TEST(door_client, a_node_that_is_not_there_is_tried_again) {
  uint16_t free_port = 0;
  {
    auto socket = net::listening_socket::open("127.0.0.1:0");
    free_port = socket->port();
  }
  knocker miner{{door_scheme::ws, {"127.0.0.1", free_port}, "/"}};
  miner.once = false;
  EXPECT_EQ(miner.heard.wait("lost"), "lost Connection refused");
  EXPECT_EQ(miner.heard.wait("lost"), "lost Connection refused");
}

TEST(door_client, breaks_off_as_a_crash_would_and_comes_back) {
  door_world world;
  world.start();
  knocker miner{world.url()};
  miner.once = false;
  miner.heard.wait("welcome 1");
  world.told.wait("arrived 1");
  miner.breaks = true;
  const auto voice = world.server->speaker();
  voice.say(1, a_question(1));
  EXPECT_TRUE(world.told.wait("went").starts_with("went 1 closing"));
  EXPECT_EQ(miner.heard.wait("lost"), "lost broken off by this miner");
  EXPECT_EQ(miner.heard.wait("welcome"), "welcome 2");
  miner.once = true;
  voice.say(2, net::write_message(net::door_bye{door_reason::banned, "go", 0}));
  EXPECT_EQ(miner.heard.wait("bye"), "bye banned go");
}

TEST(door_client, speaks_the_oldest_protocol_with_a_node_that_knows_no_other) {
  door_world world;
  auto terms = door_world::quick_terms();
  terms.shake.protocols = {1};
  world.start(terms);
  knocker miner{world.url()};
  EXPECT_EQ(miner.heard.wait(""), "welcome 1"); // the first that it shows: no refusal, no loss
  const auto voice = world.server->speaker();
  voice.say(1, a_question(42, 1), 42);
  EXPECT_EQ(miner.heard.wait("question"), "question 42");
  EXPECT_EQ(world.told.wait("answered"), "answered 1 42");
  voice.say(1, R"({"type":"invalid","round":"pair/live/1","block":1,"reason":"no"})");
  EXPECT_EQ(miner.heard.wait("invalid"), "invalid");
}

TEST(door_client, tells_the_node_why_a_question_cannot_be_read) {
  door_world world;
  world.start();
  knocker miner{world.url()};
  miner.heard.wait("welcome");
  world.server->speaker().say(
    1, net::write_message(net::wire_question{1, "liquidity", 1'000, {R"({"job":7})"}}));
  EXPECT_EQ(world.told.wait("went"), "went 1 malformed question: body.job: expected a text, got 7");
}

TEST(door_client, says_what_is_there_instead_of_a_door) {
  auto socket = net::listening_socket::open("127.0.0.1:0");
  std::thread web{[fd = socket->copy()] {
    pollfd ready{fd, POLLIN, 0};
    ::poll(&ready, 1, 60'000);
    const int peer = ::accept(fd, nullptr, nullptr);
    std::array<char, 4096> request{};
    ::recv(peer, request.data(), request.size(), 0);
    const std::string answer = "HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n";
    ::send(peer, answer.data(), answer.size(), MSG_NOSIGNAL);
    ::close(peer);
    ::close(fd);
  }};
  knocker miner{{door_scheme::ws, {"127.0.0.1", socket->port()}, "/"}};
  EXPECT_EQ(miner.heard.wait("lost"), "lost no WebSocket there: HTTP 404");
  web.join();
}

} // namespace
} // namespace sluice::test
