/// Where a swap stops next: the contract's bitmap, read from a sorted list of ticks.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <span>

namespace sluice {

/// A stop: a multiple of the spacing. The end of a word may lie beyond +-887272: the caller limits
/// it, as the contract does.
struct next_tick {
  int32_t tick = 0;
  bool initialized = false;
  bool operator==(const next_tick&) const = default;
};

/// How many of the ascending `ticks` are at or below `tick`: 0 to their number; no error.
size_t count_up_to(std::span<const int32_t> ticks, int32_t tick);

/// TickBitmap.nextInitializedTickWithinOneWord: the next initialized tick at or below (`lte`) or
/// above `tick`, or the end of the bitmap's 256-tick word when it has none; those ends split a swap
/// and so change its rounding. `up_to` is count_up_to(ticks, tick); all ticks are multiples of
/// `spacing`, 1 to 16383, `tick` is within +-887272 (none of it is checked); no error.
inline next_tick next_tick_within_one_word(std::span<const int32_t> ticks, size_t up_to,
                                           int32_t tick, int32_t spacing, bool lte) {
  int32_t compressed = tick / spacing;
  if (tick < 0 && tick % spacing != 0)
    --compressed; // towards minus infinity
  if (lte) {
    int32_t first = (compressed & ~255) * spacing;
    if (up_to > 0 && ticks[up_to - 1] >= first)
      return {ticks[up_to - 1], true};
    return {first, false};
  }
  int32_t last = ((compressed + 1) | 255) * spacing;
  if (up_to < ticks.size() && ticks[up_to] <= last)
    return {ticks[up_to], true};
  return {last, false};
}

/// Ticks `low` to `high` - 1.
struct tick_span {
  int32_t low = 0;
  int32_t high = 0;
};

/// The ticks around `tick` from all of which a swap has the same next stop downwards and the same
/// one upwards: neither is strictly between the prices of `low` and `high`, which may lie beyond
/// +-887272. The same arguments, and no error.
inline tick_span
span_between_stops(std::span<const int32_t> ticks, size_t up_to, int32_t tick, int32_t spacing) {
  int32_t compressed = tick / spacing;
  if (tick < 0 && tick % spacing != 0)
    --compressed;
  // A word's first tick is a stop downwards, its last one a stop upwards.
  const bool last_of_word = (compressed & 255) == 255;
  tick_span found{(last_of_word ? compressed : compressed & ~255) * spacing,
                  (last_of_word ? compressed + 1 : compressed | 255) * spacing};
  if (up_to > 0)
    found.low = std::max(found.low, ticks[up_to - 1]);
  if (up_to < ticks.size())
    found.high = std::min(found.high, ticks[up_to]);
  return found;
}

} // namespace sluice
