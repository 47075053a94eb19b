/// Moments as texts of ISO 8601, as the sports mechanism reads and writes them.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace sluice {

/// A moment that was read from a text.
struct sports_moment {
  int64_t us = 0;          // microseconds since 1970-01-01 UTC; digits behind them are dropped
  bool has_offset = false; // Z or an offset was there; without one it is taken as UTC
  bool operator==(const sports_moment&) const = default;
};

/// YYYY-MM-DD, T or a blank, hh:mm[:ss[.f...]], then Z, +hh:mm, -hh:mm, +hhmm or nothing. Years
/// 1970 to 9999, at most 64 bytes. None: no such text.
std::optional<sports_moment> read_sports_moment(std::string_view text);

/// "2025-04-01T12:00:00.123456+00:00", without a fraction when that is 0: as Python's isoformat
/// writes it. Moments before 1970 or after 9999 become the nearest that is in.
std::string sports_time_text(int64_t us);

} // namespace sluice
