/// A miner that came over the fleet: the same far side as through the door, on another way.
#pragma once

#include "actors/fleet/fleet.hpp"
#include "messages/miner.hpp"

namespace sluice {

/// Tells the roster of its miner once it may be spoken to, when its hotkey is registered and not
/// banned; says goodbye otherwise. Ends with its peer.
fleet_entry_actor
spawn_miner_entry(caf::actor_system& system, fleet_guest guest, roster_actor roster);

} // namespace sluice
