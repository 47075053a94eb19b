#include "actors/fleet/network.hpp"
#include "tests/support/fleet_world.hpp"

namespace sluice::test {
namespace {

TEST(fleet_network,
     without_certificates_it_does_not_start_unless_that_is_configured_and_only_here) {
  const fleet_settings nothing_given;
  const auto refused = fleet_network_of(nothing_given, "127.0.0.1:9000");
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, ec::refused);
  EXPECT_NE(refused.error().what.find("sluice keys tls"), std::string::npos);

  fleet_settings insecure;
  insecure.insecure = true;
  EXPECT_TRUE(fleet_network_of(insecure, "127.0.0.1:9000"));
  EXPECT_TRUE(fleet_network_of(insecure, "[::1]:9000"));
  for (const auto* where : {"0.0.0.0:9000", "10.0.0.5:9000", "[::]:9000", "node.example:9000"}) {
    const auto open = fleet_network_of(insecure, where);
    ASSERT_FALSE(open) << where;
    EXPECT_NE(open.error().what.find("only on this machine"), std::string::npos);
  }
  insecure.ca = "ca.pem";
  EXPECT_FALSE(fleet_network_of(insecure, "127.0.0.1:9000"));
}

TEST(fleet_network, files_that_cannot_be_used_are_named_before_caf_sees_them) {
  const fleet_folder files;
  auto settings = files.node();
  EXPECT_TRUE(fleet_network_of(settings, "10.0.0.5:9000"));
  settings.key = files.ours() + "/none.key";
  const auto missing = fleet_network_of(settings, "10.0.0.5:9000");
  ASSERT_FALSE(missing);
  EXPECT_NE(missing.error().what.find("none.key: cannot be read"), std::string::npos);
}

TEST(fleet_network, a_port_that_is_taken_and_a_host_that_is_not_there_are_reported) {
  fleet_program a{fleet_folder::insecure()};
  received<network_answer> answers;
  const auto listener = a.keep(a.sys().spawn([&](caf::event_based_actor*) -> caf::behavior {
    return {[&answers](const network_answer& answer) { answers.add(answer); }};
  }));
  auto wall = guard_ref::make(a.sys(), listener, [](frame_kind) { return false; });
  publish(a.sys(), a.network(), "127.0.0.1:0", wall.handle(), listener);
  const auto first = answers.next();
  ASSERT_TRUE(first);
  ASSERT_NE(first->port, 0);
  const auto taken = "127.0.0.1:" + std::to_string(first->port);
  fleet_program b{fleet_folder::insecure()};
  auto other = guard_ref::make(b.sys(), {}, [](frame_kind) { return false; });
  publish(b.sys(), b.network(), taken, other.handle(), listener);
  const auto second = answers.next();
  ASSERT_TRUE(second);
  EXPECT_EQ(second->why.rfind("listen at " + taken, 0), 0u) << second->why;
  unpublish(a.sys(), a.network(), first->port);
  connect(b.sys(), b.network(), "127.0.0.1:1", 5, listener);
  const auto nobody = answers.next();
  ASSERT_TRUE(nobody);
  EXPECT_EQ(nobody->attempt, 5u);
  EXPECT_EQ(nobody->far, nullptr);
  EXPECT_EQ(nobody->why.rfind("connect to 127.0.0.1:1: ", 0), 0u) << nobody->why;
  wall->retire();
  other->retire();
}

} // namespace
} // namespace sluice::test
