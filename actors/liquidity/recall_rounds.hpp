/// Brings a board's memory of the last rounds back from the disk.
#pragma once

#include "rules/liquidity/scoreboard.hpp"
#include "storage/data_dir.hpp"
#include "storage/liquidity/records.hpp"

namespace sluice {

/// Did the round change anybody's record? By the original rules an evaluation round always did, and
/// a live one unless its note states why not. No error.
bool counted(const round_record& row);

/// Reads back from the job's last round as far as scoreboard::recall needs, at most to its first
/// one: what it reads does not grow with the job's age. Faults: what the disk reports.
result<nothing>
recall_rounds(const storage::data_dir& disk, const job_record& job, scoreboard& board);

} // namespace sluice
