#include "net/keys/checker.hpp"
#include "net/miner_gateway/client.hpp"
#include "tests/support/gateway_world.hpp"

#include <gtest/gtest.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

namespace sluice::test {
namespace {

const gateway_hello hello{1, "miner", {key_number(1).address}, "ed25519", ""};

TEST(answer_to, signs_what_the_node_checks_in_every_protocol) {
  for (uint64_t protocol = gateway_protocol_oldest; protocol <= gateway_protocol; ++protocol) {
    auto first = hello;
    first.protocol = protocol;
    const gateway_challenge challenge{protocol, "validator", std::string(64, 'a'), 1000, 10'000};
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
  for (const gateway_challenge& bad :
       {gateway_challenge{2, "validator", nonce, 0, 0},
        gateway_challenge{1, "two words", nonce, 0, 0},
        gateway_challenge{1, "validator", nonce + "\ntime_ms 5", 0, 0},
        gateway_challenge{1, "", nonce, 0, 0}, gateway_challenge{1, "validator", "", 0, 0}}) {
    const auto answer = net::answer_to(bad, hello, key_number(1), 1);
    ASSERT_FALSE(answer);
    EXPECT_EQ(answer.error().code, ec::refused);
  }
}

TEST(gateway_client, comes_back_for_ever_and_is_in_again_when_the_node_is) {
  gateway_world world;
  world.start();
  test_client miner{world.url()};
  miner.once = false;
  for (int incarnation = 0; incarnation < 3; ++incarnation) {
    EXPECT_EQ(miner.received.wait("welcome"), "welcome 1");
    world.server.reset();
    EXPECT_TRUE(miner.received.wait("lost").starts_with("lost this node stops"));
    world.start();
  }
}

TEST(gateway_client, a_node_that_is_not_there_is_tried_again) {
  const int taken = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0); // and nobody listens there
  sockaddr_in at{};
  at.sin_family = AF_INET;
  at.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t bytes = sizeof at;
  ASSERT_EQ(::bind(taken, reinterpret_cast<sockaddr*>(&at), bytes), 0);
  ASSERT_EQ(::getsockname(taken, reinterpret_cast<sockaddr*>(&at), &bytes), 0);
  test_client miner{{gateway_scheme::ws, {"127.0.0.1", ntohs(at.sin_port)}, "/"}};
  miner.once = false;
  EXPECT_EQ(miner.received.wait("lost"), "lost Connection refused");
  EXPECT_EQ(miner.received.wait("lost"), "lost Connection refused");
  ::close(taken);
}

TEST(gateway_client, breaks_off_as_a_crash_would_and_comes_back) {
  gateway_world world;
  world.start();
  test_client miner{world.url()};
  miner.once = false;
  miner.received.wait("welcome 1");
  world.reported.wait("arrived 1");
  miner.breaks = true;
  const auto sender = world.server->make_sender();
  sender.send(1, a_question(1));
  EXPECT_TRUE(world.reported.wait("went").starts_with("went 1 closing"));
  EXPECT_EQ(miner.received.wait("lost"), "lost broken off by this miner");
  EXPECT_EQ(miner.received.wait("welcome"), "welcome 2");
  miner.once = true;
  sender.send(2, net::write_message(net::gateway_bye{gateway_reason::banned, "go", 0}));
  EXPECT_EQ(miner.received.wait("bye"), "bye banned go");
}

TEST(gateway_client, speaks_the_oldest_protocol_with_a_node_that_knows_no_other) {
  gateway_world world;
  auto terms = gateway_world::quick_terms();
  terms.shake.protocols = {1};
  world.start(terms);
  test_client miner{world.url()};
  EXPECT_EQ(miner.received.wait(""), "welcome 1"); // the first that it shows: no refusal, no loss
  const auto sender = world.server->make_sender();
  sender.send(1, a_question(42, 1), 42);
  EXPECT_EQ(miner.received.wait("question"), "question 42");
  EXPECT_EQ(world.reported.wait("answered"), "answered 1 42");
  sender.send(1, R"({"type":"invalid","round":"pair/live/1","block":1,"reason":"no"})");
  EXPECT_EQ(miner.received.wait("invalid"), "invalid");
}

TEST(gateway_client, states_its_mechanisms) {
  gateway_world world;
  world.start();
  const test_client miner{world.url(), key_number(1),    "",
                          unix_now_ms, gateway_protocol, {"leads", "trading"}};
  EXPECT_EQ(world.reported.wait("arrived"),
            "arrived 1 " + key_number(1).address + " leads trading");
}

/// An older node refuses the field, as this one does a list that is too long.
TEST(gateway_client, leaves_its_mechanisms_out_where_the_node_refuses_them) {
  gateway_world world;
  world.start();
  const std::vector<std::string> too_many(stated_mechanisms_max + 1, "leads");
  test_client miner{world.url(), key_number(1), "", unix_now_ms, gateway_protocol, too_many};
  EXPECT_EQ(miner.received.wait(""), "welcome 1"); // the first that it shows: no refusal, no loss
  EXPECT_EQ(world.reported.wait("arrived"), "arrived 1 " + key_number(1).address);
}

TEST(gateway_client, reports_to_the_node_why_a_question_cannot_be_read) {
  gateway_world world;
  world.start();
  test_client miner{world.url()};
  miner.received.wait("welcome");
  world.server->make_sender().send(
    1, net::write_message(net::wire_question{1, "liquidity", 1'000, {R"({"job":7})"}}));
  EXPECT_EQ(world.reported.wait("went"),
            "went 1 malformed question: body.job: expected a text, got 7");
}

TEST(gateway_client, states_what_is_there_instead_of_a_miner_gateway) {
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
  test_client miner{{gateway_scheme::ws, {"127.0.0.1", socket->port()}, "/"}};
  EXPECT_EQ(miner.received.wait("lost"), "lost no WebSocket there: HTTP 404");
  web.join();
}

} // namespace
} // namespace sluice::test
