#include "rules/supervision/restart_times.hpp"

#include <algorithm>

namespace sluice {

size_t restart_times::note(std::chrono::nanoseconds now, std::chrono::nanoseconds window) {
  moments_.push_back(now);
  while (now - moments_.front() > window || moments_.size() > counted_max)
    moments_.pop_front();
  return moments_.size();
}

std::chrono::nanoseconds restart_pause(size_t failures, std::chrono::nanoseconds pause,
                                       std::chrono::nanoseconds pause_max, uint64_t chance) {
  if (failures < 2)
    return std::chrono::nanoseconds{0};
  for (size_t i = 2; i < failures && pause < pause_max && pause.count() > 0; ++i)
    pause = pause > pause_max / 2 ? pause_max : pause * 2;
  const auto all = static_cast<uint64_t>(std::min(pause, pause_max).count());
  const auto half = all - all / 2;
  const auto more = std::min(all / 2, chance / (UINT64_MAX / (all / 2 + 1)));
  return std::chrono::nanoseconds{static_cast<int64_t>(half + more)};
}

} // namespace sluice
