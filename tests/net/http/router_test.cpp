#include "net/http/router.hpp"

#include <gtest/gtest.h>

#include <optional>
#include <stdexcept>

namespace sluice::net {
namespace {

http_handler answering(const std::string& text) {
  return answer_with([text](const http_request&) {
    return http_response{200, "text/plain", text};
  });
}

std::string
answer_of(const http_router& router, const std::string& method, const std::string& path) {
  const auto found = router.find(method, path);
  std::string text = "allow: " + found.allow;
  if (found.route)
    found.route->handler({}, http_reply{[&](const http_response& x) { text = x.body; }});
  return text;
}

TEST(http_router, finds_a_handler_by_method_and_path) {
  http_router router;
  router.serve("GET", "/a", answering("got"));
  router.serve("POST", "/a", answering("posted"));
  router.serve("POST", "/b", answering("b"));
  EXPECT_EQ(answer_of(router, "GET", "/a"), "got");
  EXPECT_EQ(answer_of(router, "HEAD", "/a"), "got");
  EXPECT_EQ(answer_of(router, "POST", "/a"), "posted");
  EXPECT_EQ(answer_of(router, "DELETE", "/a"), "allow: GET, HEAD, POST");
  EXPECT_EQ(answer_of(router, "HEAD", "/b"), "allow: POST");
  EXPECT_EQ(answer_of(router, "GET", "/a/"), "allow: ");
  EXPECT_EQ(answer_of(router, "get", "/a"), "allow: GET, HEAD, POST");
  EXPECT_EQ(router.routes().size(), 3U);
}

TEST(http_router, a_websocket_answers_no_head) {
  http_router router;
  router.upgrade("/", [](const websocket_request&) {});
  EXPECT_TRUE(router.find("GET", "/").route->websocket);
  EXPECT_EQ(router.find("HEAD", "/").route, nullptr);
  EXPECT_EQ(router.find("HEAD", "/").allow, "GET");
}

TEST(http_router, two_routes_of_one_name_are_a_mistake) {
  http_router router;
  router.serve("GET", "/a", answering(""));
  EXPECT_THROW(router.upgrade("/a", [](const websocket_request&) {}), std::invalid_argument);
}

TEST(http_reply, answers_once) {
  std::vector<unsigned> sent;
  {
    const http_reply reply{[&](const http_response& x) { sent.push_back(x.status); }};
    const auto copy = reply;
    copy({201, "", "", {}});
    reply({202, "", "", {}});
  }
  EXPECT_EQ(sent, std::vector<unsigned>{201});
}

TEST(http_reply, that_is_forgotten_answers_500) {
  std::vector<unsigned> sent;
  {
    std::optional<http_reply> kept{
      http_reply{[&](const http_response& x) { sent.push_back(x.status); }}};
    const auto copy = *kept;
    kept.reset();
    EXPECT_TRUE(sent.empty());
  }
  EXPECT_EQ(sent, std::vector<unsigned>{500});
}

} // namespace
} // namespace sluice::net
