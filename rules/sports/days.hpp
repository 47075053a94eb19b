/// Days as the sports mechanism counts them.
#pragma once

#include <cstdint>

namespace sluice {

/// Days since 1970-01-01 UTC of a moment in microseconds. No error.
constexpr int64_t sports_day_of(int64_t us) {
  constexpr int64_t day_us = 86'400'000'000;
  return us / day_us - (us % day_us < 0 ? 1 : 0);
}

} // namespace sluice
