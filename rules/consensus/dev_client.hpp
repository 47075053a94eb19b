/// The client of a dev world: which tasks it submits in a step.
#pragma once

#include "rules/consensus/task_calls.hpp"

#include <cstdint>
#include <string_view>
#include <vector>

namespace sluice {

/// The name under which the dev world's client submits.
inline constexpr std::string_view dev_client_name = "dev-client";

/// Most tasks of one step.
inline constexpr uint64_t dev_tasks_max = 3;

/// The tasks of this step, 1 to dev_tasks_max of any type, each for 1 to 3 miners; submitted again
/// they are the same tasks. `seed`: any number; `step`: from 1. No error.
std::vector<submit_task_call> dev_tasks(uint64_t seed, uint64_t step);

} // namespace sluice
