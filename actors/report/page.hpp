/// The place that a report for people has.
#pragma once

#include "io/text/charset.hpp"

#include <cstddef>

namespace sluice::report {

/// How much room there is, whether there are colours, and which characters.
struct page {
  size_t columns = 100;
  bool color = false;
  charset letters = charset::utf8;
};

} // namespace sluice::report
