#include "rules/fleet/pause.hpp"

#include <gtest/gtest.h>

namespace sluice {
namespace {

TEST(retry_pause, doubles_up_to_the_longest) {
  const retry_pauses pauses{1'000, 60'000};
  EXPECT_EQ(retry_pause_ms(1, 500, pauses), 1'000u);
  EXPECT_EQ(retry_pause_ms(2, 1'000, pauses), 2'000u);
  EXPECT_EQ(retry_pause_ms(6, 16'000, pauses), 32'000u);
  EXPECT_EQ(retry_pause_ms(7, 30'000, pauses), 60'000u);
  EXPECT_EQ(retry_pause_ms(4'000'000'000, 30'000, pauses), 60'000u);
}

TEST(retry_pause, chance_takes_at_most_half_away) {
  const retry_pauses pauses{1'000, 60'000};
  for (uint64_t chance = 0; chance < 5'000; ++chance) {
    const auto pause = retry_pause_ms(1, chance, pauses);
    EXPECT_GE(pause, 500u);
    EXPECT_LE(pause, 1'000u);
  }
}

} // namespace
} // namespace sluice
