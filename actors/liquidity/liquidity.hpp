/// The liquidity mechanism: owns the jobs, answers with their sheet.
#pragma once

#include "actors/liquidity/job.hpp"

namespace sluice {

struct liquidity_config {
  std::vector<job_config> jobs;
  double speed = 0;
  sheet_policy policy = sheet_policy::winner_per_job;
  miner_uid burn_uid;
  emission_settings emission;
};

/// A job that falls too often is abandoned with its reason; the others go on.
liquidity_actor
spawn_liquidity(caf::actor_system& system, liquidity_config config, job_links links);

} // namespace sluice
