/// A machine that calculates for a node: hears windows and plans, answers outcomes.
#pragma once

#include "actors/fleet/way.hpp"
#include "messages/liquidity.hpp"

#include <functional>

namespace sluice {

struct worker_config {
  /// Brings its link to life, whose owner hears link_up, frames and link_down (spawn_link).
  std::function<fleet_link_actor(caf::actor_system&, caf::actor owner)> link;
  uint32_t cores = 1;
  size_t kept_bytes = 0; // of markets; 0: work_bounds::kept_bytes
  /// Told what happens to the connection; `in`: it can work. May be empty.
  std::function<void(bool in, const std::string& what, bool refused)> told;
};

/// Owns its link and as many simulators as it has cores.
worker_actor spawn_worker(caf::actor_system& system, worker_config config);

} // namespace sluice
