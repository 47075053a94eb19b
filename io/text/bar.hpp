/// How far something is, as a bar of a terminal.
#pragma once

#include "io/text/charset.hpp"

#include <cstddef>
#include <cstdint>
#include <string>

namespace sluice::report {

/// What is through, and all of it. Never more than all.
struct round_share {
  uint64_t done = 0;
  uint64_t all = 0;
  /// 0 to 100, rounded down: 100 only at the end.
  uint64_t percent() const;
};

/// `cells` wide, filled by percent.
std::string bar_of(const round_share& x, size_t cells, charset letters);

} // namespace sluice::report
