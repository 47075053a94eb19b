#include "rules/miner_gateway/url.hpp"

#include <gtest/gtest.h>

namespace sluice {
namespace {

TEST(gateway_url, is_read_and_written_back) {
  for (const auto* text : {"ws://127.0.0.1:8700", "wss://node.example:443/miners",
                           "ws://[::1]:8700", "caf://10.0.0.5:9000"}) {
    const auto url = parse_gateway_url(text);
    ASSERT_TRUE(url) << url.error().what;
    EXPECT_EQ(to_string(*url), text);
  }
  EXPECT_EQ(parse_gateway_url("wss://a:1/b/c")->target, "/b/c");
  EXPECT_EQ(parse_gateway_url("ws://a:1/")->target, "/");
  EXPECT_EQ(parse_gateway_url("caf://a:1")->scheme, gateway_scheme::caf);
}

TEST(gateway_url, states_what_was_expected) {
  for (const auto* text : {"", "127.0.0.1:8700", "http://a:1", "ws://", "ws://a", "ws://a:0",
                           "ws://a:70000", "ws://8700", "ws://a:1/ b", "caf://a:1/b", "WS://a:1"}) {
    const auto url = parse_gateway_url(text);
    ASSERT_FALSE(url) << text;
    EXPECT_EQ(url.error().code, ec::bad_input);
    EXPECT_NE(url.error().what.find("expected ws://HOST:PORT"), std::string::npos);
  }
}

} // namespace
} // namespace sluice
