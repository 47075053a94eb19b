#include "rules/leads/publish.hpp"

#include <gtest/gtest.h>

namespace sluice {
namespace {

TEST(lead_publish, is_calculated_again_with_the_settings_that_it_states) {
  lead_publish x;
  x.window_days = 7;
  x.w_curated = 0.5;
  x.w_sourced = 0.25;
  x.policy = share_policy::v2;
  x.k_miner = {"K"};
  const auto settings = settings_of(x);
  EXPECT_EQ(settings.window_days, 7U);
  EXPECT_EQ(settings.w_curated, 0.5);
  EXPECT_EQ(settings.w_sourced, 0.25);
  EXPECT_EQ(settings.policy, share_policy::v2);
  EXPECT_EQ(settings.k_miner, "K");
}

} // namespace
} // namespace sluice
