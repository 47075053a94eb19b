/// The place that a report for people has.
#pragma once

#include <cstddef>

namespace sluice::report {

/// How much room there is, and whether there are colours.
struct page {
  size_t columns = 100;
  bool color = false;
};

} // namespace sluice::report
