/// How far something is, as a bar of a terminal.
#pragma once

#include "io/text/charset.hpp"

#include <cstddef>
#include <cstdint>
#include <string>

namespace sluice::report {

/// What is through, and all of it, in one unit (such as blocks). Never more than all (not checked).
struct round_share {
  uint64_t done = 0;
  uint64_t all = 0;
  /// 0 to 100, rounded down: 100 only at the end; 0 when all is 0.
  uint64_t percent() const;
};

/// `cells` columns wide, filled by percent; any number, no error.
std::string bar_of(const round_share& x, size_t cells, charset letters);

} // namespace sluice::report
