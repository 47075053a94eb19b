/// What a node is configured with that runs the leads mechanism: its rules, its routes, its world.
#pragma once

#include "rules/config/node_config.hpp"
#include "rules/fields.hpp"
#include "rules/leads/config.hpp"
#include "rules/leads/name.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace sluice {

/// An invented buyer and invented miners: every step is played and has a moment of its own.
struct leads_world {
  uint64_t seed = 1;                // of the buyer's requests, any number
  uint64_t start_s = 1'767'225'600; // moment of step 0: seconds since 1970-01-01 UTC, to 4 * 10^9
  SLUICE_FIELDS(seed, start_s)
  bool operator==(const leads_world&) const = default;
};

struct leads_node_settings {
  leads_settings rules;
  std::vector<std::string> open_routes{"/api/leads"}; // paths whose unsigned calls are taken
  std::optional<leads_world> world;                   // none: the node's clock
  SLUICE_FIELDS(rules, open_routes, world)
  bool operator==(const leads_node_settings&) const = default;
};

/// Of a configuration; null when it has no [leads].
inline const leads_node_settings* find_leads(const node_config& config) {
  const auto at = config.mechanisms.find(std::string{leads_name});
  return at == config.mechanisms.end() ? nullptr : at->second.find<leads_node_settings>();
}

/// The moment of a step in a world: microseconds since 1970-01-01 UTC. `step`: from 0; `step_s`:
/// seconds of the chain that one step takes. No error below 2^63 microseconds (not checked).
constexpr int64_t moment_us(const leads_world& world, uint64_t step, uint64_t step_s) {
  return static_cast<int64_t>((world.start_s + step * step_s) * 1'000'000);
}

} // namespace sluice
