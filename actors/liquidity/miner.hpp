/// An in-process miner: a strategy with a mailbox.
#pragma once

#include "actors/roster.hpp"
#include "messages/miner.hpp"
#include "rules/config/node_config.hpp"
#include "rules/liquidity/strategy.hpp"

#include <vector>

namespace sluice {

/// Answers questions of the liquidity mechanism; of any other, with an error.
miner_actor spawn_miner(caf::actor_system& system, strategy what);

/// The configured miners as the roster takes them. Throws std::runtime_error when a strategy cannot
/// be parsed.
std::vector<local_miner> local_miners(const std::vector<local_miner_config>& miners);

} // namespace sluice
