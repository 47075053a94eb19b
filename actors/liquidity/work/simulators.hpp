/// A pool of simulators behind one address, in this process and on other machines: splits the
/// plans, keeps every one busy.
#pragma once

#include "messages/liquidity.hpp"
#include "rules/fleet/work_ledger.hpp"

namespace sluice {

/// One simulator: plays plans, keeps nothing.
simulator_actor spawn_simulator(caf::actor_system& system);

/// `count` >= 1 of them, restarted when they fail; work lost in a failure is given to another once.
/// Workers come and go; what one does not answer in time is given to another as well, and a sample
/// of what they answer is compared with our own. Results depend neither on `count` nor on workers.
/// A `count` of 0 is taken as 1. Times of `terms` are in milliseconds.
simulator_pool_actor
spawn_simulators(caf::actor_system& system, uint32_t count, ledger_terms terms = {});

} // namespace sluice
