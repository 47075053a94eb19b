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

/// "name=value" of every parameter, or what is allowed.
std::string
parameters_of(const http_router& router, const std::string& method, const std::string& path) {
  const auto found = router.find(method, path);
  std::string text = found.route ? found.route->path : "allow: " + found.allow;
  for (const auto& [name, value] : found.parameters)
    text.append(" ").append(name).append("=").append(value);
  return text;
}

TEST(http_router, a_parameter_stands_for_one_segment) {
  http_router router;
  router.serve("GET", "/result/{id}", answering("result"));
  router.serve("GET", "/{kind}/of/{id}", answering("of"));
  EXPECT_EQ(parameters_of(router, "GET", "/result/7"), "/result/{id} id=7");
  EXPECT_EQ(parameters_of(router, "HEAD", "/result/7"), "/result/{id} id=7");
  EXPECT_EQ(parameters_of(router, "GET", "/a/of/b"), "/{kind}/of/{id} id=b kind=a");
  for (const auto* path : {"/result", "/result/", "/result/7/", "/result/7/8", "/result//", "//7"})
    EXPECT_EQ(parameters_of(router, "GET", path), "allow: ") << path;
  EXPECT_EQ(parameters_of(router, "POST", "/result/7"), "allow: GET, HEAD");
}

TEST(http_router, a_parameter_is_decoded_and_bounded) {
  http_router router;
  router.serve("GET", "/result/{id}", answering("result"));
  EXPECT_EQ(parameters_of(router, "GET", "/result/a%20b%C3%a9"), "/result/{id} id=a b\xc3\xa9");
  const std::string longest(path_parameter_bytes_max, 'x');
  EXPECT_EQ(parameters_of(router, "GET", "/result/" + longest), "/result/{id} id=" + longest);
  for (const auto& bad : {longest + 'x', std::string{"%"}, std::string{"%2"}, std::string{"%zz"},
                          std::string{"a%2Fb"}, std::string{"%00"}, std::string{"%7f"},
                          std::string{"%C3"}, std::string{"%ed%a0%80"}})
    EXPECT_EQ(parameters_of(router, "GET", "/result/" + bad), "allow: ") << bad;
}

TEST(http_router, a_path_that_is_served_as_it_is_comes_before_parameters) {
  http_router router;
  router.serve("GET", "/{any}", answering("any"));
  router.serve("POST", "/one", answering("one"));
  EXPECT_EQ(answer_of(router, "GET", "/two"), "any");
  EXPECT_EQ(answer_of(router, "POST", "/one"), "one");
  EXPECT_EQ(answer_of(router, "GET", "/one"), "allow: POST"); // as if there were no other route
}

TEST(http_router, parameters_have_names_of_their_own) {
  http_router router;
  EXPECT_THROW(router.serve("GET", "/{}", answering("")), std::invalid_argument);
  EXPECT_THROW(router.serve("GET", "/{a}/{a}", answering("")), std::invalid_argument);
  router.serve("GET", "/{a}", answering(""));
  EXPECT_THROW(router.serve("GET", "/{b}", answering("")), std::invalid_argument);
  router.serve("POST", "/{b}", answering(""));
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
