/// The client of a dev world: which tasks it submits in a step.
#pragma once

#include "rules/consensus/task_calls.hpp"

#include <cstdint>
#include <string_view>
#include <vector>

namespace sluice {

/// The name under which the dev world's client submits.
inline constexpr std::string_view dev_client_name = "dev-client";

/// How much it submits. `seed`: any number; `tasks`: of one step, 0 to 1000.
struct dev_task_terms {
  uint64_t seed = 1;
  uint64_t tasks = 4;
};

/// The tasks of this step, of any type, each for 1 to 3 miners; submitted again they are the same
/// tasks. `step`: from 1. No error.
std::vector<submit_task_call> dev_tasks(const dev_task_terms& terms, uint64_t step);

} // namespace sluice
