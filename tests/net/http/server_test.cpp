#include "net/http/server.hpp"
#include "tests/support/http_world.hpp"

#include <gtest/gtest.h>

namespace sluice::test {
namespace {

class http_server : public ::testing::Test {
protected:
  http_server() { world.start(); }
  http_world world;
};

TEST_F(http_server, answers_requests_one_after_the_other_on_one_connection) {
  const bare_socket peer{world.port()};
  for (int i = 0; i < 3; ++i) {
    peer.send(get("/query?" + std::to_string(i)));
    EXPECT_EQ(essential(peer.read_until("\r\n\r\n" + std::to_string(i))),
              response_of(std::to_string(i)));
  }
  peer.send("HEAD /plain HTTP/1.1\r\nHost: here\r\n\r\n");
  const auto head = peer.read_until("\r\n\r\n");
  EXPECT_NE(head.find("Content-Length: 5\r\n"), std::string::npos) << head;
  peer.send(get("/plain", closing));
  const auto last = peer.read_until();
  EXPECT_TRUE(last.starts_with("HTTP/1.1 200 OK")) << last; // no body of HEAD before it
  EXPECT_NE(last.find("Connection: close\r\n"), std::string::npos) << last;
  EXPECT_EQ(world.server->counts().accepted, 1U);
  EXPECT_EQ(world.server->counts().responses, 5U);
}

TEST_F(http_server, answers_what_was_sent_at_once_in_its_order) {
  std::string all, expected;
  for (int i = 0; i < 300; ++i) {
    all += get(i % 10 == 0 ? "/later" : "/query?" + std::to_string(i));
    expected += response_of(i % 10 == 0 ? "late" + std::to_string(i) : std::to_string(i));
  }
  const bare_socket peer{world.port()};
  std::thread answers{[this] { // from another thread
    for (int i = 0; i < 300; i += 10)
      world.later.take()({200, "text/plain", "late" + std::to_string(i)});
  }};
  peer.send(all);
  EXPECT_EQ(essential(peer.read_until("\r\n\r\n299")), expected);
  answers.join();
}

TEST_F(http_server, an_answer_that_comes_while_others_are_written_disturbs_none) {
  auto terms = http_world::quick_terms();
  terms.limits.requests_max = 10'000;
  world.start(terms);
  constexpr int pairs = 200;
  std::string all, expected;
  for (int i = 0; i < pairs; ++i) { // more than the sockets hold
    const std::string medium(3'000, static_cast<char>('a' + i % 26));
    for (int n = 0; n < 15; ++n) {
      all += get("/query?" + medium);
      expected += response_of(medium);
    }
    all += get("/later");
    expected += response_of("late");
  }
  const bare_socket peer{world.port()};
  std::thread asks{[&] { peer.send(all); }};
  std::thread answers{[this] {
    for (int i = 0; i < pairs; ++i)
      world.later.take()({200, "text/plain", "late"});
  }};
  std::string got;
  while (times("\r\n\r\nlate", got) < size_t{pairs}) {
    const auto more = peer.read_until("late");
    if (more.empty())
      break;
    got += more;
  }
  got = essential(got);
  EXPECT_TRUE(got == expected) << got.size() << " of " << expected.size() << " bytes";
  asks.join();
  answers.join();
}

TEST_F(http_server, takes_requests_in_whatever_pieces_they_come) {
  const auto text = "\r\n" + get("/query?x") + "POST /echo HTTP/1.1\r\nHost: h\r\n"
                    + "Content-Length: 5\r\n\r\nhello" + get("/plain");
  for (size_t piece = 1; piece < 40; piece += 6) {
    const bare_socket peer{world.port()};
    const int yes = 1;
    ::setsockopt(peer.fd(), IPPROTO_TCP, 1 /* TCP_NODELAY */, &yes, sizeof yes);
    for (size_t at = 0; at < text.size(); at += piece)
      peer.send(std::string_view{text}.substr(at, piece));
    EXPECT_EQ(essential(peer.read_until("\r\n\r\nplain")),
              response_of("x") + response_of("hello") + response_of("plain"));
  }
}

TEST_F(http_server, takes_bodies_with_a_length_and_in_chunks) {
  const std::string head = "POST /echo HTTP/1.1\r\nHost: here\r\n";
  const auto chunked = head + closing
                       + "Transfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n4;x=y\r\ndefg\r\n0\r\n"
                         "X: y\r\n\r\n";
  EXPECT_TRUE(world.ask(chunked).ends_with("\r\n\r\nabcdefg"));
  const bare_socket careful{world.port()};
  careful.send(head + "Content-Length: 3\r\nExpect: 100-continue\r\n\r\n");
  EXPECT_EQ(careful.read_until("\r\n\r\n"), "HTTP/1.1 100 Continue\r\n\r\n");
  careful.send("abc");
  EXPECT_EQ(essential(careful.read_until("\r\n\r\nabc")), response_of("abc"));
}

TEST_F(http_server, states_for_every_request_that_it_refuses_why_and_closes_where_it_must) {
  const std::string host = " HTTP/1.1\r\nHost: here\r\n";
  const std::vector<std::pair<std::string, std::string>> wrong{
    {"400 Bad Request", "POST /echo" + host + "Content-Length: x\r\n\r\n"},
    {"400 Bad Request", "\x80\x80 no HTTP"},
    {"400 Bad Request", "POST /echo" + host + "Transfer-Encoding: chunked\r\n\r\nx\r\n"},
    {"404 Not Found", get("/nothing", closing)},
    {"404 Not Found", "POST /nothing" + host + "Content-Length: 3\r\n\r\nabc"},
    {"405 Method Not Allowed", "POST /plain" + host + closing + "\r\n"},
    {"413 Content Too Large", "POST /echo" + host + "Content-Length: 1048577\r\n\r\n"},
    {"413 Content Too Large", "POST /echo" + host + "Transfer-Encoding: chunked\r\n\r\n100001\r\n"},
    {"414 URI Too Long", get('/' + std::string(5000, 'x'))},
    {"414 URI Too Long", get('/' + std::string(9000, 'x'))},
    {"417 Expectation Failed", get("/plain", "Expect: more\r\n")},
    {"426 Upgrade Required", get("/socket", closing)},
    {"431 Request Header Fields Too Large", get("/plain", "X: " + std::string(9000, 'x'))},
    {"500 Internal Server Error", get("/throws", closing)},
    {"500 Internal Server Error", get("/forgets", closing)},
    {"501 Not Implemented", "POST /echo" + host + "Transfer-Encoding: gzip\r\n\r\n"},
    {"505 HTTP Version Not Supported", "GET / HTTP/3.0\r\n\r\n"}};
  for (const auto& [status, text] : wrong) {
    const auto got = world.ask(text);
    EXPECT_TRUE(got.starts_with("HTTP/1.1 " + status + "\r\n")) << status << '\n' << got;
    EXPECT_NE(got.find("Content-Type: application/json\r\n"), std::string::npos) << got;
    EXPECT_NE(got.find("Connection: close\r\n"), std::string::npos) << got;
    EXPECT_NE(got.find("\r\n\r\n{\"detail\":\""), std::string::npos) << got;
    EXPECT_NE(got.find(R"("error_type":")"), std::string::npos) << got;
    EXPECT_EQ(got.find("secret"), std::string::npos) << got;
    EXPECT_EQ(times("HTTP/1.1 ", got), 1U) << got;
  }
  EXPECT_NE(world.ask(wrong[5].second).find("\r\nAllow: GET, HEAD, OPTIONS\r\n"),
            std::string::npos);
}

TEST_F(http_server, an_error_that_leaves_no_doubt_keeps_the_connection) {
  const bare_socket peer{world.port()};
  peer.send(get("/nothing") + "POST /plain HTTP/1.1\r\nHost: here\r\n\r\n" + get("/throws")
            + get("/plain", closing));
  const auto got = peer.read_until();
  EXPECT_EQ(times("HTTP/1.1 404 ", got), 1U) << got;
  EXPECT_EQ(times("HTTP/1.1 405 ", got), 1U) << got;
  EXPECT_EQ(times("HTTP/1.1 500 ", got), 1U) << got;
  EXPECT_TRUE(got.ends_with("plain")) << got;
}

TEST_F(http_server, nothing_behind_a_refused_head_is_read_as_a_request) {
  const auto got = world.ask("POST /echo HTTP/1.1\r\nHost: here\r\nContent-Length: 5\r\n"
                             "Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n"
                             + get("/plain"));
  EXPECT_EQ(times("HTTP/1.1 ", got), 1U) << got;
}

TEST_F(http_server, http_1_0_is_closed_unless_it_wants_to_stay) {
  EXPECT_TRUE(world.ask("GET /plain HTTP/1.0\r\n\r\n").ends_with("plain"));
  const bare_socket peer{world.port()};
  peer.send("GET /plain HTTP/1.0\r\nConnection: keep-alive\r\n\r\n");
  const auto first = peer.read_until("\r\n\r\nplain");
  EXPECT_NE(first.find("Connection: keep-alive\r\n"), std::string::npos) << first;
  peer.send("GET /query?2 HTTP/1.0\r\n\r\n");
  const auto second = peer.read_until();
  EXPECT_NE(second.find("Connection: close\r\n"), std::string::npos) << second;
  EXPECT_TRUE(second.ends_with("\r\n\r\n2")) << second;
}

TEST_F(http_server, a_response_that_is_large_arrives_whole) {
  const auto got = world.ask(get("/large", closing));
  EXPECT_EQ(got.size() - got.find("\r\n\r\n") - 4, http_world::large_bytes);
}

TEST(http_server_limits, a_connection_serves_so_many_requests_and_no_more) {
  http_world world;
  auto terms = http_world::quick_terms();
  terms.limits.requests_max = 2;
  world.start(terms);
  const auto got = world.ask(get("/plain") + get("/plain") + get("/plain"));
  EXPECT_EQ(times("200 OK", got), 2U);
  EXPECT_EQ(times("Connection: close", got), 1U);
}

TEST(http_server_limits, who_comes_when_all_places_are_taken_is_refused_at_once) {
  http_world world;
  auto terms = http_world::quick_terms();
  terms.limits.connections_per_network = 2;
  world.start(terms);
  std::optional<bare_socket> one{std::in_place, world.port()};
  const bare_socket two{world.port()};
  two.send(get("/plain"));
  two.read_until("\r\n\r\nplain");
  const bare_socket three{world.port()};
  const auto got = three.read_until();
  EXPECT_TRUE(got.starts_with("HTTP/1.1 503 Service Unavailable\r\n")) << got;
  EXPECT_NE(got.find("your network 127.0.0.1 has 2 connections"), std::string::npos) << got;
  EXPECT_EQ(world.server->counts().turned_away, 1U);
  one.reset();
  two.send(get("/plain")); // read after the end of the first
  two.read_until("\r\n\r\nplain");
  EXPECT_TRUE(world.ask(get("/plain", closing)).starts_with("HTTP/1.1 200"));
}

TEST(http_server_limits, ends_what_takes_too_long) {
  http_world world;
  auto terms = http_world::quick_terms();
  terms.limits.head_ms = terms.limits.body_ms = terms.limits.answer_ms = terms.limits.idle_ms = 60;
  world.start(terms);
  EXPECT_EQ(world.ask(""), "");                 // nothing was asked, nothing is answered
  EXPECT_EQ(world.ask("\x16\x03\x01\x02"), ""); // TLS, which could not read it
  EXPECT_TRUE(world.ask("GET / HT").starts_with("HTTP/1.1 408 "));
  EXPECT_TRUE(world.ask("POST /echo HTTP/1.1\r\nHost: h\r\nContent-Length: 9\r\n\r\nabc")
                .starts_with("HTTP/1.1 408 "));
  EXPECT_TRUE(world.ask(get("/later")).starts_with("HTTP/1.1 503 "));
  world.later.take()({200, "text/plain", "too late"});
  const auto idle = essential(world.ask(get("/plain")));
  EXPECT_EQ(idle, response_of("plain")); // closed without a message
}

TEST(http_server_limits, a_route_may_have_a_time_of_its_own) {
  http_world world;
  auto terms = http_world::quick_terms();
  terms.limits.answer_ms = 1;
  world.start(terms);
  const bare_socket peer{world.port()};
  peer.send(get("/later/a%20b", closing));
  const auto reply = world.later.take();
  EXPECT_TRUE(world.ask(get("/later")).starts_with("HTTP/1.1 503 ")) << "the time of the address";
  reply({200, "text/plain", "patient"});
  EXPECT_TRUE(peer.read_until().ends_with("\r\n\r\npatient"));
  EXPECT_EQ(world.names, std::vector<std::string>{"a b"});
}

TEST(http_server_limits, a_head_that_comes_in_drops_has_the_same_time) {
  http_world world;
  auto terms = http_world::quick_terms();
  terms.limits.head_ms = 100;
  world.start(terms);
  const bare_socket slow{world.port()};
  std::string got;
  pollfd ready{slow.fd(), POLLIN, 0};
  slow.send("GET /plain HTTP/1.1\r\nX: ");
  for (int i = 0; i < 10'000 && ::poll(&ready, 1, 5) == 0; ++i)
    slow.send("x"); // one byte in five milliseconds
  EXPECT_TRUE(slow.read_until().starts_with("HTTP/1.1 408 "));
}

TEST(http_server_limits, who_does_not_read_is_closed_and_delays_nobody) {
  http_world world;
  auto terms = http_world::quick_terms();
  terms.limits.write_ms = 100;
  world.start(terms);
  const bare_socket not_reading{world.port()};
  const int small = 1;
  ::setsockopt(not_reading.fd(), SOL_SOCKET, SO_RCVBUF, &small, sizeof small);
  not_reading.send(get("/large"));
  EXPECT_TRUE(world.ask(get("/plain", closing)).ends_with("plain"));
  const bare_socket clock{world.port()}; // idle until the one that does not read is gone
  while (world.server->counts().open > 1) {
    clock.send(get("/plain"));
    clock.read_until("\r\n\r\nplain");
  }
  EXPECT_EQ(world.server->counts().open, 1U);
}

TEST(http_server_drain, finishes_what_is_in_hand_and_takes_nothing_more) {
  http_world world;
  auto terms = http_world::quick_terms();
  terms.drain_ms = 20'000;
  world.start(terms);
  const bare_socket idle{world.port()}, silent{world.port()}, busy{world.port()};
  idle.send(get("/plain"));
  idle.read_until("\r\n\r\nplain");
  busy.send(get("/later") + get("/plain"));
  auto reply = world.later.take();
  std::thread stops{[&] { world.server.reset(); }};
  EXPECT_EQ(idle.read_until(), "");
  EXPECT_EQ(silent.read_until(), "");
  reply({200, "text/plain", "done"});
  const auto got = busy.read_until();
  EXPECT_NE(got.find("Connection: close\r\n"), std::string::npos) << got;
  EXPECT_TRUE(got.ends_with("\r\n\r\ndone")) << got; // and the next request was not begun
  stops.join();
}

TEST(http_server_drain, has_an_end_and_an_answer_after_it_does_nothing) {
  http_world world;
  auto terms = http_world::quick_terms();
  terms.drain_ms = 30;
  world.start(terms);
  const bare_socket busy{world.port()};
  busy.send(get("/later"));
  auto reply = world.later.take();
  world.server.reset();
  reply({200, "text/plain", "too late"});
  EXPECT_EQ(busy.read_until(), "");
}

TEST(http_server_drain, another_server_finds_the_same_port) {
  auto socket = net::listening_socket::open("127.0.0.1:0");
  ASSERT_TRUE(socket);
  http_world routes;
  for (int i = 0; i < 3; ++i) {
    auto server = net::http_server::start(*socket, http_world::quick_terms(), routes.routes());
    ASSERT_TRUE(server) << server.error().what;
    const bare_socket peer{socket->port()};
    peer.send(get("/plain", closing));
    EXPECT_TRUE(peer.read_until().ends_with("plain"));
  }
}

} // namespace
} // namespace sluice::test
