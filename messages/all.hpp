/// Registers every conversation with an actor system.
#pragma once

#include <caf/fwd.hpp>

namespace sluice {

/// Call once per configuration, before the actor system is made.
void add_all_messages(caf::actor_system_config& config);

} // namespace sluice
