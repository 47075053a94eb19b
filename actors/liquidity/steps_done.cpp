#include "actors/liquidity/steps_done.hpp"

#include "actors/liquidity/stored_jobs.hpp"

#include <vector>

namespace sluice {

result<std::optional<uint64_t>> jobs_steps_done(const storage::data_dir& disk) {
  const auto stored = read_stored_jobs(disk);
  if (!stored)
    return stored.error();
  std::vector<job_progress> all;
  for (const auto& [id, record] : stored->records) {
    const auto order = stored->orders.find(id);
    all.push_back(
      stored->progress_of(id, record.config.round_seconds,
                          order == stored->orders.end() ? 0 : order->second.steps_missed));
  }
  return steps_done_of(all);
}

} // namespace sluice
