/// The liquidity mechanism: owns the jobs, answers with their scores.
#pragma once

#include "actors/liquidity/job.hpp"
#include "rules/liquidity/config.hpp"

namespace sluice {

/// `speed`: from 0, finite; seconds of block time per second of real time. `burn_uid`: 0 to 65535.
/// Not checked here.
struct liquidity_config {
  liquidity_settings settings;
  double speed = 0; // of the feeds, times real time; 0: as fast as the rounds can take it
  miner_uid burn_uid;
};

/// A job that fails too often is abandoned with its reason; the others go on.
liquidity_actor
spawn_liquidity(caf::actor_system& system, liquidity_config config, job_links links);

} // namespace sluice
