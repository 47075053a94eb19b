/// The jobs of a run for people: their rounds step by step, and how everybody stands at the end.
#pragma once

#include "actors/liquidity/report/jobs_memory.hpp"
#include "actors/report/page.hpp"

#include <string>

namespace sluice::report {

/// Every job's rounds, and the jobs that ended. The memory has taken the step already.
std::string draw_jobs(const step_report& step, const jobs_memory& memory, const page& on);

/// Every job: its rounds, why it ended, and the standings of its miners.
std::string draw_jobs_summary(const jobs_memory& memory, const page& on);

} // namespace sluice::report
