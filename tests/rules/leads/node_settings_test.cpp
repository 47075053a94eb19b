#include "rules/leads/node_settings.hpp"

#include <gtest/gtest.h>

namespace sluice {
namespace {

TEST(leads_node_settings, are_found_in_a_configuration) {
  node_config config;
  EXPECT_EQ(find_leads(config), nullptr);
  leads_node_settings own;
  own.rules.window_days = 7;
  config.mechanisms[std::string{leads_name}] = mechanism_settings::of(own);
  ASSERT_NE(find_leads(config), nullptr);
  EXPECT_EQ(*find_leads(config), own);
}

TEST(leads_node_settings, give_every_step_of_a_world_its_moment) {
  const leads_world world{1, 1'767'225'600};
  EXPECT_EQ(moment_us(world, 0, 900), 1'767'225'600'000'000);
  EXPECT_EQ(moment_us(world, 3, 900), 1'767'228'300'000'000);
}

} // namespace
} // namespace sluice
