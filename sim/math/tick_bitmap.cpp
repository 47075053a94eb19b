#include "sim/math/tick_bitmap.hpp"

#include <algorithm>

namespace sluice {

size_t count_up_to(std::span<const int32_t> ticks, int32_t tick) {
  return static_cast<size_t>(std::upper_bound(ticks.begin(), ticks.end(), tick) - ticks.begin());
}

} // namespace sluice
