/// What every actor of this program does the same way: fail with a log line, ignore strangers, drop
/// nothing silently.
#pragma once

#include "actors/observed/observed.hpp"
#include "messages/errors.hpp"

#include <caf/scheduled_actor.hpp>

#include <functional>
#include <string>
#include <utility>

namespace sluice {

/// Call first in every behaviour: an exception ends the actor with its text as the reason, errors
/// that come back for one-way messages and messages nobody handles are ignored.
void install_default_handlers(caf::scheduled_actor* self);

/// The same, and what nobody handles is counted and an operator's questions are answered: how the
/// actor sees itself, and a child of its to be restarted.
void install_default_handlers(caf::scheduled_actor* self, observed_parts& own);

/// `describe` is the actor's own view of its state and configuration, as JSON.
template <class... Signatures>
void install_default_handlers(observed_actor<Signatures...>* self,
                              std::function<std::string()> describe = {}) {
  self->observed().describe = std::move(describe);
  install_default_handlers(self, self->observed());
}

} // namespace sluice
