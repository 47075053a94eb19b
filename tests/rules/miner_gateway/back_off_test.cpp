#include "rules/miner_gateway/back_off.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <random>

namespace sluice {
namespace {

constexpr back_off_terms usual;

/// Smallest and largest pause of many.
std::pair<uint64_t, uint64_t> range(uint64_t failures, uint64_t retry_ms = 0) {
  std::mt19937_64 chance{failures};
  uint64_t least = ~uint64_t{0}, most = 0;
  for (int i = 0; i < 20'000; ++i) {
    const auto pause = back_off_ms(usual, failures, chance(), retry_ms);
    least = std::min(least, pause);
    most = std::max(most, pause);
  }
  return {least, most};
}

TEST(back_off, grows_from_a_second_to_a_minute_with_chance_in_it) {
  uint64_t top = 2'000;
  for (uint64_t failures = 1; failures < 100;
       ++failures, top = std::min<uint64_t>(top * 2, 60'000)) {
    const auto [least, most] = range(failures);
    EXPECT_GE(least, 1'000U);
    EXPECT_LT(least, 1'100U) << failures;
    EXPECT_LE(most, top);
    EXPECT_GT(most, top - top / 50) << failures;
  }
}

TEST(back_off, heeds_the_wish_of_the_node_and_not_for_days) {
  const auto [least, most] = range(1, 30'000);
  EXPECT_EQ(least, 30'000U);
  EXPECT_LE(most, 31'000U);
  EXPECT_LE(range(1, ~uint64_t{0}).second, 601'000U);
}

TEST(back_off, takes_any_number_of_failures_and_any_chance) {
  for (const auto failures : {uint64_t{0}, uint64_t{64}, ~uint64_t{0}})
    for (const auto chance : {uint64_t{0}, ~uint64_t{0}}) {
      const auto pause = back_off_ms(usual, failures, chance);
      EXPECT_GE(pause, 1'000U);
      EXPECT_LE(pause, 60'000U);
    }
}

} // namespace
} // namespace sluice
