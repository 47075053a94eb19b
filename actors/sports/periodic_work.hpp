/// What the sports mechanism does from time to time in real time: settles, asks miners, scores.
#pragma once

#include "messages/sports/intake.hpp"
#include "messages/tasks.hpp"
#include "rules/sports/config.hpp"

#include <cstdint>
#include <functional>

namespace sluice {

struct sports_periodic_config {
  sports_settings rules;
  uint64_t step_s = 60;            // between two settlements, and two questions; from 1
  uint64_t block_seconds = 12;     // of the chain, from 1
  std::function<int64_t()> now_us; // microseconds since 1970-01-01 UTC
};

struct sports_periodic_links {
  sports_intake_actor intake;
  sports_scoring_actor scoring;
  sports_survey_actor survey;
  task_manager_actor tasks; // null: whoever sends run_task
};

/// Its tasks: sports.settlement and sports.survey (every step_s), sports.scoring (every scoring_s,
/// give or take a twentieth; the first at once).
task_owner_actor spawn_sports_periodic(caf::actor_system& system, sports_periodic_config config,
                                       sports_periodic_links links);

} // namespace sluice
