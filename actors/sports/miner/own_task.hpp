/// How an actor of the miner hands in its periodic task.
#pragma once

#include "messages/tasks.hpp"

#include <caf/duration.hpp>

#include <string>
#include <utility>

namespace sluice {

/// Without a task manager (a null handle) there is none. A refusal is a mistake of this program:
/// the actor ends with it.
template <class Handle, class Self>
void add_own_task(Self* self, const task_manager_actor& tasks, std::string name,
                  const periodic_terms& terms) {
  if (!tasks)
    return;
  self
    ->request(tasks, caf::infinite,
              add_task{std::move(name), terms,
                       task_owner_actor{Handle{static_cast<typename Handle::pointer>(self)}}})
    .then([](uint64_t) {}, [self](const caf::error& why) { self->quit(why); });
}

} // namespace sluice
