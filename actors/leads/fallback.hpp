/// Asks miners that poll over HTTP instead of being connected, and waits for their answers.
#pragma once

#include "messages/leads.hpp"

#include <cstdint>
#include <functional>

namespace sluice {

/// `polls`: from 0, every `poll_s` seconds (1 to 60). Not checked.
struct fallback_config {
  hotkey own; // of this node: whose requests these are
  uint64_t polls = 40;
  uint64_t poll_s = 5;
  std::function<uint64_t()> unix_ms; // milliseconds since 1970-01-01 UTC
};

/// Its queue is durable; a question that is open when it ends is not: whoever asked asks again.
lead_fallback_actor
spawn_lead_fallback(caf::actor_system& system, fallback_config config, leads_queues_actor queues);

} // namespace sluice
