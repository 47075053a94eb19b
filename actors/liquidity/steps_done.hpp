/// How far the jobs of a data folder are.
#pragma once

#include "rules/result.hpp"
#include "storage/data_dir.hpp"

#include <cstdint>
#include <optional>

namespace sluice {

/// The steps that every job that goes on has completed; none when no job has begun there.
result<std::optional<uint64_t>> jobs_steps_done(const storage::data_dir& disk);

} // namespace sluice
