/// One turn of the task board in stepped time, as it is stored and reported.
#pragma once

#include "rules/fields.hpp"

#include <cstdint>

namespace sluice {

/// Counts from 0. `now_ms`: the moment of the step, milliseconds since 1970-01-01 UTC. Stored: a
/// turn whose `is_over` is false has been begun, and its answers are not all there.
struct task_turn_report {
  uint64_t step = 0; // from 1; 0: no turn yet
  uint64_t now_ms = 0;
  uint64_t submitted = 0; // new tasks
  uint64_t assigned = 0;  // assignments made
  uint64_t answered = 0;  // answers taken
  uint64_t refused = 0;   // answers refused
  uint64_t completed = 0; // tasks, by the last answer or by time
  uint64_t ended = 0;     // tasks
  uint64_t waiting = 0;   // tasks that are still pending
  bool is_over = false;
  SLUICE_FIELDS(step, now_ms, submitted, assigned, answered, refused, completed, ended, waiting,
                is_over)
  bool operator==(const task_turn_report&) const = default;
};

} // namespace sluice
