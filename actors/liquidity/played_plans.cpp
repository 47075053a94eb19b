#include "actors/liquidity/played_plans.hpp"

#include "storage/liquidity/recall_rounds.hpp"
#include "storage/liquidity/tables.hpp"

#include <algorithm>

namespace sluice {

namespace tables = storage::tables;

void book_plans(plan_history& history, const round_span& round,
                std::span<const start_position> vault, const std::vector<prediction>& predictions) {
  std::vector<played_plan> plans;
  plans.reserve(predictions.size());
  for (const auto& x : predictions)
    plans.push_back({x.key, x.verdict, x.questions, x.outcome ? &*x.outcome : nullptr});
  history.absorb(round, vault, plans);
}

result<plan_history> recall_plans(const storage::data_dir& disk, const job_record& job) {
  struct found_round {
    round_span span;
    std::vector<start_position> vault;
  };
  const auto removed = removed_of(disk, job);
  if (!removed)
    return removed.error();
  const auto first = std::max(job.first_round, removed->until);
  std::vector<found_round> found; // latest first
  for (auto n = job.next_round; n > first && found.size() < activity_rounds; --n) {
    auto row = tables::rounds.find(disk, {job.config.id, round_kind::evaluation, {n - 1}});
    if (!row)
      return row.error();
    if (*row && counted(**row))
      found.push_back({{(*row)->id.number, (*row)->start_block, (*row)->end_block},
                       std::move((*row)->config.start_positions)});
  }
  plan_history history;
  std::ranges::reverse(found);
  for (const auto& x : found) {
    std::vector<prediction> predictions;
    auto read = tables::predictions.for_prefix(
      disk, std::make_tuple(job.config.id, round_kind::evaluation, x.span.number),
      [&](const prediction_key&, prediction row) { predictions.push_back(std::move(row)); });
    if (!read)
      return read.error();
    book_plans(history, x.span, x.vault, predictions);
  }
  return history;
}

} // namespace sluice
