#include "actors/liquidity/why_no_scores.hpp"

#include "rules/liquidity/no_scores.hpp"
#include "storage/liquidity/tables.hpp"

#include <map>
#include <vector>

namespace sluice {

std::string why_no_scores(const storage::data_dir& disk, const liquidity_settings& settings) {
  namespace tables = storage::tables;
  std::map<job_id, board_count> counts;
  for (const auto& job : settings.jobs)
    if (job.active)
      counts[job.id] = {job.id, 0, job.board.eligibility_days, 0, 0, 0};
  auto read = tables::jobs.for_each(disk, [&](const job_id& id, const job_record& x) {
    counts[id] = {id, x.completed, x.config.board.eligibility_days, 0, 0, 0};
  });
  if (!read)
    return read.error().what;
  read = tables::miner_scores.for_each(disk, [&](const miner_key& key, const miner_score& x) {
    const auto at = counts.find(key.job);
    if (at == counts.end())
      return;
    ++at->second.miners;
    at->second.eligible += x.eligible ? 1 : 0;
    at->second.positive += x.eligible && x.combined_score > 0 ? 1 : 0;
  });
  if (!read)
    return read.error().what;
  std::vector<board_count> all;
  for (auto& row : counts)
    all.push_back(std::move(row.second));
  return why_no_scores(all);
}

} // namespace sluice
