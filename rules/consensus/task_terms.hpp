/// What the task board and its miners' scores are configured with.
#pragma once

#include "rules/fields.hpp"

#include <cstdint>

namespace sluice {

/// Bounds are inclusive; units are in the names, fractions are from 0 to 1. Not checked here.
struct task_terms {
  uint64_t distribute_s = 30;        // between two passes, 1 to 3600
  uint64_t pass_tasks = 50;          // assigned in one pass at most, 1 to 10000
  uint64_t answer_timeout_s = 1800;  // nobody answered: the attempt failed, 1 to 3600
  uint64_t partial_timeout_s = 3600; // somebody did: completed, answer_timeout_s to 86400
  uint64_t pending_timeout_s = 3600; // no miner was found: failed, 1 to 604800
  uint64_t review_s = 3600;          // for the client to rate, 0 to 604800
  uint64_t max_retries = 3;          // attempts after the first, 0 to 100
  uint64_t retry_delay_s = 60;       // before the next attempt, 0 to 86400
  uint64_t keep_s = 604'800;         // what has ended, 1 to 31536000
  uint64_t open_max = 10'000;        // tasks that have not ended, 1 to 100000
  uint64_t client_open_max = 1000;   // of one client, 1 to 100000
  uint64_t ended_max = 100'000;      // tasks that have; the oldest go first, 1 to 1000000
  uint64_t poll_seen_s = 120;        // a worker that polled is there for so long, 1 to 86400
  bool only_reachable = true;        // assign only to miners that are connected or poll
  double accuracy_weight = 0.7;      // of the best response
  double speed_weight = 0.3;         // of the best response
  double speed_full_s = 30;          // an answer that takes as long has speed 0; above 0
  double lone_accuracy = 0.5;        // of a response that can be compared with none
  double accepted_accuracy = 0.5;    // from which on an answer counts as a success
  uint64_t unseen_s = 86'400;        // a miner that was not seen for so long has no score
  uint64_t scored_successes = 1;     // with fewer a miner has no score
  SLUICE_FIELDS(distribute_s, pass_tasks, answer_timeout_s, partial_timeout_s, pending_timeout_s,
                review_s, max_retries, retry_delay_s, keep_s, open_max, client_open_max, ended_max,
                poll_seen_s, only_reachable, accuracy_weight, speed_weight, speed_full_s,
                lone_accuracy, accepted_accuracy, unseen_s, scored_successes)
  bool operator==(const task_terms&) const = default;
};

} // namespace sluice
