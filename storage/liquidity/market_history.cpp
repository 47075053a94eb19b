#include "storage/liquidity/market_history.hpp"

#include "storage/liquidity/tables.hpp"

namespace sluice::storage {

result<recorded_start> find_start(const data_dir& disk, const job_id& job, uint64_t block) {
  auto at = tables::checkpoints.get(disk, {job, block});
  if (!at)
    return at.error();
  recorded_start found{*at, *std::move(at)};
  for (auto bound = block; !is_full(found.full) && bound > 0;) {
    auto before = tables::checkpoints.last_until(disk, job, block_key{job, bound - 1});
    if (!before)
      return before.error();
    if (!*before)
      break;
    bound = (*before)->first.block;
    found.full = std::move((*before)->second);
  }
  if (!is_full(found.full))
    return fault{ec::corrupt_data,
                 "no full checkpoint at block " + std::to_string(block) + " or before it"};
  return found;
}

} // namespace sluice::storage
