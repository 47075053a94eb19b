/// A job's stored market, replayed from its checkpoints and moved along from round to round.
#pragma once

#include "sim/evaluate/window.hpp"
#include "storage/data_dir.hpp"
#include "storage/liquidity/records.hpp"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <utility>
#include <vector>

namespace sluice {

/// Whoever goes from one round to the next replays every block once. Blocks are the feed's numbers.
class market_walk {
public:
  /// `disk` must outlive it. Standing at a stored full checkpoint, it takes that up where the row
  /// has at most `bytes_max` bytes; a larger one only when enough was replayed since the last
  /// (until version 0.2.0 every round has one).
  market_walk(const storage::data_dir& disk, job_id job, size_t bytes_max = size_t{64} << 10)
    : disk_(disk), job_(std::move(job)), bytes_max_(bytes_max) {}

  /// To the start of the round whose first block is `block`: on from where it stands, or from the
  /// last full checkpoint. Faults: no_such_key when no round has started there; corrupt_data or
  /// bad_input for what cannot be read or replayed; what the disk reports.
  result<nothing> go_to(uint64_t block);

  /// The market of a stored round; stands after it then. Faults as above.
  result<window> window_of(const round_record& row);

  /// After go_to: the market there.
  const replica& market() const { return *market_; }
  /// What the blocks since the last full checkpoint cost, as storage::replay_cost counts.
  uint64_t cost() const { return cost_; }

private:
  using records = std::vector<std::shared_ptr<const block_record>>;

  result<nothing> take_up(const checkpoint& full);
  result<nothing> replay_to(uint64_t block, records* into);

  const storage::data_dir& disk_;
  job_id job_;
  size_t bytes_max_;
  std::optional<replica> market_;
  uint64_t next_ = 0; // the first block that is not in it
  uint64_t cost_ = 0;
};

/// Adds the blocks of a round to `out` (storage::put_blocks). No error.
void put_market(storage::batch& out, const job_id& job,
                const std::vector<std::shared_ptr<const block_record>>& blocks);

/// A feed's place at the start of a round, always full, and what was replayed to get there.
struct feed_place {
  checkpoint at;
  uint64_t cost = 0; // of the blocks since the last full checkpoint (storage::replay_cost)
};

/// Where the feed of a job that has begun takes up its next round. Faults as market_walk::go_to,
/// with the job's name.
result<feed_place> feed_place_of(const storage::data_dir& disk, const job_record& job);

} // namespace sluice
