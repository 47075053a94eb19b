/// The jobs of a run as JSON.
#pragma once

#include "actors/liquidity/report/jobs_memory.hpp"
#include "actors/report/mechanism_report.hpp"

#include <string>

namespace sluice::report {

/// The configured jobs, by id: tokens, pool and length of a round.
json configured_jobs_json(const jobs_memory& memory);

/// An event per round and per job that ended. The memory has taken the step already. The first
/// argument is the step's number, from 1. Errors: none.
std::string jobs_json(uint64_t number, const step_report& step, const jobs_memory& memory,
                      const json_extras& extras);

/// Every job: rounds, leader and standings.
json jobs_summary_json(const jobs_memory& memory);

} // namespace sluice::report
