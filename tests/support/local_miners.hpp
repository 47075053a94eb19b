/// Starts miners in this process as the node does.
#pragma once

#include "actors/mechanism_module.hpp"
#include "actors/roster.hpp"

namespace sluice::test {

inline miner_actor spawn_strategy(caf::actor_system& sys, const std::string& strategy) {
  return all_mechanisms().front()->spawn_local_miner(sys, strategy);
}

} // namespace sluice::test
