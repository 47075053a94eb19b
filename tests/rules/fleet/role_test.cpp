#include "rules/fleet/role.hpp"

#include <gtest/gtest.h>

namespace sluice {
namespace {

constexpr fleet_role all_roles[] = {fleet_role::worker, fleet_role::miner, fleet_role::observer,
                                    fleet_role::operating, fleet_role::node};

TEST(fleet_role, names_go_both_ways) {
  for (const auto role : all_roles)
    EXPECT_EQ(parse_fleet_role(to_string(role)), role);
  EXPECT_EQ(to_string(fleet_role::operating), "operator");
  EXPECT_FALSE(parse_fleet_role("root"));
  EXPECT_FALSE(parse_fleet_role(""));
}

TEST(fleet_role, nobody_sends_what_is_not_its_to_send) {
  for (uint8_t i = 0; i < frame_kinds; ++i) {
    const auto kind = static_cast<frame_kind>(i);
    int sends = 0, receives = 0;
    for (const auto role : all_roles) {
      sends += may_send(role, kind);
      receives += may_receive(role, kind);
      EXPECT_FALSE(may_send(role, kind) && may_receive(role, kind)) << int{i};
      EXPECT_FALSE(is_greeting(kind) && (may_send(role, kind) || may_receive(role, kind)))
        << int{i};
    }
    EXPECT_EQ(is_greeting(kind), sends + receives == 0) << int{i};
  }
  EXPECT_FALSE(may_send(fleet_role::worker, frame_kind::admin_line));
  EXPECT_FALSE(may_send(fleet_role::miner, frame_kind::admin_line));
  EXPECT_FALSE(may_send(fleet_role::operating, frame_kind::work_done));
  EXPECT_TRUE(may_send(fleet_role::operating, frame_kind::admin_line));
}

} // namespace
} // namespace sluice
