/// How far the jobs of a data folder are.
#pragma once

#include "rules/result.hpp"
#include "storage/data_dir.hpp"

#include <cstdint>
#include <optional>

namespace sluice {

/// The steps for which every job that goes on has completed what was due (rules/liquidity/pace);
/// none when there is no job. A count from 0, failed rounds and steps that an operator's pause left
/// out among them. Faults: what the disk reports.
result<std::optional<uint64_t>> jobs_steps_done(const storage::data_dir& disk);

} // namespace sluice
