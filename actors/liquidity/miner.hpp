/// An in-process miner: a strategy with a mailbox.
#pragma once

#include "messages/miner.hpp"
#include "rules/liquidity/strategy.hpp"

namespace sluice {

miner_actor spawn_miner(caf::actor_system& system, strategy what);

} // namespace sluice
