#include "net/http/limits.hpp"

#include <gtest/gtest.h>

#include <vector>

namespace sluice::net {
namespace {

TEST(admit_within, counts_connections_per_network_and_of_all) {
  http_limits limits;
  limits.connections_max = 3;
  limits.connections_per_network = 2;
  const auto admit = admit_within(limits);
  uint64_t number = 0;
  const auto connect = [&](const std::string& network) {
    return admit({++number, network, false});
  };
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

TEST(admit_within, a_proxy_has_no_bound_of_its_own_but_that_of_all) {
  http_limits limits;
  limits.connections_max = 5;
  limits.connections_per_network = 2;
  const auto admit = admit_within(limits);
  std::vector<std::variant<http_ticket, http_response>> held;
  for (uint64_t n = 1; n <= 6; ++n)
    held.push_back(admit({n, "proxy", true}));
  for (size_t i = 0; i < 5; ++i)
    EXPECT_TRUE(std::holds_alternative<http_ticket>(held[i])) << i;
  EXPECT_TRUE(std::holds_alternative<http_response>(held[5]));
}

} // namespace
} // namespace sluice::net
