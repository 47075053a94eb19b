/// Waits between two looks at another program, or between two requests of a load that is paced.
/// Nothing may depend on how long it really takes.
#pragma once

#include <algorithm>
#include <chrono>
#include <ctime>
#include <poll.h>

namespace sluice::test {

/// Nanoseconds, rounded up by the system; nothing when it is not above 0.
inline void pause_for(std::chrono::nanoseconds x) {
  if (x.count() <= 0)
    return;
  timespec time{};
  time.tv_sec = static_cast<time_t>(x.count() / 1'000'000'000);
  time.tv_nsec = static_cast<long>(x.count() % 1'000'000'000);
  ::ppoll(nullptr, 0, &time, nullptr);
}

inline void pause_until(std::chrono::steady_clock::time_point x) {
  pause_for(x - std::chrono::steady_clock::now());
}

} // namespace sluice::test
