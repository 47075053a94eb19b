/// What every actor of the house does the same way: fall loudly, ignore strangers, drop nothing
/// silently.
#pragma once

#include "messages/errors.hpp"

#include <caf/scheduled_actor.hpp>

namespace sluice {

/// Call first in every behaviour: an exception ends the actor with its text as the reason, errors
/// that come back for one-way messages and messages nobody handles are ignored.
void mind_manners(caf::scheduled_actor* self);

} // namespace sluice
