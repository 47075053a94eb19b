/// The event manager of one actor system: bounded queues, one per topic, and who observes them.
#pragma once

#include "messages/events.hpp"

#include <caf/fwd.hpp>

#include <cstddef>
#include <cstdint>
#include <functional>

namespace sluice {

/// Not checked.
struct event_manager_config {
  std::function<uint64_t()> unix_ms; // milliseconds since 1970-01-01 UTC
  size_t queue_max = 1000;           // events of one topic that wait, from 1; a count
  size_t history = event_limits::history_max;
  /// A subscriber that has not answered after so many milliseconds, from 1, has failed with that
  /// event; the topic goes on.
  uint64_t patience_ms = 30'000;
  /// When its owner ends it (user_shutdown) it goes on for at most so many milliseconds, from 0, as
  /// long as there is something in a queue. Any other reason ends it at once.
  uint64_t stop_ms = 300;
};

/// Topics do not wait for each other. It never fails because of what a subscriber does.
event_manager_actor spawn_event_manager(caf::actor_system& system, event_manager_config config);

} // namespace sluice
