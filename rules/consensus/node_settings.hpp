/// What a node is configured with that runs the consensus mechanism: its rules, to whom it reports,
/// its world.
#pragma once

#include "rules/config/node_config.hpp"
#include "rules/consensus/config.hpp"
#include "rules/consensus/name.hpp"
#include "rules/consensus/report_settings.hpp"
#include "rules/fields.hpp"

#include <cstdint>
#include <optional>
#include <string>

namespace sluice {

/// Invented validators that report, and an invented client: every step is played and has a moment
/// of its own.
struct consensus_world {
  uint64_t seed = 1;                // of reports, tasks and keys, any number
  uint64_t start_s = 1'767'225'600; // moment of step 0: seconds since 1970-01-01 UTC, to 4 * 10^9
  uint64_t tasks = 4;               // that the client submits in a step, 0 to 1000
  SLUICE_FIELDS(seed, start_s, tasks)
  bool operator==(const consensus_world&) const = default;
};

struct consensus_node_settings {
  consensus_settings rules;
  report_settings reporting;
  bool unproved_reports = false;        // reports are taken with neither key nor signature
  bool share_reports = true;            // signed ones, with the nodes of the fleet
  uint64_t step_s = 900;                // between two steps of the real clock, 1 to 86400
  std::optional<consensus_world> world; // none: the node's clock
  SLUICE_FIELDS(rules, reporting, unproved_reports, share_reports, step_s, world)
  bool operator==(const consensus_node_settings&) const = default;
};

/// Of a configuration; null when it has no [consensus].
inline const consensus_node_settings* find_consensus(const node_config& config) {
  const auto at = config.mechanisms.find(std::string{consensus_name});
  return at == config.mechanisms.end() ? nullptr : at->second.find<consensus_node_settings>();
}

/// The moment of a step in a world: milliseconds since 1970-01-01 UTC. `step`: from 0; `step_s`:
/// seconds of the chain that one step takes. No error below 2^63 (not checked).
constexpr uint64_t
consensus_moment_ms(const consensus_world& world, uint64_t step, uint64_t step_s) {
  return (world.start_s + step * step_s) * 1000;
}

} // namespace sluice
