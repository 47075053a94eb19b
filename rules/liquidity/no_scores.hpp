/// Why the liquidity mechanism has nobody to give a weight to, in words for people.
#pragma once

#include "rules/liquidity/ids.hpp"

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>

namespace sluice {

/// What is known of one job's board. All are counts from 0; `days` is the job's eligibility_days, 0
/// to 365.
struct board_count {
  job_id job;
  uint64_t rounds = 0; // that are over
  uint32_t days = 0;   // of participation that make eligible
  size_t miners = 0;   // with a record
  size_t eligible = 0; // of those
  size_t positive = 0; // of those, with a combined score above 0
};

/// One sentence without a stop, each job's own where they differ: what is missing and which key
/// decides about it. "" when some job has somebody, who has a score then. No error.
std::string why_no_scores(std::span<const board_count> jobs);

} // namespace sluice
