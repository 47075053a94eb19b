#include "actors/observed/ticks.hpp"

#include <gtest/gtest.h>

namespace sluice {
namespace {

TEST(ticks, they_last_as_long_as_the_steady_clock_measures) {
  ticks_begin();
  // However long the thread is interrupted: the inner stretch of the steady clock lies inside that
  // of the ticks, and that inside the outer one.
  using steady = std::chrono::steady_clock;
  const auto outer_begin = steady::now();
  const auto first = ticks_now();
  const auto inner_begin = steady::now();
  while (steady::now() - inner_begin < std::chrono::milliseconds{20}) {
  }
  const auto inner_end = steady::now();
  const auto last = ticks_now();
  const auto outer_end = steady::now();
  const auto ours = std::chrono::duration<double>(ticks_last(last - first)).count();
  EXPECT_GE(ours, 0.95 * std::chrono::duration<double>(inner_end - inner_begin).count());
  EXPECT_LE(ours, 1.05 * std::chrono::duration<double>(outer_end - outer_begin).count());
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
