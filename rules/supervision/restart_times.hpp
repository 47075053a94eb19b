/// How often something was restarted lately, and how long the next restart has to wait.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <deque>

namespace sluice {

/// Moments of a sliding window, at most `counted_max` of them.
class restart_times {
public:
  /// Restarts that are counted at once; a limit from here on is none.
  static constexpr size_t counted_max = 4096;

  /// Notes one and answers how many lie within `window` up to `now`, this one among them; one that
  /// is exactly `window` old does. `now` never falls; both from 0. 1 to counted_max.
  size_t note(std::chrono::nanoseconds now, std::chrono::nanoseconds window);

  /// As `note` answered last; 0 before.
  size_t count() const { return moments_.size(); }

private:
  std::deque<std::chrono::nanoseconds> moments_; // rising
};

/// The wait before the restart after the n-th failure within the window: none after the first,
/// `pause` after the second, twice as long each time, up to `pause_max`. Of that, half to all of it
/// by `chance` (any number; the highest: all of it), so that many who failed together do not come
/// back together: "equal jitter" of M. Brooker, Exponential Backoff And Jitter, AWS Architecture
/// Blog, 2015. `failures`, durations: from 0; 0 to `pause_max`. Errors: none.
std::chrono::nanoseconds restart_pause(size_t failures, std::chrono::nanoseconds pause,
                                       std::chrono::nanoseconds pause_max, uint64_t chance);

} // namespace sluice
