/// A miner that came over the fleet: the same far side as by WebSocket, over another transport.
#pragma once

#include "actors/fleet/fleet.hpp"
#include "messages/miner.hpp"
#include "rules/miner/codec.hpp"

namespace sluice {

/// Reports its miner to the roster once questions may be sent to it, when its hotkey is registered
/// and not banned; sends bye otherwise. Speaks the newest protocol that both know. Ends with its
/// peer.
fleet_entry_actor
spawn_miner_entry(caf::actor_system& system, fleet_session session, roster_actor roster,
                  std::shared_ptr<const miner_mechanisms> mechanisms);

} // namespace sluice
