/// A machine that calculates for a node: receives windows and plans, answers outcomes.
#pragma once

#include "actors/fleet/session_handle.hpp"
#include "messages/liquidity.hpp"

#include <functional>

namespace sluice {

/// `cores`: simulators, from 1 (0 is taken as 1). `kept_bytes`: bytes of blocks as they travelled;
/// when there are more, the market that was not used for longest is forgotten.
struct worker_config {
  /// Starts its link, whose owner receives link_up, frames and link_down (spawn_link).
  std::function<fleet_link_actor(caf::actor_system&, caf::actor owner)> link;
  uint32_t cores = 1;
  size_t kept_bytes = 0; // of markets; 0: work_bounds::kept_bytes
  /// Called with what happens to the connection; `in`: it can work. May be empty.
  std::function<void(bool in, const std::string& what, bool refused)> connection_changed;
};

/// Owns its link and as many simulators as it has cores.
worker_actor spawn_worker(caf::actor_system& system, worker_config config);

} // namespace sluice
