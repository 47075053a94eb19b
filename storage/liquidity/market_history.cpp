#include "storage/liquidity/market_history.hpp"

#include "storage/liquidity/tables.hpp"

#include <utility>

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

void put_blocks(batch& out, const job_id& job, std::span<const feed_block* const> blocks) {
  block_run_encoder run;
  uint64_t first = 0;
  const auto put = [&] {
    if (!run.empty())
      out.writes.push_back({std::string{tables::block_runs.store},
                            std::string{tables::block_runs.name}, encode_key(block_key{job, first}),
                            run.bytes(), false});
  };
  for (const auto* block : blocks) {
    if (run.empty())
      first = block->number;
    if (run.add_within(*block, block_run_bytes_max))
      continue;
    put();
    run.clear();
    first = block->number;
    run.add(*block);
  }
  put();
}

result<nothing> for_blocks_from(const data_dir& disk, const job_id& job, uint64_t from,
                                const block_visitor& visit) {
  bool more = true;
  auto read = tables::feed_blocks.for_prefix_from(
    disk, job, block_key{job, from},
    [&](const block_key&, feed_block x) { return more = visit(std::move(x)); });
  if (!read || !more)
    return read;
  const block_key wanted{job, from};
  auto begin = wanted;
  const auto there = tables::block_runs.bytes_of(disk, wanted);
  if (!there)
    return there.error();
  if (!*there) { // inside a run, or before one
    const auto before = tables::block_runs.last_until(disk, job, wanted);
    if (!before)
      return before.error();
    if (*before)
      begin = (*before)->first;
  }
  return tables::block_runs.for_prefix_from(disk, job, begin, [&](const block_key&, block_run run) {
    for (auto& x : run.blocks)
      if (more && x.number >= from)
        more = visit(std::move(x));
    return more;
  });
}

} // namespace sluice::storage
