#include "net/http/client.hpp"
#include "tests/support/byte_server.hpp"
#include "tests/support/http_world.hpp"

#include <gtest/gtest.h>

#include <future>

namespace sluice::test {
namespace {

using then = byte_reply::then;

class http_client : public ::testing::Test {
protected:
  static net::http_client_terms quick_terms() {
    net::http_client_terms terms;
    terms.tick_ms = 5;
    return terms;
  }

  void start(const net::http_client_terms& terms = quick_terms()) {
    client.reset();
    auto made = net::http_client::start(terms);
    ASSERT_TRUE(made) << made.error().what;
    client = *std::move(made);
  }

  std::future<result<net::http_answer>> begin(net::http_call x) const {
    const auto promise = std::make_shared<std::promise<result<net::http_answer>>>();
    client->call(std::move(x), [promise](result<net::http_answer> outcome) {
      promise->set_value(std::move(outcome));
    });
    return promise->get_future();
  }

  static net::http_call to(const std::string& url) {
    net::http_call x;
    x.url = url;
    return x;
  }

  /// What came back, or "CODE: sentence".
  std::string ask(net::http_call x) const {
    const auto outcome = begin(std::move(x)).get();
    if (outcome)
      return outcome->body;
    return std::to_string(static_cast<int>(outcome.error().code)) + ": " + outcome.error().what;
  }

  static std::string code(ec x) { return std::to_string(static_cast<int>(x)) + ": "; }

  std::unique_ptr<net::http_client> client;
};

TEST_F(http_client, sends_what_it_was_given_and_reads_what_comes_back) {
  byte_server server{[](const std::string& request) {
    return byte_reply{http_bytes("200 OK", request, "X-One: 1\r\nx-one: 2\r\n")};
  }};
  start();
  auto x = to(server.url() + "/a/b?c=d%20e");
  x.method = "POST";
  x.headers = {{"Authorization", "secret"}, {"X-Api-Key", "k"}};
  x.body = "the body";
  const auto outcome = begin(x).get();
  ASSERT_TRUE(outcome) << outcome.error().what;
  EXPECT_EQ(outcome->status, 200U);
  EXPECT_EQ(outcome->header("x-one"), "1");
  EXPECT_EQ(outcome->header("x-two"), "");
  EXPECT_EQ(outcome->body,
            "POST /a/b?c=d%20e HTTP/1.1\r\nHost: 127.0.0.1:" + std::to_string(server.port())
              + "\r\nUser-Agent: sluice\r\nAccept-Encoding: identity\r\n"
                "Authorization: secret\r\nX-Api-Key: k\r\nContent-Length: 8\r\n\r\n"
                "the body");
}

TEST_F(http_client, uses_a_connection_again) {
  http_world world;
  world.start();
  start();
  const auto url = "http://127.0.0.1:" + std::to_string(world.port());
  for (int i = 0; i < 20; ++i)
    EXPECT_EQ(ask(to(url + "/query?" + std::to_string(i))), std::to_string(i));
  EXPECT_EQ(world.server->counts().accepted, 1U);
  const auto counts = client->counts();
  EXPECT_EQ(counts.requests, 20U);
  EXPECT_EQ(counts.answers, 20U);
  EXPECT_EQ(counts.connections, 1U);
  EXPECT_EQ(counts.reused, 19U);
}

TEST_F(http_client, asks_on_several_connections_at_the_same_time) {
  http_world world;
  world.start();
  start();
  const auto url = "http://127.0.0.1:" + std::to_string(world.port());
  std::vector<std::future<result<net::http_answer>>> all;
  for (int i = 0; i < 8; ++i)
    all.push_back(begin(to(url + "/later")));
  for (int i = 0; i < 8; ++i)
    world.later.take()({200, "text/plain", "now"});
  for (auto& x : all) {
    const auto outcome = x.get();
    ASSERT_TRUE(outcome) << outcome.error().what;
    EXPECT_EQ(outcome->body, "now");
  }
}

TEST_F(http_client, a_kept_connection_that_was_closed_costs_nothing_but_another) {
  byte_server server{[n = 0](const std::string&) mutable {
    ++n; // the first is closed when the second request has come
    return n == 2 ? byte_reply{"", then::close} : byte_reply{http_bytes("200 OK", "fine")};
  }};
  start();
  EXPECT_EQ(ask(to(server.url())), "fine");
  EXPECT_EQ(ask(to(server.url())), "fine");
  EXPECT_EQ(server.connections(), 2U);
  EXPECT_EQ(server.requests().size(), 3U);
}

TEST_F(http_client, never_sends_twice_what_is_no_question) {
  byte_server server{[n = 0](const std::string&) mutable {
    return ++n == 2 ? byte_reply{"", then::close} : byte_reply{http_bytes("200 OK", "fine")};
  }};
  start();
  EXPECT_EQ(ask(to(server.url())), "fine");
  auto x = to(server.url());
  x.method = "POST";
  EXPECT_EQ(ask(x).find(code(ec::unreachable)), 0U);
  EXPECT_EQ(server.requests().size(), 2U);
}

TEST_F(http_client, gives_up_when_a_new_connection_closes_without_an_answer) {
  byte_server server{[](const std::string&) { return byte_reply{"", then::close}; }};
  start();
  EXPECT_EQ(ask(to(server.url())),
            code(ec::unreachable) + server.url() + ": the server closed the connection");
  EXPECT_EQ(server.requests().size(), 1U);
}

TEST_F(http_client, reads_chunks_and_heads_before_the_last) {
  byte_server server{[](const std::string&) {
    return byte_reply{"HTTP/1.1 103 Early Hints\r\nLink: </x>\r\n\r\nHTTP/1.1 200 OK\r\n"
                      "Transfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n10;x=y\r\n0123456789abcdef\r\n"
                      "0\r\nTrailer: t\r\n\r\n"};
  }};
  start();
  EXPECT_EQ(ask(to(server.url())), "abc0123456789abcdef");
  EXPECT_EQ(ask(to(server.url())), "abc0123456789abcdef");
  EXPECT_EQ(server.connections(), 1U);
}

/// One answer, what it ends with, and how.
struct bad_answer {
  std::string bytes;
  ec code;
  std::string part; // of the sentence
};

TEST_F(http_client, takes_nothing_that_is_cut_or_states_its_length_wrongly) {
  const std::string ok = "HTTP/1.1 200 OK\r\n";
  const std::vector<bad_answer> all{
    {ok + "Content-Length: 10\r\n\r\n12345", ec::corrupt_data, "its answer was cut"},
    {ok + "Content-Len", ec::corrupt_data, "its answer was cut"},
    {ok + "Transfer-Encoding: chunked\r\n\r\n5\r\nabc", ec::corrupt_data, "its answer was cut"},
    {ok + "Transfer-Encoding: chunked\r\n\r\n5\r\nabcde\r\n", ec::corrupt_data, "cut"},
    {ok + "Transfer-Encoding: chunked\r\n\r\nxyz\r\nabc\r\n", ec::corrupt_data, "chunks"},
    {ok + "Transfer-Encoding: chunked\r\n\r\n3\r\nabcdef\r\n", ec::corrupt_data, "chunks"},
    {ok + "Content-Length: 3\r\nContent-Length: 4\r\n\r\nabcd", ec::corrupt_data, "twice"},
    {ok + "Content-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", ec::corrupt_data,
     "both"},
    {ok + "Content-Length: -1\r\n\r\n", ec::corrupt_data, "Content-Length"},
    {ok + "Content-Length: 99999999999999999999\r\n\r\n", ec::corrupt_data, "Content-Length"},
    {ok + "Transfer-Encoding: gzip\r\n\r\n", ec::corrupt_data, "Transfer-Encoding"},
    {ok + "\r\nto the end", ec::corrupt_data, "neither"},
    {"SSH-2.0-OpenSSH\r\n\r\n", ec::corrupt_data, "a status line"},
    {"HTTP/1.1 999 What\r\nContent-Length: 0\r\n\r\n", ec::corrupt_data, "a status of 100 to 599"},
    {"HTTP/1.1 101 Switching\r\n\r\n", ec::corrupt_data, "101"},
    {"HTTP/1.1 301 Moved\r\nLocation: http://x/\r\nContent-Length: 0\r\n\r\n", ec::refused,
     "it answers 301 and points elsewhere"},
    {ok + "Content-Length: 2000000\r\n\r\n", ec::out_of_range, "2000000 bytes, more than 1000000"},
    {ok + "X: " + std::string(3000, 'x'), ec::out_of_range, "more than 2000 bytes"},
  };
  size_t n = 0;
  byte_server server{[&](const std::string&) { return byte_reply{all[n].bytes, then::close}; }};
  auto terms = quick_terms();
  terms.head_bytes = 2000;
  terms.body_bytes = 1'000'000;
  start(terms);
  for (; n < all.size(); ++n) {
    const auto got = ask(to(server.url()));
    EXPECT_EQ(got.find(code(all[n].code)), 0U) << n << ' ' << got;
    EXPECT_NE(got.find(all[n].part), std::string::npos) << n << ' ' << got;
  }
}

TEST_F(http_client, a_body_in_chunks_has_the_same_bound) {
  http_world world;
  world.start();
  auto terms = quick_terms();
  terms.body_bytes = 1000;
  start(terms);
  byte_server server{[](const std::string&) {
    std::string all = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n";
    for (int i = 0; i < 200; ++i)
      all += "a\r\n0123456789\r\n";
    return byte_reply{all + "0\r\n\r\n"};
  }};
  EXPECT_EQ(ask(to(server.url())).find(code(ec::out_of_range)), 0U);
  EXPECT_EQ(ask(to("http://127.0.0.1:" + std::to_string(world.port()) + "/large"))
              .find(code(ec::out_of_range)),
            0U);
}

TEST_F(http_client, waits_no_longer_than_it_was_given) {
  byte_server server{[](const std::string& request) {
    const bool begins = request.find("/half") != std::string::npos;
    return byte_reply{begins ? "HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhalf" : "", then::hang};
  }};
  start();
  for (const std::string path : {"/none", "/half"}) {
    auto x = to(server.url() + path);
    x.whole_ms = 30;
    EXPECT_EQ(ask(x), code(ec::timeout) + server.url() + ": no whole answer within 30 ms");
  }
}

TEST_F(http_client, nobody_there_is_a_sentence) {
  uint16_t free = 0;
  {
    const byte_server gone{[](const std::string&) { return byte_reply{}; }};
    free = gone.port();
  }
  start();
  const auto url = "http://127.0.0.1:" + std::to_string(free);
  EXPECT_EQ(ask(to(url)), code(ec::unreachable) + url + ": Connection refused");
}

TEST_F(http_client, refuses_what_cannot_be_sent_and_shows_no_secret) {
  start();
  EXPECT_EQ(ask(to("ftp://x/")).find(code(ec::bad_input)), 0U);
  for (const std::string value : {"a\r\nX: y", "caf\xc3\xa9"}) {
    auto x = to("http://127.0.0.1:1/");
    x.headers = {{"Authorization", value}};
    const auto got = ask(x);
    EXPECT_EQ(got.find(code(ec::bad_input)), 0U) << got;
    EXPECT_EQ(got.find(value), std::string::npos) << got;
  }
  for (const std::string name : {"Host", "content-length", "a b", ""}) {
    auto x = to("http://127.0.0.1:1/");
    x.headers = {{name, "x"}};
    EXPECT_EQ(ask(x).find(code(ec::bad_input)), 0U) << name;
  }
  auto x = to("http://127.0.0.1:1/");
  x.method = "GET /other";
  EXPECT_EQ(ask(x).find(code(ec::bad_input)), 0U);
}

TEST_F(http_client, ends_with_requests_open) {
  byte_server server{[](const std::string&) { return byte_reply{"", then::hang}; }};
  start();
  std::vector<std::future<result<net::http_answer>>> all;
  for (int i = 0; i < 5; ++i)
    all.push_back(begin(to(server.url())));
  while (server.requests().size() < 5)
    std::this_thread::yield();
  client.reset();
  for (auto& x : all) {
    const auto outcome = x.get();
    ASSERT_FALSE(outcome);
    EXPECT_EQ(outcome.error().code, ec::unreachable);
    EXPECT_EQ(outcome.error().what, "the HTTP client stops");
  }
}

TEST_F(http_client, takes_no_more_than_so_many_at_once) {
  byte_server server{[](const std::string&) { return byte_reply{"", then::hang}; }};
  auto terms = quick_terms();
  terms.open_max = 2;
  start(terms);
  const auto first = begin(to(server.url()));
  const auto second = begin(to(server.url()));
  EXPECT_EQ(ask(to(server.url())), code(ec::busy) + "more than 2 HTTP requests are open");
}

TEST_F(http_client, keeps_only_so_many_idle_connections_and_not_for_ever) {
  http_world world;
  world.start();
  auto terms = quick_terms();
  terms.kept_max = 2;
  terms.kept_ms = 20;
  start(terms);
  const auto url = "http://127.0.0.1:" + std::to_string(world.port());
  std::vector<std::future<result<net::http_answer>>> all;
  for (int i = 0; i < 5; ++i)
    all.push_back(begin(to(url + "/later")));
  for (int i = 0; i < 5; ++i)
    world.later.take()({200, "text/plain", ""});
  for (auto& x : all)
    EXPECT_TRUE(x.get());
  const auto until = std::chrono::steady_clock::now() + std::chrono::seconds{30};
  while (world.server->counts().open > 0 && std::chrono::steady_clock::now() < until)
    std::this_thread::yield();
  EXPECT_EQ(world.server->counts().open, 0U);
}

TEST_F(http_client, a_server_that_answers_before_it_has_read_everything_is_understood) {
  byte_server server{[](const std::string&) {
    return byte_reply{http_bytes("413 Content Too Large", "no", "Connection: close\r\n"),
                      then::close};
  }};
  start();
  auto x = to(server.url());
  x.method = "POST";
  x.body = "12";
  const auto outcome = begin(x).get();
  ASSERT_TRUE(outcome) << outcome.error().what;
  EXPECT_EQ(outcome->status, 413U);
  EXPECT_EQ(outcome->body, "no");
}

} // namespace
} // namespace sluice::test
