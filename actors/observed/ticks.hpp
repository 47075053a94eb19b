/// A clock that costs less than a message: the processor's own counter where there is one.
#pragma once

#include <chrono>
#include <cstdint>
#include <ctime>

namespace sluice {

/// Only differences mean something; they are comparable between threads (invariant TSC). One tick
/// is a cycle of the TSC, elsewhere one of std::chrono::steady_clock (nanoseconds here). Errors:
/// none.
inline uint64_t ticks_now() noexcept {
#if defined(__x86_64__) || defined(__i386__)
  return __builtin_ia32_rdtsc();
#else
  return static_cast<uint64_t>(std::chrono::steady_clock::now().time_since_epoch().count());
#endif
}

/// Milliseconds of a clock that moves in steps of a few and costs next to nothing. Since an
/// unspecified moment: only differences mean something. Errors: none.
inline uint64_t coarse_now_ms() noexcept {
  timespec now{};
  clock_gettime(CLOCK_MONOTONIC_COARSE, &now);
  return static_cast<uint64_t>(now.tv_sec) * 1000 + static_cast<uint64_t>(now.tv_nsec) / 1'000'000;
}

/// How long so many ticks last, measured from the first call of `ticks_begin` up to now. From 0.
/// Errors: none; good to the clocks' difference since then, a few microseconds.
std::chrono::nanoseconds ticks_last(uint64_t ticks);

/// Remembers where both clocks stand; every call but the first does nothing.
void ticks_begin();

} // namespace sluice
