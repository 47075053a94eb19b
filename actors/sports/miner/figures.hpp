/// Writes what a miner states about itself: get_stats of facts/mechanisms D3.13, miner side.
#pragma once

#include "messages/events.hpp"
#include "messages/sports/miner.hpp"

#include <caf/fwd.hpp>

#include <cstdint>
#include <functional>
#include <string>

namespace sluice {

struct sports_figures_config {
  std::string file; // where they stand, whole or as before
  uint64_t interval_s = 300;
  std::function<uint64_t()> unix_ms;
  uint64_t started_ms = 0; // milliseconds since 1970-01-01 UTC
};

struct sports_figures_links {
  sports_database_actor database;
  std::function<sports_predictor_actor()> predictor;
  std::function<sports_messenger_actor()> messenger;
  task_manager_actor tasks;
  event_manager_actor events;
};

/// Its task "stats" asks everybody and writes the file.
task_owner_actor spawn_sports_figures(caf::actor_system& system, sports_figures_config config,
                                      sports_figures_links links);

} // namespace sluice
