/// A pool of simulators behind one address: splits the plans, keeps every one busy.
#pragma once

#include "messages/liquidity.hpp"

namespace sluice {

/// One simulator: plays plans, keeps nothing.
simulator_actor spawn_simulator(caf::actor_system& system);

/// `count` >= 1 of them, restarted when they fall; work lost in a fall is given to another once.
/// Results do not depend on `count`.
simulator_actor spawn_simulators(caf::actor_system& system, uint32_t count);

} // namespace sluice
