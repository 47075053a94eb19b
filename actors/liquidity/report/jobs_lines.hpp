/// The jobs of a run as lines of key=value.
#pragma once

#include "actors/liquidity/report/jobs_memory.hpp"

#include <string>

namespace sluice::report {

/// What each job reads from.
std::string feed_lines(const jobs_memory& memory);

/// One line per round and per job that ended. The memory has taken the step already.
std::string jobs_lines(const step_report& step, const jobs_memory& memory);

/// One line per job: rounds and leader.
std::string jobs_summary_lines(const jobs_memory& memory);

} // namespace sluice::report
