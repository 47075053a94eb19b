#include "actors/observed/ticks.hpp"

#include <algorithm>

namespace sluice {

namespace {

using steady = std::chrono::steady_clock;

/// Where both clocks stand at one moment: of a few looks the one that the thread was interrupted in
/// for the shortest time.
struct both_clocks {
  both_clocks() {
    auto shortest = steady::duration::max();
    for (int i = 0; i < 8; ++i) {
      const auto before = steady::now();
      const auto seen = ticks_now();
      const auto took = steady::now() - before;
      if (took < shortest) {
        shortest = took;
        ticks = seen;
        time = before + took / 2;
      }
    }
  }

  uint64_t ticks = 0;
  steady::time_point time;
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
