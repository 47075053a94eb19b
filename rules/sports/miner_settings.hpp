/// What a miner of the sports mechanism on a machine of its own is run with.
#pragma once

#include "rules/fields.hpp"
#include "rules/sports/nano.hpp"

#include <cstdint>

namespace sluice {

/// Names end in their unit: s seconds. Ranges are checked where they are read. Source of the
/// defaults: facts/mechanisms D3b.
struct sports_miner_settings {
  uint64_t heartbeat_s = 30;       // between two heartbeats of a WebSocket, 1 to 3600
  uint64_t connect_timeout_s = 5;  // until a connection stands, 1 to 600
  uint64_t stats_s = 300;          // between two rows of statistics, 1 to 86400
  uint64_t predictions_s = 3600;   // between two looks for games to predict, 1 to 86400
  uint64_t games_s = 3600;         // between two readings of all games, 1 to 86400
  nano wager_min = nano_one / 100; // of a prediction; smaller ones are not made; above 0
  SLUICE_FIELDS(heartbeat_s, connect_timeout_s, stats_s, predictions_s, games_s, wager_min)
  bool operator==(const sports_miner_settings&) const = default;
};

} // namespace sluice
