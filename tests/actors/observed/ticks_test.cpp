#include "actors/observed/ticks.hpp"

#include <gtest/gtest.h>

namespace sluice {
namespace {

TEST(ticks, they_last_as_long_as_the_steady_clock_measures) {
  ticks_begin();
  const auto from = std::chrono::steady_clock::now();
  const auto first = ticks_now();
  uint64_t last = first;
  while (std::chrono::steady_clock::now() - from < std::chrono::milliseconds{20})
    last = ticks_now();
  const auto ours = std::chrono::duration<double>(ticks_last(last - first)).count();
  EXPECT_NEAR(ours, 0.020, 0.002); // both clocks ran over the same stretch, however long it took
}

TEST(ticks, the_coarse_clock_is_the_steady_one_in_steps) {
  const auto steady = std::chrono::duration_cast<std::chrono::milliseconds>(
                        std::chrono::steady_clock::now().time_since_epoch())
                        .count();
  const auto coarse = coarse_now_ms();
  EXPECT_GE(static_cast<int64_t>(coarse) + 11, steady); // CONFIG_HZ is 100 at least
}

} // namespace
} // namespace sluice
