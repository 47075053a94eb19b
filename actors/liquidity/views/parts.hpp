/// The views of jobs one by one, and what they share.
#pragma once

#include "actors/admin/views/parts.hpp"
#include "storage/liquidity/records.hpp"

#include <string_view>

namespace sluice::views {

// ---- one per command ----------------------------------------------------------------------------

result<json> jobs(const storage::data_dir& disk);
/// The newest of one job, or of all ("").
result<json> rounds(const storage::data_dir& disk, std::string_view job);
result<json> round(const storage::data_dir& disk, std::string_view id);
result<json> scores(const storage::data_dir& disk, std::string_view job);
result<json> miners(const storage::data_dir& disk);
result<json> miner(const storage::data_dir& disk, std::string_view who);
result<json> explain(const storage::data_dir& disk, std::string_view id, std::string_view who);

// ---- shared -------------------------------------------------------------------------------------

std::string_view name_of(round_status x);

/// The job, or no_such_key with the nearest of those that are there.
result<job_record> job_named(const storage::data_dir& disk, std::string_view id);

/// A stored round, or no_such_key.
result<round_record> round_named(const storage::data_dir& disk, std::string_view id);

} // namespace sluice::views
