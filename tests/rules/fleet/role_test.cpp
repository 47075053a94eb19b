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

TEST(fleet_role, nobody_says_what_is_not_his_to_say) {
  for (uint8_t i = 0; i < frame_kinds; ++i) {
    const auto kind = static_cast<frame_kind>(i);
    int says = 0, hears = 0;
    for (const auto role : all_roles) {
      says += may_say(role, kind);
      hears += may_hear(role, kind);
      EXPECT_FALSE(may_say(role, kind) && may_hear(role, kind)) << int{i};
      EXPECT_FALSE(is_greeting(kind) && (may_say(role, kind) || may_hear(role, kind))) << int{i};
    }
    EXPECT_EQ(is_greeting(kind), says + hears == 0) << int{i};
  }
  EXPECT_FALSE(may_say(fleet_role::worker, frame_kind::admin_line));
  EXPECT_FALSE(may_say(fleet_role::miner, frame_kind::admin_line));
  EXPECT_FALSE(may_say(fleet_role::operating, frame_kind::work_done));
  EXPECT_TRUE(may_say(fleet_role::operating, frame_kind::admin_line));
}

} // namespace
} // namespace sluice
