#include "net/http/websocket.hpp"

#include <gtest/gtest.h>

namespace sluice::net {
namespace {

http_request a_request() {
  http_request x;
  x.method = "GET";
  x.headers = {{"host", "here"},
               {"upgrade", "WebSocket"},
               {"connection", "keep-alive, Upgrade"},
               {"sec-websocket-key", "dGhlIHNhbXBsZSBub25jZQ=="},
               {"sec-websocket-version", "13"}};
  return x;
}

unsigned status_with(const std::string& name, const std::string& value) {
  auto x = a_request();
  for (auto& header : x.headers)
    if (header.name == name)
      header.value = value;
  const auto no = upgrade_refusal(x, false);
  return no ? no->status : 0;
}

TEST(upgrade_refusal, takes_what_the_standard_takes) {
  EXPECT_FALSE(upgrade_refusal(a_request(), false));
}

TEST(upgrade_refusal, states_what_is_missing) {
  EXPECT_EQ(status_with("upgrade", "h2c"), 426U);
  EXPECT_EQ(status_with("connection", "close"), 426U);
  EXPECT_EQ(status_with("sec-websocket-version", "8"), 426U);
  for (const auto* key : {"", "dGhlIHNhbXBsZSBub25jZQ", "dGhlIHNhbXBsZSBub25jZQ=!",
                          "dGhlIHNhbXBsZSBub25jZQ==AAAA", "dGhlIHNhbXBsZSBub2 5jZQ=="})
    EXPECT_EQ(status_with("sec-websocket-key", key), 400U) << key;
  EXPECT_EQ(upgrade_refusal(a_request(), true)->status, 400U);
  auto old = a_request();
  old.http_1_0 = true;
  EXPECT_EQ(upgrade_refusal(old, false)->status, 400U);
  const auto no = upgrade_refusal({}, false);
  EXPECT_EQ(no->headers.front(), (http_header{"Upgrade", "websocket"}));
}

} // namespace
} // namespace sluice::net
