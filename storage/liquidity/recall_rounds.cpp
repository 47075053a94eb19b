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

result<nothing>
recall_rounds(const storage::data_dir& disk, const job_record& job, scoreboard& board) {
  std::vector<round_record> found; // latest first
  uint64_t last = 0;               // unix seconds
  uint32_t evaluations = 0;
  for (auto n = job.next_round; n > job.first_round; --n) {
    bool recent = false;
    for (const auto kind : {round_kind::live, round_kind::evaluation}) {
      auto row = tables::rounds.find(disk, {job.config.id, kind, {n - 1}});
      if (!row)
        return row.error();
      if (!*row || !counted(**row))
        continue;
      last = std::max(last, (*row)->end_time);
      recent = recent || (*row)->end_time + evidence_seconds > last;
      evaluations += kind == round_kind::evaluation ? 1 : 0;
      found.push_back(*std::move(*row));
    }
    if (!recent && evaluations >= activity_rounds)
      break;
  }
  std::ranges::reverse(found);
  for (const auto& row : found)
    board.recall(row.id.kind, row.end_time, row.results, row.rules);
  return nothing{};
}

} // namespace sluice
