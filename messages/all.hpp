/// Registers the node's own messages with an actor system; mechanisms register theirs.
#pragma once

#include <caf/fwd.hpp>

namespace sluice {

/// Call once per configuration, before the actor system is made.
void add_all_messages(caf::actor_system_config& config);

} // namespace sluice
