/// How much of its history a node keeps, as plain values: the table [storage] of a configuration.
#pragma once

#include "rules/fields.hpp"

#include <cstdint>

namespace sluice {

/// 0 keeps everything, or sets no budget. What scoring, replaying and the next start still need
/// stays whatever these state. None of it changes a score.
struct storage_settings {
  uint64_t budget_bytes = 0;   // of all files of the data folder; 0 or at least 1 MB
  uint64_t keep_rounds = 0;    // of each job: rounds with their market, answers, executions
  uint64_t keep_epochs = 0;    // of weights and their extrinsics; 0 or at least keep_epochs_min
  uint64_t keep_actions = 0;   // of operators; 0 or at least 1
  uint64_t check_s = 60;       // seconds between two looks at readers, retention, budget; 1 to 3600
  bool group_readable = false; // files 0640 instead of 0600

  static constexpr uint64_t budget_bytes_min = 1'000'000;
  static constexpr uint64_t keep_epochs_min = 32;
  static constexpr uint64_t keep_max = 1'000'000'000; // of the three numbers
  static constexpr uint64_t check_s_max = 3600;

  SLUICE_FIELDS(budget_bytes, keep_rounds, keep_epochs, keep_actions, check_s, group_readable)
  bool operator==(const storage_settings&) const = default;
};

} // namespace sluice
