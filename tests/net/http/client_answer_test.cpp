#include "net/http/client_answer.hpp"

#include <gtest/gtest.h>

#include <random>

namespace sluice::test {
namespace {

net::http_answer_head head_of(const std::string& text, bool head_request = false) {
  auto head = net::read_answer_head(text, head_request);
  EXPECT_TRUE(head) << (head ? "" : head.error().what);
  return head ? *std::move(head) : net::http_answer_head{};
}

TEST(client_answer, reads_status_headers_and_framing) {
  const auto x = head_of("HTTP/1.1 200 OK\r\nContent-Length: 12\r\nX-Y:  z \r\n\r\n");
  EXPECT_EQ(x.answer.status, 200U);
  EXPECT_EQ(x.answer.header("x-y"), "z");
  EXPECT_EQ(x.framing.body_bytes, 12U);
  EXPECT_TRUE(x.framing.keep_alive);
  EXPECT_FALSE(x.interim);
  const auto chunked = head_of("HTTP/1.1 429 \r\nTransfer-Encoding: Chunked\r\n"
                               "Connection: x, Close\r\n\r\n");
  EXPECT_TRUE(chunked.framing.chunked);
  EXPECT_FALSE(chunked.framing.keep_alive);
  EXPECT_TRUE(head_of("HTTP/1.1 100 Continue\r\n\r\n").interim);
}

TEST(client_answer, knows_which_answers_have_no_body) {
  for (const auto* text : {"HTTP/1.1 204 No\r\nContent-Length: 5\r\n\r\n",
                           "HTTP/1.1 304 No\r\nTransfer-Encoding: chunked\r\n\r\n"})
    EXPECT_FALSE(head_of(text).framing.has_body()) << text;
  EXPECT_FALSE(head_of("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n", true).framing.has_body());
}

TEST(client_answer, http_1_0_stays_open_only_when_it_asks_for_it) {
  EXPECT_FALSE(head_of("HTTP/1.0 200 OK\r\nContent-Length: 1\r\n\r\n").framing.keep_alive);
  EXPECT_TRUE(head_of("HTTP/1.0 200 OK\r\nContent-Length: 1\r\nConnection: keep-alive\r\n\r\n")
                .framing.keep_alive);
}

TEST(client_answer, refuses_what_two_programs_could_read_differently) {
  const std::string ok = "HTTP/1.1 200 OK\r\n";
  for (const std::string& text :
       {std::string{"HTTP/2 200\r\n\r\n"}, std::string{"HTTP/1.1 20 OK\r\n\r\n"},
        std::string{"HTTP/1.1 2000 OK\r\n\r\n"}, std::string{"HTTP/1.1  200 OK\r\n\r\n"},
        std::string{"HTTP/1.1 200 OK\nContent-Length: 1\r\n\r\n"},
        std::string{"\r\nHTTP/1.1 200 OK\r\n\r\n"}, ok + " folded: x\r\n\r\n",
        ok + "A : b\r\nContent-Length: 1\r\n\r\n", ok + "no colon\r\n\r\n",
        ok + "A: b\x01\r\nContent-Length: 1\r\n\r\n", ok + "Content-Length: +1\r\n\r\n",
        ok + "Content-Length: 0x1\r\n\r\n", ok + "Content-Length: 1, 1\r\n\r\n",
        ok + "Content-Length: 1\r\nContent-Length: 1\r\n\r\n",
        ok + "Transfer-Encoding: gzip, chunked\r\n\r\n", ok + "\r\n"}) {
    const auto head = net::read_answer_head(text, false);
    ASSERT_FALSE(head) << text;
    EXPECT_EQ(head.error().code, ec::corrupt_data) << text;
  }
  std::string many = ok;
  for (int i = 0; i < 101; ++i)
    many += "A: b\r\n";
  EXPECT_FALSE(net::read_answer_head(many + "\r\n", true));
}

TEST(client_answer, survives_ten_thousand_changed_heads) {
  const auto seed = std::random_device{}();
  std::mt19937_64 random{seed};
  const std::string good = "HTTP/1.1 200 OK\r\nContent-Length: 12\r\nConnection: close\r\n\r\n";
  size_t refused = 0;
  for (int i = 0; i < 10'000; ++i) {
    auto text = good;
    for (auto n = random() % 3 + 1; n > 0; --n)
      text[random() % text.size()] = static_cast<char>(random());
    const auto head = net::read_answer_head(text, false);
    refused += head ? 0 : 1;
    if (head) {
      EXPECT_TRUE(head->answer.status >= 100 && head->answer.status < 600) << seed;
    }
  }
  EXPECT_GT(refused, 3'000U) << seed;
}

} // namespace
} // namespace sluice::test
