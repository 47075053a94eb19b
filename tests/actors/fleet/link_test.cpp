#include "actors/fleet/link.hpp"
#include "tests/support/fleet_world.hpp"

namespace sluice::test {
namespace {

TEST(fleet_link, tries_again_until_somebody_listens) {
  uint16_t port = 0;
  {
    fleet_node node{"127.0.0.1:0", {}, fleet_folder::insecure()};
    port = node.port;
  }
  const auto where = "127.0.0.1:" + std::to_string(port);
  fleet_peer_program peer{where, hello_of(fleet_role::worker, "w1"), fleet_folder::insecure()};
  for (int i = 0; i < 3; ++i) {
    const auto down = peer.downs.next();
    ASSERT_TRUE(down);
    EXPECT_FALSE(down->refused);
    EXPECT_NE(down->why.find(where), std::string::npos) << down->why;
  }
  fleet_node node{where, {}, fleet_folder::insecure()};
  EXPECT_TRUE(peer.ups.next());
  EXPECT_EQ(node.came.next(), "w1");
}

TEST(fleet_link, ends_with_its_owner_and_the_node_notices) {
  fleet_node node{"127.0.0.1:0", {}, fleet_folder::insecure()};
  fleet_peer_program peer{node.where(), hello_of(fleet_role::worker, "w1"),
                          fleet_folder::insecure()};
  ASSERT_TRUE(peer.ups.next());
  caf::anon_send_exit(peer.owner, caf::exit_reason::user_shutdown);
  EXPECT_EQ(node.left.next(), "w1") << "without the connection being lost";
}

TEST(fleet_link, a_refusal_is_repeated_with_its_reason) {
  fleet_node node{"127.0.0.1:0", {}, fleet_folder::insecure()};
  auto who = hello_of(fleet_role::worker, "w1");
  who.engine = "another";
  fleet_peer_program peer{node.where(), who, fleet_folder::insecure()};
  for (int i = 0; i < 2; ++i) {
    const auto down = peer.downs.next();
    ASSERT_TRUE(down);
    EXPECT_TRUE(down->refused);
    EXPECT_NE(down->why.find("refused: engine another: expected engine"), std::string::npos)
      << down->why;
  }
}

} // namespace
} // namespace sluice::test
