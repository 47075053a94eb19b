/// How many tasks every miner holds now, as the stored board has it.
#pragma once

#include "rules/result.hpp"
#include "storage/data_dir.hpp"

#include <cstdint>
#include <map>

namespace sluice::storage {

/// Assignments that wait for their miner's answer, by uid; a miner without one is not in it.
/// Faults: those of the disk.
result<std::map<uint16_t, uint64_t>> open_task_loads(const data_dir& from);

} // namespace sluice::storage
