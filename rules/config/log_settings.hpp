/// Where the log of a node goes, and when its file is changed.
#pragma once

#include "rules/fields.hpp"

#include <cstdint>
#include <string>

namespace sluice {

/// The configuration checks the bounds; nothing of it decides about a score.
struct log_settings {
  std::string file;                 // empty: standard error
  uint64_t bytes_max = 100'000'000; // of the file, 4'096 to 10^12; 0: as long as it gets
  uint64_t age_max_s = 0;           // of the file, in seconds, 60 to 10^9; 0: as old as it gets
  uint64_t keep = 5;                // old files, 0 to 1'000
  SLUICE_FIELDS(file, bytes_max, age_max_s, keep)
  bool operator==(const log_settings&) const = default;
};

} // namespace sluice
