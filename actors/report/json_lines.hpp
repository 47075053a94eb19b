/// A run as JSON, one object per line, for machines: keys in a fixed order, nothing that differs
/// between two runs with the same seed unless asked for.
#pragma once

#include "actors/report/run_memory.hpp"

#include <string>

namespace sluice::report {

/// What the memory was started with.
std::string start_json(const run_memory& memory, const json_extras& extras);
/// The memory has taken the step already.
std::string
step_done_json(const step_done& step, const run_memory& memory, const json_extras& extras);
std::string over_json(const run_over& last, const run_memory& memory, const json_extras& extras);

} // namespace sluice::report
