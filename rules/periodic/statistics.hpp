/// How a periodic task did so far: counts, and how long its attempts took.
#pragma once

#include "rules/fields.hpp"

#include <cstdint>
#include <deque>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace sluice {

/// What a task does now.
enum class periodic_state : uint8_t {
  waiting = 0, // for its time
  running,
  retrying, // waits before a retry
  paused,   // by somebody's order
  ownerless // who runs it is gone, and has not come back
};
std::string_view name_of(periodic_state x);

/// One task, for whoever looks. Counts from 0 since the task manager began; times are milliseconds
/// since 1970-01-01 UTC, 0: never; durations are seconds.
struct task_view {
  uint64_t id = 0; // from 1; never used again
  std::string name;
  std::string state; // the name of a periodic_state
  double interval_s = 0;
  double jitter = 0;
  uint64_t runs = 0; // that ended: successes + failures
  uint64_t successes = 0;
  uint64_t failures = 0; // runs whose last attempt failed
  uint64_t consecutive_failures = 0;
  uint64_t errors = 0;   // attempts that failed
  uint64_t retries = 0;  // attempts after the first
  uint64_t timeouts = 0; // attempts that took longer than they may
  uint64_t skipped = 0;  // starts that were not made because the one before was not at its end
  uint64_t last_run_ms = 0;
  uint64_t last_error_ms = 0;
  std::string last_error;
  double last_duration_s = 0;
  double avg_duration_s = 0; // of the last durations_kept
  double min_duration_s = 0;
  double max_duration_s = 0;
  double total_duration_s = 0;
  uint64_t next_in_ms = 0; // from now, when it is scheduled; else 0
  bool is_scheduled = false;
  SLUICE_FIELDS(id, name, state, interval_s, jitter, runs, successes, failures,
                consecutive_failures, errors, retries, timeouts, skipped, last_run_ms,
                last_error_ms, last_error, last_duration_s, avg_duration_s, min_duration_s,
                max_duration_s, total_duration_s, next_in_ms, is_scheduled)
  bool operator==(const task_view&) const = default;
};

/// Runs that did not fail, of all; 1 when there was none. Counts from 0; no error.
constexpr double success_rate(uint64_t runs, uint64_t failed) {
  return runs == 0 ? 1 : static_cast<double>(runs - failed) / static_cast<double>(runs);
}

/// All tasks of a task manager. Shape of the totals: facts/mechanisms D3.13.
struct task_list {
  bool running = true;
  double uptime_s = 0;       // of the task manager
  uint64_t total_runs = 0;   // over all tasks, also those that were removed
  uint64_t total_errors = 0; // runs that failed
  double success_rate = 1;   // of the runs, 0 to 1; 1 when there was none
  std::vector<task_view> tasks;
  SLUICE_FIELDS(running, uptime_s, total_runs, total_errors, success_rate, tasks)
  bool operator==(const task_list&) const = default;
};

} // namespace sluice
