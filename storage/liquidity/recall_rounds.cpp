#include "storage/liquidity/recall_rounds.hpp"

#include "storage/liquidity/tables.hpp"

#include <algorithm>

namespace sluice {

namespace tables = storage::tables;

bool counted(const round_record& row) {
  if (row.status != round_status::completed)
    return false;
  if (row.rules != scoring_rules::original)
    return row.counted;
  return row.id.kind == round_kind::evaluation || row.note.empty();
}

namespace {

/// Every stored round that counts, latest first, as far back as a start needs them. Answers the
/// number of the last one that was looked at.
template <class Visit>
result<uint64_t> walk_back(const storage::data_dir& disk, const job_record& job, Visit visit) {
  const auto removed = removed_of(disk, job);
  if (!removed)
    return removed.error();
  const auto first = std::max(job.first_round, removed->until);
  uint64_t last = 0; // unix seconds
  uint32_t evaluations = 0;
  auto n = job.next_round;
  for (; n > first; --n) {
    bool seen = false; // a round that does not count says nothing about its time
    bool recent = false;
    for (const auto kind : {round_kind::live, round_kind::evaluation}) {
      auto row = tables::rounds.find(disk, {job.config.id, kind, {n - 1}});
      if (!row)
        return row.error();
      if (!*row || !counted(**row))
        continue;
      last = std::max(last, (*row)->end_time);
      seen = true;
      recent = recent || (*row)->end_time + evidence_seconds > last;
      evaluations += kind == round_kind::evaluation ? 1 : 0;
      visit(**std::move(row));
    }
    if (seen && !recent && evaluations >= activity_rounds)
      return n - 1;
  }
  return n;
}

} // namespace

result<nothing>
recall_rounds(const storage::data_dir& disk, const job_record& job, scoreboard& board) {
  std::vector<round_record> found; // latest first
  auto read = walk_back(disk, job, [&](round_record&& row) { found.push_back(std::move(row)); });
  if (!read)
    return read.error();
  std::ranges::reverse(found);
  for (const auto& row : found)
    board.recall(row.id.kind, row.end_time, row.results, row.rules);
  return nothing{};
}

result<uint64_t> first_needed_round(const storage::data_dir& disk, const job_record& job) {
  return walk_back(disk, job, [](const round_record&) {});
}

result<removed_rounds> removed_of(const storage::data_dir& disk, const job_record& job) {
  auto row = tables::removed_rounds_of_jobs.find(disk, job.config.id);
  if (!row)
    return row.error();
  if (*row)
    return **std::move(row);
  removed_rounds none;
  none.from = none.until = job.first_round;
  return none;
}

void book_round(scoreboard& board, round_kind kind, const round_record& row) {
  if (counted(row))
    board.absorb(kind, row.end_time, row.results, row.rules);
}

scoreboard board_of(const job_record& job, const removed_rounds& removed) {
  scoreboard board{job.config.board};
  for (const auto& [key, score] : removed.scores)
    board.restore(key, score);
  for (const auto& x : removed.days)
    board.restore(x.key, x.day, x.counts);
  return board;
}

} // namespace sluice
