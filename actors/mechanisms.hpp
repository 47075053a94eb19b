/// Asks all mechanisms: for a step, and for their sheets.
#pragma once

#include "messages/keeper.hpp"
#include "messages/mechanism.hpp"

#include <chrono>
#include <map>
#include <string>

namespace sluice {

struct mechanisms_config {
  std::chrono::milliseconds sheet_timeout{10'000};
};

struct mechanisms_links {
  keeper_actor keeper;
  std::map<std::string, mechanism_actor> all; // by name; owned by the node
};

/// Sheets: one that stays silent or fails is left out with its reason, never waited for beyond the
/// timeout; answers when the sheets are durable. Steps: all at the same time, and everybody is
/// waited for; an error of one is the error of the step.
mechanisms_actor
spawn_mechanisms(caf::actor_system& system, mechanisms_config config, mechanisms_links links);

} // namespace sluice
