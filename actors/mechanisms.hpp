/// Owns the mechanisms and asks them all for their sheets.
#pragma once

#include "messages/keeper.hpp"
#include "messages/mechanism.hpp"

#include <chrono>
#include <functional>
#include <map>
#include <string>
#include <vector>

namespace sluice {

/// One row of the catalogue: a name and how to bring it to life.
struct mechanism_entry {
  std::string name;
  std::function<mechanism_actor(caf::actor_system&)> spawn;
};

struct mechanisms_config {
  std::chrono::milliseconds sheet_timeout{10'000};
};

struct mechanisms_links {
  keeper_actor keeper;
  std::map<std::string, mechanism_actor> guests; // asked like the others, owned by somebody else
};

/// One that stays silent or falls is left out with its reason, never waited for beyond the timeout.
/// Answers when the sheets are durable.
mechanisms_actor spawn_mechanisms(caf::actor_system& system, mechanisms_config config,
                                  mechanisms_links links, std::vector<mechanism_entry> catalogue);

} // namespace sluice
