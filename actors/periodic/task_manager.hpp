/// The task manager of one actor system: asks owners to run their periodic tasks.
#pragma once

#include "messages/events.hpp"
#include "messages/tasks.hpp"

#include <caf/fwd.hpp>

#include <cstdint>
#include <functional>

namespace sluice {

/// Time passes by the clock of the actor system. Not checked.
struct task_manager_config {
  std::function<uint64_t()> unix_ms; // milliseconds since 1970-01-01 UTC, for what is shown
  std::function<uint64_t()> chance;  // any number, another one each time, for the jitter
};

/// `events`: gets task_started, task_completed and task_failed; null: nobody does. It never fails
/// because of what an owner does.
task_manager_actor spawn_task_manager(caf::actor_system& system, task_manager_config config,
                                      event_manager_actor events);

} // namespace sluice
