#include "actors/liquidity/market/market_walk.hpp"

#include "rules/liquidity/schedule.hpp"
#include "storage/liquidity/market_history.hpp"
#include "storage/liquidity/tables.hpp"

namespace sluice {

namespace tables = storage::tables;

result<nothing> market_walk::go_to(uint64_t block) {
  const bool here = market_ && next_ == block;
  auto bytes = tables::checkpoints.bytes_of(disk_, {job_, block});
  if (!bytes)
    return bytes.error();
  if (here && bytes->value_or(0) > bytes_max_ && cost_ < storage::full_checkpoint_after)
    return nothing{};
  if (here) {
    auto row = tables::checkpoints.get(disk_, {job_, block});
    if (!row)
      return row.error();
    return storage::is_full(*row) ? take_up(*row) : nothing{};
  }
  market_.reset();
  auto start = storage::find_start(disk_, job_, block);
  if (!start)
    return start.error();
  if (auto taken = take_up(start->full); !taken || storage::is_full(start->at))
    return taken;
  return block > 0 ? replay_to(block - 1, nullptr) : nothing{};
}

result<nothing> market_walk::take_up(const checkpoint& full) {
  market_.reset();
  auto loaded = replica::load(full.replica);
  if (!loaded)
    return loaded.error();
  market_ = *std::move(loaded);
  next_ = full.block + 1;
  cost_ = 0;
  return nothing{};
}

result<nothing> market_walk::replay_to(uint64_t block, records* into) {
  std::optional<fault> broken;
  auto read = storage::for_blocks_from(disk_, job_, next_, [&](feed_block&& x) {
    const auto number = x.number;
    if (number > block)
      return false;
    const auto cost = storage::replay_cost(x);
    auto record = market_->apply(std::move(x));
    if (!record) {
      broken = fault{record.error().code,
                     "block " + std::to_string(number) + ": " + record.error().what};
      return false;
    }
    cost_ += cost;
    if (into)
      into->push_back(*std::move(record));
    return true;
  });
  if (!broken && !read)
    broken = read.error();
  if (broken) {
    market_.reset();
    return *broken;
  }
  next_ = block + 1;
  return nothing{};
}

result<window> market_walk::window_of(const round_record& row) {
  if (auto there = go_to(row.start_block); !there)
    return fault{there.error().code, "the recorded start: " + there.error().what};
  window whole{market_->terms(), row.start_block,     row.end_block,
               market_->price(), market_->snapshot(), {}};
  next_ = row.start_block; // as a full checkpoint states it, whatever it states
  if (auto replayed = replay_to(row.end_block, &whole.blocks); !replayed)
    return replayed.error();
  return whole;
}

void put_market(storage::batch& out, const job_id& job,
                const std::vector<std::shared_ptr<const block_record>>& blocks) {
  std::vector<const feed_block*> market;
  market.reserve(blocks.size());
  for (const auto& x : blocks)
    market.push_back(&x->block);
  storage::put_blocks(out, job, market);
}

result<feed_place> feed_place_of(const storage::data_dir& disk, const job_record& job) {
  const auto& id = job.config.id;
  const auto bpr = blocks_per_round(job.config.round_seconds, job.config.block_seconds);
  const auto start = round_by_number({job.next_round}, bpr).start_block;
  const auto failed = [&id](const fault& why) {
    return fault{why.code, "job " + id.value + ": the recorded start of its round: " + why.what};
  };
  auto at = tables::checkpoints.get(disk, {id, start});
  if (!at)
    return failed(at.error());
  if (storage::is_full(*at))
    return feed_place{*std::move(at), 0};
  market_walk walk{disk, id};
  if (auto there = walk.go_to(start); !there)
    return failed(there.error());
  at->replica = walk.market().save();
  return feed_place{*std::move(at), walk.cost()};
}

} // namespace sluice
