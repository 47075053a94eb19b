#include "net/keys/tls_certificate.hpp"
#include "net/miner_gateway/server.hpp"
#include "tests/support/gateway_world.hpp"
#include "tests/support/scratch_folder.hpp"

#include <gtest/gtest.h>

namespace sluice::test {
namespace {

/// A gateway behind TLS, and what both sides say of a certificate that is not good.
class gateway_server_tls : public ::testing::Test {
protected:
  gateway_server_tls() { EXPECT_TRUE(net::make_tls_authority(folder.path().string())); }

  void serve(const net::tls_order& order) {
    ASSERT_TRUE(net::make_tls_certificate(folder.path().string(), order));
    auto terms = gateway_world::quick_terms();
    auto tls
      = net::server_identity::load(folder.at(order.name + ".pem"), folder.at(order.name + ".key"));
    ASSERT_TRUE(tls) << tls.error().what;
    terms.tls = *tls;
    world.start(terms);
  }

  /// What the miner was shown when it came with this CA.
  std::string seen_by_miner(const std::string& ca) const {
    auto url = world.url();
    url.scheme = gateway_scheme::wss;
    test_client miner{url, key_number(1), ca};
    return miner.received.wait("");
  }

  scratch_folder folder;
  gateway_world world;
};

TEST_F(gateway_server_tls, carries_a_session) {
  serve({.name = "good", .role = fleet_role::node, .hosts = {"127.0.0.1"}});
  EXPECT_EQ(seen_by_miner(folder.at("ca.pem")), "welcome 1");
}

TEST_F(gateway_server_tls, both_sides_state_that_a_certificate_has_expired) {
  serve(
    {.name = "old", .role = fleet_role::node, .hosts = {"127.0.0.1"}, .days = 1, .days_from = -10});
  const auto why = seen_by_miner(folder.at("ca.pem"));
  EXPECT_TRUE(why.starts_with("lost its certificate cannot be trusted: it expired at 20")) << why;
  EXPECT_EQ(world.reported.wait("tls"), "tls 127.0.0.1 it refused this certificate as expired");
}

TEST_F(gateway_server_tls, both_sides_state_that_a_certificate_is_not_valid_yet) {
  serve({.name = "early", .role = fleet_role::node, .hosts = {"127.0.0.1"}, .days_from = 10});
  const auto why = seen_by_miner(folder.at("ca.pem"));
  EXPECT_TRUE(why.starts_with("lost its certificate cannot be trusted: it is valid only from 20"))
    << why;
  EXPECT_NE(world.reported.wait("tls").find("or not valid yet"), std::string::npos);
}

TEST_F(gateway_server_tls, both_sides_state_that_a_certificate_is_of_another_host) {
  serve({.name = "other", .role = fleet_role::node, .hosts = {"node.example", "10.0.0.1"}});
  EXPECT_EQ(seen_by_miner(folder.at("ca.pem")),
            "lost its certificate is of another host than 127.0.0.1: it is for node.example, "
            "10.0.0.1");
  EXPECT_NE(world.reported.wait("tls").find("it is not of the host that was asked for"),
            std::string::npos);
}

TEST_F(gateway_server_tls, both_sides_state_that_nobody_knows_the_issuer) {
  serve({.name = "node", .role = fleet_role::node, .hosts = {"127.0.0.1"}});
  const scratch_folder theirs;
  ASSERT_TRUE(net::make_tls_authority(theirs.path().string()));
  const auto why = seen_by_miner(theirs.at("ca.pem"));
  EXPECT_TRUE(
    why.starts_with("lost its certificate cannot be trusted: it was issued by O = sluice"))
    << why;
  EXPECT_NE(why.find("(--ca)"), std::string::npos) << why;
  EXPECT_NE(world.reported.wait("tls").find("it does not know who issued this certificate"),
            std::string::npos);
}

TEST_F(gateway_server_tls, both_sides_state_that_one_of_them_speaks_none) {
  serve({.name = "node", .role = fleet_role::node, .hosts = {"127.0.0.1"}});
  test_client miner{world.url()};
  EXPECT_NE(miner.received.wait("lost"), "");
  EXPECT_NE(world.reported.wait("tls").find("it speaks without TLS (ws://)"), std::string::npos);
  world.start();
  EXPECT_EQ(seen_by_miner(folder.at("ca.pem")), "lost the other side closed the connection");
}

} // namespace
} // namespace sluice::test
