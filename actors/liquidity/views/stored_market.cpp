#include "actors/liquidity/views/stored_market.hpp"

#include "storage/liquidity/tables.hpp"
#include "storage/tables.hpp"

namespace sluice {

namespace tables = storage::tables;

result<window> stored_market(const storage::data_dir& disk, const round_record& row) {
  auto start = tables::checkpoints.get(disk, {row.id.job, row.start_block});
  if (!start)
    return fault{start.error().code, "the recorded start: " + start.error().what};
  auto market = replica::load(start->replica);
  if (!market)
    return fault{market.error().code, "the recorded start: " + market.error().what};
  window whole{market->terms(), row.start_block,    row.end_block,
               market->price(), market->snapshot(), {}};
  std::optional<fault> broken;
  auto read = tables::feed_blocks.for_prefix_from(
    disk, row.id.job, block_key{row.id.job, row.start_block},
    [&](const block_key& key, const feed_block& block) {
      if (key.block > row.end_block)
        return false;
      auto record = market->apply(block);
      if (!record) {
        broken = fault{record.error().code,
                       "block " + std::to_string(key.block) + ": " + record.error().what};
        return false;
      }
      whole.blocks.push_back(*std::move(record));
      return true;
    });
  if (broken)
    return *broken;
  if (!read)
    return read.error();
  return whole;
}

} // namespace sluice
