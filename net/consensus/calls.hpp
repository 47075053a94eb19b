/// What the HTTP routes of consensus call their backend with, as checked values, and its answers.
#pragma once

#include "net/http/caller.hpp"
#include "rules/ids.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace sluice::net {

/// A validator's report as it came. `statuses` is the JSON text of the list and was not read; the
/// other fields are checked. Who sends it is stated by `caller` (a key) or by `hotkey` with
/// `signature`: whether that proves `validator_uid` is for the backend to check.
struct consensus_report_call {
  uint16_t validator_uid = 0;
  uint64_t epoch = 0;      // 0 to 2^63 - 1
  std::string statuses{};  // to the address's limit of a body, UTF-8
  http_caller caller{};    // of role validator or admin, or empty
  std::string hotkey{};    // "": not signed
  std::string signature{}; // base64; "" when `hotkey` is
  uint64_t issued = 0;     // as the signed form has it (rules/consensus/signed_report.hpp)
};

/// What became of a report.
struct consensus_report_answer {
  bool success = true;            // false: `miner_statuses` was no list, and nothing is stored
  std::string error{};            // a sentence when it was no success
  uint64_t miners_processed = 0;  // items that were taken
  uint64_t consensus_updated = 0; // of those, after which the miner had a quorum
};

/// A miner that polls states how it is reached and what it does.
struct miner_register_call {
  sluice::hotkey hotkey{};               // whose signature was verified
  std::vector<std::string> task_types{}; // to 16, [a-z_] 1 to 64 bytes; empty: all
  std::string ip{};                      // to 64 bytes; "": does not listen
  uint16_t port = 0;
};
struct miner_registered {
  uint16_t uid = 0;
};

/// How one task of a miner went, as a validator saw it.
struct miner_performance_call {
  http_caller caller{};
  uint16_t miner_uid = 0;
  std::string task_type{}; // [a-z_] 1 to 64 bytes
  bool success = false;
  uint64_t processing_ms = 0; // to 86'400'000
};

/// What duplicate protection has done since the node began. Counts from 0.
struct duplicate_counts {
  uint64_t responses = 0;            // that were taken
  uint64_t duplicates_refused = 0;   // a second one of a miner for a task
  uint64_t strangers_refused = 0;    // of a miner that the task is not assigned to
  uint64_t submissions_repeated = 0; // the same idempotency key again
};

} // namespace sluice::net
