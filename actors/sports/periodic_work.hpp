/// What the sports mechanism does from time to time in real time: settles, asks miners, scores,
/// states how its services do.
#pragma once

#include "messages/chain.hpp"
#include "messages/events.hpp"
#include "messages/sports/intake.hpp"
#include "messages/storage_writer.hpp"
#include "messages/tasks.hpp"
#include "net/sports/connections.hpp"
#include "rules/sports/config.hpp"
#include "storage/data_dir.hpp"

#include <cstdint>
#include <functional>
#include <memory>

namespace sluice {

struct sports_periodic_config {
  sports_settings rules;
  uint64_t step_s = 60;            // between two settlements, and two questions; from 1
  uint64_t block_seconds = 12;     // of the chain, from 1
  hotkey own;                      // of this validator
  std::function<int64_t()> now_us; // microseconds since 1970-01-01 UTC
};

struct sports_periodic_links {
  std::shared_ptr<const storage::data_dir> disk;
  storage_writer_actor storage_writer;
  chain_reader_actor chain;
  sports_intake_actor intake;
  sports_scoring_actor scoring;
  sports_survey_actor survey;
  event_manager_actor events; // for what is stated about it; null: nothing is
  task_manager_actor tasks;   // null: whoever sends run_task
  /// How connections do, for what is stated about them; may be empty.
  std::function<net::sports_connection_counts()> connections{};
};

/// Its tasks: sports.settlement and sports.survey (every step_s), sports.scoring (every scoring_s,
/// give or take a twentieth; the first at once), sports.status (every minute).
task_owner_actor spawn_sports_periodic(caf::actor_system& system, sports_periodic_config config,
                                       sports_periodic_links links);

} // namespace sluice
