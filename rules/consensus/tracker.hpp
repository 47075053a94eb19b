/// What is remembered of a miner's answers to tasks, and how well it performs by that.
#pragma once

#include "rules/consensus/task.hpp"
#include "rules/fields.hpp"

#include <cstdint>
#include <map>

namespace sluice {

/// Counts from 0; `successes` is at most `total`.
struct work_tally {
  uint64_t total = 0;
  uint64_t successes = 0;
  SLUICE_FIELDS(total, successes)
  bool operator==(const work_tally&) const = default;
};

/// All assignments of one miner whose end is known. Stored, by hotkey.
struct miner_work {
  miner_uid uid; // that it had last
  work_tally all;
  uint64_t answered = 0;      // of these
  uint64_t processing_ms = 0; // of all that were answered, together
  uint64_t recent = 0;        // the last ones, the newest in bit 0; 1: a success
  uint64_t recent_count = 0;  // how many of these bits count, 0 to recent_max
  std::map<task_type, work_tally> by_type;
  uint64_t last_seen_ms = 0; // answered, or was there; milliseconds since 1970-01-01 UTC
  uint64_t updated_ms = 0;   // of the last assignment; the same
  SLUICE_FIELDS(uid, all, answered, processing_ms, recent, recent_count, by_type, last_seen_ms,
                updated_ms)
  bool operator==(const miner_work&) const = default;

  static constexpr uint64_t recent_max = 20;
};

/// How one assignment ended. `processing_ms`: milliseconds; of what was not answered 0.
struct work_outcome {
  miner_uid uid;
  task_type type = task_type::transcription;
  bool answered = false;
  bool success = false; // answered, and accurate enough
  uint64_t processing_ms = 0;
  uint64_t now_ms = 0; // milliseconds since 1970-01-01 UTC
};

/// The same with one assignment more.
miner_work with_outcome(miner_work x, const work_outcome& one);

/// What the performance of a miner is calculated from. Rates are from 0 to 1, `avg_s` is seconds
/// from 0, counts, loads and capacities are from 0. Not checked.
struct performance_basis {
  uint64_t total = 0;      // assignments
  uint64_t successes = 0;  // of these
  double avg_s = 0;        // of an answer
  double recent_rate = 0;  // successes among the last ones
  uint64_t type_total = 0; // assignments of the task type
  double type_rate = 0;    // successes among these
  double load = 0;
  double capacity = 0;
};

/// 0.4 success + 0.3 max(0, 1 - avg_s / 30) + 0.2 recent + 0.1 of the task type (from 5 samples on)
/// - 0.1 load / capacity, 0 to 1; without any assignment 0.5 (facts/mechanisms C3.9).
double tracker_performance(const performance_basis& x);

/// The same of stored counters. `type`: whose samples count.
double tracker_performance(const miner_work& x, task_type type, double load, double capacity);

/// What the place of a miner among all is calculated from; units as above, stakes in TAO.
struct ranking_basis {
  double stake = 0;
  double max_stake = 0;   // of all; 0: stakes do not count
  double performance = 0; // tracker_performance
  double load = 0;
  double capacity = 0;
  uint64_t type_total = 0;
  double type_rate = 0;
};

/// 0.3 stake / max_stake + 0.4 performance + 0.2 (1 - load / capacity) + 0.1 of the task type (from
/// 3 samples on); without capacity nothing for the load (facts/mechanisms C3.9).
double tracker_composite(const ranking_basis& x);

/// The task type with the most samples of this miner; of equal ones the first. Without any:
/// transcription.
task_type main_type(const miner_work& x);

} // namespace sluice
