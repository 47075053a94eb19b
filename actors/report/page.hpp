/// The place that a report for people has.
#pragma once

#include "io/text/charset.hpp"

#include <cstddef>

namespace sluice::report {

/// How much space there is, whether there are colours, and which characters. `columns`: from 1;
/// what does not fit in them is cut or broken.
struct page {
  size_t columns = 100;
  bool color = false;
  charset letters = charset::utf8;
};

} // namespace sluice::report
