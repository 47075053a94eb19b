#include "actors/observed/ticks.hpp"

#include <algorithm>

namespace sluice {

namespace {

struct both_clocks {
  uint64_t ticks = ticks_now();
  std::chrono::steady_clock::time_point time = std::chrono::steady_clock::now();
};

const both_clocks& beginning() {
  static const both_clocks first;
  return first;
}

} // namespace

void ticks_begin() {
  (void)beginning();
}

std::chrono::nanoseconds ticks_last(uint64_t ticks) {
  const auto& first = beginning();
  const both_clocks now;
  const std::chrono::duration<double, std::nano> passed = now.time - first.time;
  const auto counted = std::max<uint64_t>(now.ticks - first.ticks, 1);
  return std::chrono::nanoseconds{static_cast<int64_t>(
    static_cast<double>(ticks) * (passed.count() / static_cast<double>(counted)))};
}

} // namespace sluice
