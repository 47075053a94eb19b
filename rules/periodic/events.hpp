/// The events of a task manager: their topics and what each carries.
#pragma once

#include "rules/events/event.hpp"
#include "rules/fields.hpp"

#include <cstdint>
#include <string>

namespace sluice {

/// An attempt of a run begins. `timestamp`: seconds since 1970-01-01 UTC. Source of the names:
/// facts/mechanisms D3.7.
struct task_started_event {
  std::string name;
  uint64_t task_id = 0;
  uint64_t run = 0;     // from 1
  uint64_t attempt = 0; // from 1
  double timestamp = 0;
  SLUICE_FIELDS(name, task_id, run, attempt, timestamp)
  bool operator==(const task_started_event&) const = default;
};

/// A run ended well. `duration`: of its last attempt, in seconds.
struct task_completed_event {
  std::string name;
  uint64_t task_id = 0;
  uint64_t run = 0;
  uint64_t attempt = 0;
  double duration = 0;
  double timestamp = 0;
  SLUICE_FIELDS(name, task_id, run, attempt, duration, timestamp)
  bool operator==(const task_completed_event&) const = default;
};

/// An attempt failed. `retry_in`: seconds until the next attempt of the run; 0: that was the last.
struct task_failed_event {
  std::string name;
  uint64_t task_id = 0;
  uint64_t run = 0;
  uint64_t attempt = 0;
  std::string error;
  double retry_in = 0;
  double timestamp = 0;
  SLUICE_FIELDS(name, task_id, run, attempt, error, retry_in, timestamp)
  bool operator==(const task_failed_event&) const = default;
};

namespace task_topics {

inline constexpr event_topic<task_started_event> started{"task_started"};
inline constexpr event_topic<task_completed_event> completed{"task_completed"};
inline constexpr event_topic<task_failed_event> failed{"task_failed"};

} // namespace task_topics

} // namespace sluice
