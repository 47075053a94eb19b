/// How long the work of one actor may take before the process is ended.
#pragma once

#include "rules/fields.hpp"

#include <cstdint>

namespace sluice {

/// Seconds, 0 to watchdog_seconds_max; 0: for ever. The configuration checks it. What an operator
/// asks the shell for (an audit, a copy of the folder) is not bounded.
struct watchdog_settings {
  uint64_t handler_seconds = 600; // one message
  uint64_t commit_seconds = 300;  // one commit to the disk
  SLUICE_FIELDS(handler_seconds, commit_seconds)
  bool operator==(const watchdog_settings&) const = default;
};

inline constexpr uint64_t watchdog_seconds_max = 86'400;

} // namespace sluice
