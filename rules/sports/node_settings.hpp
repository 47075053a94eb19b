/// What a node is configured with that runs the sports mechanism: its rules, its feed, how it
/// serves miners, its world.
#pragma once

#include "rules/config/node_config.hpp"
#include "rules/fields.hpp"
#include "rules/sports/config.hpp"
#include "rules/sports/name.hpp"

#include <cstdint>
#include <optional>
#include <string>

namespace sluice {

/// An invented league: every step is played and has a moment of its own.
struct sports_world {
  uint64_t seed = 1;                // of teams, games, odds and picks, any number
  uint64_t start_s = 1'767'225'600; // moment of step 0: seconds since 1970-01-01 UTC, to 4 * 10^9
  uint64_t step_s = 21'600;         // of one step, 60 to 86400
  uint64_t teams = 12;              // 2 to 100
  uint64_t games_per_day = 8;       // 1 to 200
  double margin = 0.05;             // of the bookmaker, 0 to 0.5
  SLUICE_FIELDS(seed, start_s, step_s, teams, games_per_day, margin)
  bool operator==(const sports_world&) const = default;
};

struct sports_node_settings {
  sports_settings rules;
  sports_transport transport;
  game_feed_settings feed;
  uint64_t step_s = 60;              // between two steps of the real clock, 1 to 86400
  std::optional<sports_world> world; // none: the node's clock
  SLUICE_FIELDS(rules, transport, feed, step_s, world)
  bool operator==(const sports_node_settings&) const = default;
};

/// Of a configuration; null when it has no [sports].
inline const sports_node_settings* find_sports(const node_config& config) {
  const auto at = config.mechanisms.find(std::string{sports_name});
  return at == config.mechanisms.end() ? nullptr : at->second.find<sports_node_settings>();
}

/// The moment of a step in a world: microseconds since 1970-01-01 UTC. `step`: from 0. No error
/// below 2^63 microseconds (not checked).
constexpr int64_t sports_moment_us(const sports_world& world, uint64_t step) {
  return static_cast<int64_t>((world.start_s + step * world.step_s) * 1'000'000);
}

} // namespace sluice
