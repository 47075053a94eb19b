/// Which of several answers to one task is the best, and how good each one is.
///
/// A worker's own word about its accuracy counts for nothing (docs/decisions/0041).
#pragma once

#include "rules/consensus/config.hpp"
#include "rules/consensus/task.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

namespace sluice {

/// One answer as it is compared. `accuracy`, `speed`: 0 to 1, finite; `processing_ms`:
/// milliseconds. Not checked.
struct compared_response {
  miner_uid uid;
  double accuracy = 0;
  double speed = 0;
  double processing_ms = 0;
};

/// accuracy_weight * accuracy + speed_weight * speed (facts/mechanisms C3.8: 0.7 and 0.3), to 12
/// decimals.
double response_score(double accuracy, double speed, const consensus_task_terms& terms);

/// Index of the one with the highest score; of equal ones the lower processing time, then the lower
/// uid. None: there is none at all.
std::optional<size_t>
best_response(const std::vector<compared_response>& all, const consensus_task_terms& terms);

/// max(0, 1 - seconds / speed_full_s), 0 to 1. `processing_ms`: milliseconds from 0.
double response_speed(uint64_t processing_ms, const consensus_task_terms& terms);

/// Sets accuracy, speed and score of every response: accuracy is the client's rating where there is
/// one; else the part of the other responses with the same result, white space at its ends aside;
/// else, of a response that is alone, lone_accuracy.
void judge_responses(std::vector<task_response>& all, const consensus_task_terms& terms);

/// The uid of the best of judged responses; none: there is none.
std::optional<miner_uid>
best_of_responses(const std::vector<task_response>& all, const consensus_task_terms& terms);

} // namespace sluice
