/// A run as lines of key=value, one per event: for grep, and for a terminal that is none.
#pragma once

#include "actors/report/run_memory.hpp"

#include <string>

namespace sluice::report {

/// What the memory was started with.
std::string start_lines(const run_memory& memory);
/// The memory has taken the step already.
std::string step_done_lines(const step_done& step, const run_memory& memory);
std::string over_lines(const run_over& last, const run_memory& memory);

} // namespace sluice::report
