#include "sim/tick_bitmap.hpp"

#include <algorithm>

namespace sluice {

size_t count_up_to(std::span<const int32_t> ticks, int32_t tick) {
  return static_cast<size_t>(std::upper_bound(ticks.begin(), ticks.end(), tick) - ticks.begin());
}

next_tick next_tick_within_one_word(std::span<const int32_t> ticks, size_t up_to, int32_t tick,
                                    int32_t spacing, bool lte) {
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

} // namespace sluice
