#include "net/http/listening.hpp"
#include "tests/support/gateway_world.hpp"

#include <gtest/gtest.h>

namespace sluice::test {
namespace {

TEST(listening_socket, port_0_is_any_free_one_and_is_reported) {
  auto one = net::listening_socket::open("127.0.0.1:0");
  auto two = net::listening_socket::open("127.0.0.1:0");
  ASSERT_TRUE(one && two);
  EXPECT_NE(one->port(), 0);
  EXPECT_NE(one->port(), two->port());
  EXPECT_EQ(one->address(), "127.0.0.1:" + std::to_string(one->port()));
  EXPECT_FALSE(one->is_v6());
}

TEST(listening_socket, what_comes_while_nobody_serves_waits) {
  auto socket = net::listening_socket::open("127.0.0.1:0");
  ASSERT_TRUE(socket);
  const bare_socket caller{socket->port()}; // throws when refused
  const int copy = socket->copy();
  ASSERT_GE(copy, 0);
  ::close(copy);
  const bare_socket another{socket->port()};
}

TEST(listening_socket, states_what_is_wrong_and_what_to_do) {
  auto taken = net::listening_socket::open("127.0.0.1:0");
  ASSERT_TRUE(taken);
  const auto again = net::listening_socket::open(taken->address());
  ASSERT_FALSE(again);
  EXPECT_EQ(again.error().code, ec::unreachable);
  EXPECT_EQ(again.error().what, taken->address()
                                  + ": cannot be listened on: Address already in use; choose"
                                    " another address or port");
  EXPECT_EQ(net::listening_socket::open("nowhere").error().code, ec::bad_input);
  EXPECT_EQ(net::listening_socket::open("203.0.113.7:1").error().code, ec::unreachable);
}

TEST(listening_socket, speaks_ipv6_where_there_is_any) {
  const auto six = net::listening_socket::open("[::1]:0");
  if (!six)
    GTEST_SKIP() << six.error().what;
  EXPECT_TRUE(six->is_v6());
  EXPECT_TRUE(six->address().starts_with("[::1]:"));
}

} // namespace
} // namespace sluice::test
