/// How long to wait before the next attempt to connect.
#pragma once

#include <algorithm>
#include <cstdint>

namespace sluice {

/// Milliseconds, 0 or more.
struct retry_pauses {
  uint64_t first_ms = 1'000;
  uint64_t longest_ms = 60'000;
};

/// Twice as long each time, up to the longest; of that, half to all by `chance`, so that many who
/// were lost together do not come back together. `failures` counts from 1. Milliseconds, half of
/// first_ms to longest_ms; any `chance`; no error.
constexpr uint64_t retry_pause_ms(uint32_t failures, uint64_t chance, const retry_pauses& pauses) {
  uint64_t pause = pauses.first_ms;
  for (uint32_t i = 1; i < failures && pause < pauses.longest_ms; ++i)
    pause *= 2;
  pause = std::min(pause, pauses.longest_ms);
  return pause / 2 + chance % (pause / 2 + 1);
}

} // namespace sluice
