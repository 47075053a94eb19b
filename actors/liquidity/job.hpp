/// Owns one vault: its feed, its evaluation and live rounds side by side, its miners' records.
#pragma once

#include "messages/liquidity.hpp"
#include "messages/miner.hpp"
#include "messages/node.hpp"
#include "messages/storage_writer.hpp"
#include "rules/liquidity/config.hpp"
#include "storage/data_dir.hpp"
#include "storage/liquidity/market_history.hpp"

#include <memory>

namespace sluice {

/// `speed`: from 0, finite; seconds of block time per second of real time. `lookback_rounds`: from
/// 1; the revenue of fewer rounds is added up while there are fewer. Not checked here.
struct job_settings {
  job_config job;
  double speed = 0;              // of the feed, times real time; 0: as fast as it goes
  uint64_t lookback_rounds = 96; // revenue: fees of the last live rounds
  /// How often the job failed in the round at hand, in this process: a kill from outside does not
  /// count. From 0; at limits::round_attempts_max the round is given up.
  uint32_t failures = 0;
  /// What it may cost to replay the blocks since the last full checkpoint (storage::replay_cost),
  /// from 1: the round that reaches it ends in another one.
  uint64_t full_checkpoint_after = storage::full_checkpoint_after;
};

struct job_links {
  std::shared_ptr<const storage::data_dir> disk; // read when it is spawned and for reports
  storage_writer_actor storage_writer;
  roster_actor roster;
  simulator_actor simulators;
  reporter_actor reporter;
};

/// Takes up where the last incarnation ended: a round that was in flight starts again from its
/// recorded start. Any failure of a child is a failure of the job, so that there is one way back
/// only: from disk.
job_actor spawn_job(caf::actor_system& system, job_settings settings, job_links links);

} // namespace sluice
