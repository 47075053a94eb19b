/// What the consensus mechanism asks miners over the gateway, what they answer, what they are sent.
#pragma once

#include "rules/consensus/task.hpp"
#include "rules/fields.hpp"

#include <cstdint>
#include <string>

namespace sluice {

/// Node -> miner: a task that is assigned to you.
struct task_question {
  std::string assignment_id;
  std::string task_id;
  std::string task_type;    // "transcription" and so on
  std::string payload;      // up to task_limits::payload_bytes_max
  uint64_t deadline_ms = 0; // milliseconds to answer: the message's, not a field of the body
  SLUICE_FIELDS(assignment_id, task_id, task_type, payload, deadline_ms)
  bool operator==(const task_question&) const = default;
};

/// Miner -> node. `processing_ms`: milliseconds that the work took, to an hour; it counts only in a
/// stepped world, where no clock measures it.
struct task_answer {
  std::string task_id;
  std::string result; // up to task_limits::result_bytes_max
  uint64_t processing_ms = 0;
  SLUICE_FIELDS(task_id, result, processing_ms)
  bool operator==(const task_answer&) const = default;
};

/// Node -> miner, when a task that it answered has ended: what its answer was worth, 0 to 1 each.
struct task_notice {
  std::string task_id;
  std::string state; // of the task: "done", "approved"
  double accuracy = 0;
  double speed = 0;
  double score = 0;
  bool best = false; // of all answers
  SLUICE_FIELDS(task_id, state, accuracy, speed, score, best)
  bool operator==(const task_notice&) const = default;
};

/// Longest that a miner may state.
inline constexpr uint64_t task_processing_ms_max = 3'600'000;

} // namespace sluice
