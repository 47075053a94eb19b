/// How long reports take until their effect is there, counted in fixed classes.
#pragma once

#include "rules/fields.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <vector>

namespace sluice {

/// Upper ends of the classes, in microseconds, inclusive; what is longer is in one more.
inline constexpr std::array<uint64_t, 18> latency_ends_us{
  100,    200,    500,     1'000,   2'000,   3'000,     5'000,     7'500,     10'000,
  20'000, 50'000, 100'000, 200'000, 500'000, 1'000'000, 2'000'000, 5'000'000, 10'000'000};

/// Counts from 0.
struct latency_counts {
  std::vector<uint64_t> counts; // by class; empty: nothing was measured
  uint64_t sum_us = 0;
  SLUICE_FIELDS(counts, sum_us)
  bool operator==(const latency_counts&) const = default;

  /// Microseconds.
  void add(uint64_t us);
  uint64_t total() const;
  /// The end of the class in which the part `q` (0 to 1) of all is reached, in microseconds; of
  /// what is beyond the last class its beginning; 0 when nothing was measured. So it is never below
  /// the true one, but for that last class.
  uint64_t quantile_us(double q) const;
};

} // namespace sluice
