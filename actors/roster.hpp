/// Who is registered, alive, reachable, and by which way.
#pragma once

#include "messages/miner.hpp"
#include "rules/node_config.hpp"

#include <vector>

namespace sluice {

/// Owns the in-process miners; one that falls comes back, however often: a miner is never an error
/// of ours. `miners` must name strategies that parse.
roster_actor spawn_roster(caf::actor_system& system, std::vector<local_miner_config> miners);

} // namespace sluice
