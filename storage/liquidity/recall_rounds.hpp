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

/// The lowest number of a round that the next start of the job still reads: for recall_rounds, and
/// the last activity_rounds evaluation rounds that count, whose plans are compared. At most
/// `next_round`, at least the first one that is stored. Faults: what the disk reports.
result<uint64_t> first_needed_round(const storage::data_dir& disk, const job_record& job);

/// What retention has removed of a job; none of its rounds when it has no row. Faults: what the
/// disk reports.
result<removed_rounds> removed_of(const storage::data_dir& disk, const job_record& job);

/// Books a stored round as the job did, if it is completed and counts. No error.
void book_round(scoreboard& board, round_kind kind, const round_record& row);

/// A board as it was when the rounds before `removed.until` were booked. No error.
scoreboard board_of(const job_record& job, const removed_rounds& removed);

} // namespace sluice
