#include "net/http/limits.hpp"

#include <gtest/gtest.h>

namespace sluice::net {
namespace {

TEST(admit_within, counts_connections_per_network_and_of_all) {
  http_limits limits;
  limits.connections_max = 3;
  limits.connections_per_network = 2;
  const auto admit = admit_within(limits);
  uint64_t number = 0;
  const auto connect = [&](const std::string& network) { return admit(++number, network); };
  const auto refusal = [](const auto& x) {
    const auto* no = std::get_if<http_response>(&x);
    return no ? std::to_string(no->status) + ' ' + no->body : std::string{};
  };
  auto one = connect("a");
  auto two = connect("a");
  EXPECT_EQ(refusal(one) + refusal(two), "");
  EXPECT_NE(refusal(connect("a")).find("503 {\"detail\":\"your network a has 2 connections"),
            std::string::npos);
  const auto other = connect("b");
  EXPECT_EQ(refusal(other), "");
  EXPECT_NE(refusal(connect("c")).find("more than 3 connections are open"), std::string::npos);
  two = http_response{};
  EXPECT_EQ(refusal(connect("c")), ""); // and is gone again
  EXPECT_EQ(refusal(connect("a")), "");
}

} // namespace
} // namespace sluice::net
