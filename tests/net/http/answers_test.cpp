// What every route gets from the server: names and forms of bodies, OPTIONS, numbers, the log.
#include "net/http/cached_body.hpp"
#include "net/http/compression.hpp"
#include "tests/support/http_world.hpp"

#include <gtest/gtest.h>

#include <mutex>
#include <set>

namespace sluice::test {
namespace {

std::string field(const std::string& answer, const std::string& name) {
  const auto at = answer.find("\r\n" + name + ": ");
  if (at == std::string::npos)
    return {};
  const auto from = at + name.size() + 4;
  return answer.substr(from, answer.find("\r\n", from) - from);
}

std::string body(const std::string& answer) {
  return answer.substr(answer.find("\r\n\r\n") + 4);
}

class http_answers : public ::testing::Test {
protected:
  http_answers() {
    auto terms = http_world::quick_terms();
    terms.log = [this](const net::answer_log_entry& x) {
      const std::lock_guard lock{mutex};
      log.push_back(net::answer_log_line(x));
    };
    world.start(std::move(terms));
  }

  std::string ask(const std::string& path, const std::string& more = "") {
    return world.ask(get(path, more + closing));
  }

  std::mutex mutex;
  std::vector<std::string> log;
  http_world world;
};

TEST_F(http_answers, a_body_that_the_client_has_is_not_sent_again) {
  for (const auto* path : {"/query?something", "/cached"}) {
    const auto first = ask(path);
    const auto name = field(first, "ETag");
    EXPECT_EQ(name.size(), 34U) << first;
    const auto again = ask(path, "If-None-Match: \"x\", " + name + "\r\n");
    EXPECT_TRUE(again.starts_with("HTTP/1.1 304 Not Modified\r\n")) << again;
    EXPECT_EQ(field(again, "ETag"), name);
    EXPECT_EQ(body(again), "");
    EXPECT_TRUE(ask(path, "If-None-Match: \"x\"\r\n").starts_with("HTTP/1.1 200 OK\r\n"));
  }
}

TEST_F(http_answers, a_body_is_compressed_for_who_asks) {
  const std::string long_query(2'000, 'q');
  for (const auto& [path, plain] :
       {std::pair<std::string, std::string>{"/query?" + long_query, long_query},
        std::pair<std::string, std::string>{"/cached",
                                            std::string(http_world::cached_bytes, 'c')}}) {
    EXPECT_EQ(body(ask(path)), plain);
    EXPECT_EQ(body(ask(path, "Accept-Encoding: gzip;q=0\r\n")), plain);
    const auto got = ask(path, "Accept-Encoding: br\r\nAccept-Encoding: gzip\r\n");
    EXPECT_EQ(field(got, "Content-Encoding"), "gzip");
    EXPECT_EQ(body(got), net::gzip_of(plain));
    EXPECT_TRUE(field(got, "ETag").ends_with("-gz\"")) << got.substr(0, 300);
    EXPECT_EQ(field(got, "Vary"), "Accept-Encoding");
  }
}

TEST_F(http_answers, options_states_the_methods_of_a_path) {
  const auto options = [this](const std::string& path) {
    return world.ask("OPTIONS " + path + " HTTP/1.1\r\nHost: here\r\n" + closing + "\r\n");
  };
  EXPECT_TRUE(options("/plain").starts_with("HTTP/1.1 204 No Content\r\n"));
  EXPECT_EQ(field(options("/plain"), "Allow"), "GET, HEAD, OPTIONS");
  EXPECT_EQ(field(options("/echo"), "Allow"), "POST, OPTIONS");
  EXPECT_EQ(field(options("/later/7"), "Allow"), "GET, HEAD, OPTIONS");
  EXPECT_EQ(field(options("*"), "Allow"), "GET, HEAD, POST, OPTIONS");
  EXPECT_TRUE(options("/nothing").starts_with("HTTP/1.1 404 "));
}

TEST_F(http_answers, every_answer_has_a_number_and_a_date) {
  EXPECT_EQ(field(ask("/plain", "X-Request-Id: mine-1\r\n"), "X-Request-Id"), "mine-1");
  std::set<std::string> numbers;
  for (const auto& request :
       {get("/plain", closing), get("/plain", "X-Request-Id: a b\r\n" + closing),
        get("/plain", "X-Request-Id: a\r\nX-Request-Id: b\r\n" + closing), get("/nothing", closing),
        get("/throws", closing), std::string{"no request\r\n\r\n"}}) {
    const auto got = world.ask(request);
    EXPECT_EQ(field(got, "Date").size(), 29U) << got;
    EXPECT_GE(field(got, "X-Request-Id").size(), 12U) << got;
    numbers.insert(field(got, "X-Request-Id"));
  }
  EXPECT_EQ(numbers.size(), 6U);
}

TEST_F(http_answers, who_asks_the_same_again_gets_what_is_true_now) {
  const bare_socket peer{world.port()};
  std::set<std::string> numbers;
  for (int i = 0; i < 5; ++i) {
    peer.send(get("/count"));
    const auto got = peer.read_until("\r\n\r\n" + std::to_string(i));
    EXPECT_TRUE(got.ends_with("\r\n\r\n" + std::to_string(i))) << got;
    numbers.insert(field(got, "X-Request-Id"));
  }
  EXPECT_EQ(numbers.size(), 5U);
  const auto echo = [](const std::string& x) {
    return "POST /echo HTTP/1.1\r\nHost: here\r\nContent-Length: 3\r\n\r\n" + x;
  };
  peer.send(echo("abc") + echo("def") + "x y z\r\n\r\n");
  const auto got = peer.read_until();
  EXPECT_EQ(times("\r\n\r\nabcHTTP/1.1 200 ", got), 1U) << got;
  EXPECT_EQ(times("\r\n\r\ndefHTTP/1.1 400 ", got), 1U) << got;
}

TEST_F(http_answers, each_is_logged_without_its_query) {
  ask("/query?api_key=secret", "X-Request-Id: one\r\n");
  world.ask("POST /echo HTTP/1.1\r\nHost: h\r\nX-Request-Id: two\r\nContent-Length: 3\r\n" + closing
            + "\r\nabc");
  ask("/nothing", "X-Request-Id: three\r\n");
  world.ask("nothing\r\n\r\n");
  world.server.reset();
  ASSERT_EQ(log.size(), 4U);
  EXPECT_TRUE(log[0].starts_with("one 127.0.0.1 GET /query 200 14 ")) << log[0];
  EXPECT_TRUE(log[0].ends_with(" -")) << log[0];
  EXPECT_TRUE(log[1].starts_with("two 127.0.0.1 POST /echo 200 3 ")) << log[1];
  EXPECT_TRUE(log[2].starts_with("three 127.0.0.1 GET /nothing 404 ")) << log[2];
  EXPECT_NE(log[3].find(" 127.0.0.1 - - 400 "), std::string::npos) << log[3];
}

} // namespace
} // namespace sluice::test
