/// Owns one vault: its feed, its evaluation and live rounds side by side, its miners' records.
#pragma once

#include "messages/keeper.hpp"
#include "messages/liquidity.hpp"
#include "messages/miner.hpp"
#include "messages/node.hpp"
#include "rules/liquidity/config.hpp"
#include "storage/data_dir.hpp"

#include <memory>

namespace sluice {

struct job_settings {
  job_config job;
  double speed = 0;              // of the feed, times real time; 0: as fast as it goes
  uint64_t lookback_rounds = 96; // revenue: fees of the last live rounds
  /// How often the job fell in the round at hand, in this process: a kill from outside is no fall.
  uint32_t falls = 0;
};

struct job_links {
  std::shared_ptr<const storage::data_dir> disk; // read at birth and for reports
  keeper_actor keeper;
  roster_actor roster;
  simulator_actor simulators;
  reporter_actor reporter;
};

/// Takes up where the last life ended: a round that was in flight starts again from its recorded
/// start. Any fall of a child is a fall of the job, so that there is one way back only: from disk.
job_actor spawn_job(caf::actor_system& system, job_settings settings, job_links links);

} // namespace sluice
