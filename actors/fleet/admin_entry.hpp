/// An operator or observer on another machine: its lines go to the admin, under its certificate's
/// name.
#pragma once

#include "actors/fleet/fleet.hpp"
#include "messages/admin.hpp"
#include "rules/admin/catalogue.hpp"

namespace sluice {

/// An observer may only give those of `commands` that read. Ends with its peer.
fleet_entry_actor spawn_admin_entry(caf::actor_system& system, fleet_session session,
                                    admin_actor admin, admin::catalogue commands);

} // namespace sluice
