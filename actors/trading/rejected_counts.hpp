/// Rejected rows by the names of their reasons, for whoever looks.
#pragma once

#include "rules/trading/event.hpp"

#include <array>
#include <cstdint>
#include <map>
#include <string>

namespace sluice {

/// Adds those that are not 0. Counts of rows; sums are not checked, 2^64 rows do not come.
inline void add_rejected(std::map<std::string, uint64_t>& to,
                         const std::array<uint64_t, row_rejections>& more) {
  for (size_t i = 0; i < more.size(); ++i)
    if (more[i] != 0)
      to[std::string{name_of(static_cast<row_rejection>(i))}] += more[i];
}

} // namespace sluice
