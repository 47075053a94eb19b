/// What clients and workers ask of the task board, and what it answers, as checked values.
#pragma once

#include "rules/consensus/task.hpp"
#include "rules/fields.hpp"
#include "rules/ids.hpp"

#include <array>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace sluice {

/// Who calls. The key was verified by whoever made this.
struct task_caller {
  std::string client; // key id; "": without a key, where the configuration allows it
  bool admin = false; // may also change tasks of others
  SLUICE_FIELDS(client, admin)
  bool operator==(const task_caller&) const = default;
};

/// Puts a task on the board. The same client with the same `idempotency` gets the task that there
/// is. Errors: ec::bad_input, counts or sizes beyond task_limits; ec::refused, another task was
/// submitted with this `idempotency`; ec::busy, the board is full.
struct submit_task_call {
  task_caller caller;
  std::string idempotency; // [A-Za-z0-9._-], to idempotency_bytes_max; "": always a new task
  task_type type = task_type::transcription;
  task_priority priority = task_priority::normal;
  uint64_t required_miner_count = 0; // 1 to max_miner_count; 0: as configured, here and below
  uint64_t min_miner_count = 0;      // 1 to required_miner_count
  uint64_t max_miner_count = 0;      // 1 to the configured max_miners
  std::string payload;               // UTF-8, 1 to task_limits::payload_bytes_max
  SLUICE_FIELDS(caller, idempotency, type, priority, required_miner_count, min_miner_count,
                max_miner_count, payload)
};
struct submitted_task {
  std::string task_id;
  task_state state = task_state::pending; // now
  bool is_new = true;                     // false: it had been submitted before
  SLUICE_FIELDS(task_id, state, is_new)
  bool operator==(const submitted_task&) const = default;
};

/// Ends a task of the caller's. Cancelled already: the same answer. Errors: ec::no_such_key, there
/// is none of the caller's; ec::refused, it has ended otherwise.
struct cancel_task_call {
  task_caller caller;
  std::string task_id;
  std::string reason; // UTF-8, to task_limits::reason_bytes_max; may be ""
  SLUICE_FIELDS(caller, task_id, reason)
};

/// Rates the responses of a completed task of the caller's, which ends it. Without ratings they
/// stay as they are. Approved already: the same answer. Errors: ec::no_such_key, as above;
/// ec::refused, it is not completed; ec::bad_input, a rating beyond 0 to 1 or of a miner that did
/// not answer.
struct approve_task_call {
  task_caller caller;
  std::string task_id;
  std::map<miner_uid, double> ratings; // accuracy of a response as the client sees it, 0 to 1
  SLUICE_FIELDS(caller, task_id, ratings)
};
/// How it stands after a cancellation or an approval.
struct changed_task {
  std::string task_id;
  task_state state = task_state::pending;
  std::optional<miner_uid> best;
  SLUICE_FIELDS(task_id, state, best)
  bool operator==(const changed_task&) const = default;
};

/// A worker that polls wants what is assigned to it. Polling also shows that it is there: without
/// it, or a connection to the gateway, nothing is assigned to a miner. What was handed out and not
/// answered is handed out again. No error.
struct fetch_tasks_call {
  hotkey worker;      // proved by whoever made this
  uint64_t limit = 1; // 1 to task_limits::fetched_max
  SLUICE_FIELDS(worker, limit)
};
/// An assignment as its miner gets it. Milliseconds since 1970-01-01 UTC.
struct task_work {
  std::string assignment_id;
  std::string task_id;
  task_type type = task_type::transcription;
  std::string payload;
  uint64_t assigned_ms = 0;
  uint64_t deadline_ms = 0; // an answer that comes later may be refused
  SLUICE_FIELDS(assignment_id, task_id, type, payload, assigned_ms, deadline_ms)
  bool operator==(const task_work&) const = default;
};

/// A worker's answer. Errors: ec::no_such_key, no such task; ec::read_only, this miner has answered
/// it before; ec::refused, it is not assigned to this miner, or no longer.
struct answer_task_call {
  hotkey worker; // proved by whoever made this
  std::string task_id;
  std::string result; // UTF-8, to task_limits::result_bytes_max
  SLUICE_FIELDS(worker, task_id, result)
};
struct answered_task {
  std::string task_id;
  task_state state = task_state::assigned; // after this answer
  uint64_t responses = 0;                  // of all miners, from 1
  SLUICE_FIELDS(task_id, state, responses)
  bool operator==(const answered_task&) const = default;
};

/// Tasks for people and programs, newest first. Read from the disk.
struct list_tasks_call {
  std::optional<task_state> state;
  std::optional<std::string> client; // only of this one
  uint64_t limit = 100;              // 1 to task_limits::listed_max
  SLUICE_FIELDS(state, client, limit)
};

/// Can tasks be given to somebody?
enum class task_health : uint8_t {
  healthy = 0,
  no_miners, // nobody is available
  error,     // the last pass failed
};
constexpr std::string_view name_of(task_health x) {
  constexpr std::array<std::string_view, 3> names{"healthy", "no_miners", "error"};
  return names[static_cast<size_t>(x)];
}

/// What the board has and did. Counts from 0; those from `responses` on since the node began.
struct task_stats {
  std::map<std::string, uint64_t> by_state; // every state's name
  uint64_t total_assignments = 0;           // that wait for their miner's answer
  uint64_t available_miners = 0;            // of the last pass
  task_health health = task_health::no_miners;
  uint64_t responses = 0;            // taken
  uint64_t refused_duplicates = 0;   // answers of miners that had answered
  uint64_t refused_unassigned = 0;   // answers of miners that did not have the task, or no longer
  uint64_t refused_late = 0;         // answers to tasks that had ended
  uint64_t repeated_submissions = 0; // that found their task
  SLUICE_FIELDS(by_state, total_assignments, available_miners, health, responses,
                refused_duplicates, refused_unassigned, refused_late, repeated_submissions)
  bool operator==(const task_stats&) const = default;
};

} // namespace sluice
