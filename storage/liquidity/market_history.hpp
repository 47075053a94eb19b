/// How the market of a job is stored: a full checkpoint now and then, and every block since.
#pragma once

#include "rules/pool/pool_event.hpp"
#include "storage/data_dir.hpp"
#include "storage/liquidity/records.hpp"

#include <cstdint>
#include <functional>
#include <span>

namespace sluice::storage {

/// Has it the pool's bytes? One without them states only where the feed stands; its pool is what
/// the stored blocks make of the last full one before it.
inline bool is_full(const checkpoint& x) {
  return !x.replica.empty();
}

/// What it costs to replay a block, in events: 1 and one for each of its events. No error.
inline uint64_t replay_cost(const feed_block& x) {
  return 1 + x.events.size();
}

/// A round ends in a full checkpoint when to replay everything since the last one costs this much
/// (replay_cost): some 15 rounds of 450 blocks of the embedded market, some ms of replay.
inline constexpr uint64_t full_checkpoint_after = 16'384;

/// Where a round starts: the checkpoint there, and the full one to replay from. They are equal when
/// the first is full.
struct recorded_start {
  checkpoint at;
  checkpoint full;
};

/// The start of the round whose first block is `block`, a number of the job's feed. Faults:
/// no_such_key when no round of it has started there; corrupt_data when no full checkpoint is
/// before it, or one cannot be read; what the disk reports.
result<recorded_start> find_start(const data_dir& disk, const job_id& job, uint64_t block);

/// Adds the blocks of one round, in ascending order, to `out`: as runs of at most
/// block_run_bytes_max bytes. The pointers must not be null.
void put_blocks(batch& out, const job_id& job, std::span<const feed_block* const> blocks);

/// Calls `visit` for every stored block of the job from number `from` on, in ascending order, until
/// it answers false. Faults: corrupt_data for a row that cannot be read; what the disk reports.
using block_visitor = std::function<bool(feed_block&& block)>;
result<nothing>
for_blocks_from(const data_dir& disk, const job_id& job, uint64_t from, const block_visitor& visit);

} // namespace sluice::storage
