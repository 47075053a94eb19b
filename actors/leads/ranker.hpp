/// Runs an operator's ranking program, in a thread of its own: it may take its time.
#pragma once

#include "messages/leads.hpp"
#include "tools/bounded_command.hpp"

#include <string>
#include <vector>

namespace sluice {

struct ranker_config {
  std::vector<std::string> command; // program and arguments
  tools::command_bounds bounds;
  bool own_thread = true; // false in tests, whose scheduler has one thread
};

lead_ranker_actor spawn_lead_ranker(caf::actor_system& system, ranker_config config);

} // namespace sluice
