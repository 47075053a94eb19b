#include "actors/leads/share_basis.hpp"

#include "storage/leads/recall.hpp"
#include "storage/leads/steps.hpp"
#include "storage/leads/tables.hpp"

#include <algorithm>

namespace sluice {

namespace tables = storage::tables;

result<share_basis> basis_of_shares(const storage::data_dir& disk) {
  share_basis basis;
  const auto publish = tables::lead_publishes.last(disk);
  if (!publish)
    return publish.error();
  if (*publish)
    basis.settings = settings_of((*publish)->second);
  const auto step = tables::lead_steps.last(disk);
  if (!step)
    return step.error();
  if (*step)
    basis.time_us = (*step)->second.time_us;
  uint64_t newest_ms = 0;
  auto read
    = tables::lead_results.for_each(disk, [&](const lead_result_key&, const stored_result& x) {
        if (!*step || x.origin != "import")
          newest_ms = std::max(newest_ms, x.stored_ms);
      });
  if (!read)
    return read.error();
  basis.time_us = std::max(basis.time_us, static_cast<int64_t>(newest_ms * 1000));
  auto k_miner = storage::k_miner_of(disk, basis.settings);
  if (!k_miner)
    return k_miner.error();
  basis.k_miner = *std::move(k_miner);
  return basis;
}

result<share_report> shares_on(const storage::data_dir& disk, const share_basis& basis) {
  return storage::calculate_shares(disk, basis.settings, basis.time_us);
}

} // namespace sluice
