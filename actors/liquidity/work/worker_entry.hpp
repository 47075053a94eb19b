/// A worker as the pool of simulators sees it: answers like a simulator, far away.
#pragma once

#include "actors/fleet/fleet.hpp"
#include "messages/liquidity.hpp"

namespace sluice {

/// The two faces of one entry: for the guard, and for the pool.
using worker_entry_actor
  = caf::typed_actor<caf::reacts_to<atom::start>, caf::reacts_to<fleet_frame>,
                     caf::reacts_to<fleet_offence>,
                     caf::replies_to<simulation>::with<simulation_result>>;

/// Introduces itself to `pool` when its peer may be spoken to. Sends of a market only what the
/// worker does not have yet. Ends with its peer, or when somebody lets it go; then every question
/// that is open is answered with an error.
worker_entry_actor
spawn_worker_entry(caf::actor_system& system, fleet_session session, simulator_pool_actor pool);

} // namespace sluice
