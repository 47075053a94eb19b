/// A miner that came over the fleet: the same far side as by WebSocket, over another transport.
#pragma once

#include "actors/fleet/fleet.hpp"
#include "messages/miner.hpp"
#include "rules/miner/codec.hpp"

namespace sluice {

/// Tells the roster of its miner once it may be spoken to, when its hotkey is registered and not
/// banned; says goodbye otherwise. Speaks the newest protocol that both know. Ends with its peer.
fleet_entry_actor
spawn_miner_entry(caf::actor_system& system, fleet_guest guest, roster_actor roster,
                  std::shared_ptr<const miner_mechanisms> mechanisms);

} // namespace sluice
