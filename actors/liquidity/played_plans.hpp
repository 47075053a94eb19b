/// Fills the history of plans: from a round that has just been played, and from the disk.
#pragma once

#include "rules/liquidity/plan_history.hpp"
#include "storage/data_dir.hpp"
#include "storage/liquidity/records.hpp"

#include <span>
#include <vector>

namespace sluice {

/// Books one evaluation round. `vault`: the vault's positions at its start. No error.
void book_plans(plan_history& history, const round_span& round,
                std::span<const start_position> vault, const std::vector<prediction>& predictions);

/// The last activity_rounds evaluation rounds that changed anybody's record, as far as the job has
/// so many: what it reads does not grow with the job's age. Faults: what the disk reports.
result<plan_history> recall_plans(const storage::data_dir& disk, const job_record& job);

} // namespace sluice
