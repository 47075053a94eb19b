/// The events of a validator that takes sports predictions: their topics and what each carries.
///
/// Source: facts/mechanisms D3.7. `timestamp`: seconds since 1970-01-01 UTC with their fraction.
/// Money and odds are texts of decimals. Names of members are those of the original where it has
/// them. Nothing here is checked: events are made of values that were.
#pragma once

#include "rules/events/event.hpp"
#include "rules/fields.hpp"

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace sluice {

/// A prediction came; it is not judged yet.
struct prediction_received_event {
  std::string prediction_id;
  std::string hotkey;
  std::string way;
  double timestamp = 0;
  SLUICE_FIELDS(prediction_id, hotkey, way, timestamp)
  bool operator==(const prediction_received_event&) const = default;
};

/// It is stored.
struct prediction_accepted_event {
  std::string prediction_id;
  uint64_t number = 0; // of the stored row, from 1
  std::string game_id;
  std::string hotkey;
  uint16_t miner_uid = 0;
  uint8_t predicted_outcome = 0;
  std::string predicted_odds;
  std::string wager;
  double timestamp = 0;
  SLUICE_FIELDS(prediction_id, number, game_id, hotkey, miner_uid, predicted_outcome,
                predicted_odds, wager, timestamp)
  bool operator==(const prediction_accepted_event&) const = default;
};

/// It is not stored. An identical one that was stored before is an acceptance of then, and no event
/// of now.
struct prediction_rejected_event {
  std::string prediction_id;
  std::string hotkey;
  std::string code;
  std::string message;
  double timestamp = 0;
  SLUICE_FIELDS(prediction_id, hotkey, code, message, timestamp)
  bool operator==(const prediction_rejected_event&) const = default;
};

/// Its game was decided, or given up.
struct prediction_settled_event {
  std::string prediction_id;
  std::string game_id;
  std::string hotkey;
  uint16_t miner_uid = 0;
  std::string state; // won, lost, void
  std::string wager;
  std::string payout;
  double timestamp = 0;
  SLUICE_FIELDS(prediction_id, game_id, hotkey, miner_uid, state, wager, payout, timestamp)
  bool operator==(const prediction_settled_event&) const = default;
};

/// A game is new, or is not what it was.
struct game_updated_event {
  std::string external_id;
  bool added = false;
  std::string state;
  uint8_t outcome = 3;
  double timestamp = 0;
  SLUICE_FIELDS(external_id, added, state, outcome, timestamp)
  bool operator==(const game_updated_event&) const = default;
};

/// The games of one sport of which a feed gave something new.
struct games_updated_event {
  std::string sport;
  uint64_t count = 0;
  double timestamp = 0;
  SLUICE_FIELDS(sport, count, timestamp)
  bool operator==(const games_updated_event&) const = default;
};

/// One miner of a scoring.
struct scored_miner {
  uint16_t miner_uid = 0;
  std::string hotkey;
  uint8_t tier = 0;
  double score = 0;
  double weight = 0;
  SLUICE_FIELDS(miner_uid, hotkey, tier, score, weight)
  bool operator==(const scored_miner&) const = default;
};
struct scoring_complete_event {
  uint64_t number = 0; // of the scoring, from 1
  std::vector<scored_miner> scores;
  double timestamp = 0;
  SLUICE_FIELDS(number, scores, timestamp)
  bool operator==(const scoring_complete_event&) const = default;
};

/// The weights that were set: how many are above 0, and of all of these.
struct weight_stats {
  uint64_t count = 0;
  double lowest = 0;
  double highest = 0;
  double mean = 0;
  SLUICE_FIELDS(count, lowest, highest, mean)
  bool operator==(const weight_stats&) const = default;
};

/// An attempt to set weights has ended. `score_stats` of a success; `error` and `error_type` else.
struct weights_set_event {
  bool success = false;
  double timestamp = 0;
  std::optional<weight_stats> score_stats;
  std::optional<std::string> error;
  std::optional<std::string> error_type;
  SLUICE_FIELDS(success, timestamp, score_stats, error, error_type)
  bool operator==(const weights_set_event&) const = default;
};

/// The metagraph was read. `block`: of the chain.
struct metagraph_updated_event {
  double timestamp = 0;
  uint64_t num_hotkeys = 0;
  uint64_t block = 0;
  SLUICE_FIELDS(timestamp, num_hotkeys, block)
  bool operator==(const metagraph_updated_event&) const = default;
};

struct validator_started_event {
  double timestamp = 0;
  std::string hotkey;
  SLUICE_FIELDS(timestamp, hotkey)
  bool operator==(const validator_started_event&) const = default;
};

/// A miner opened its connection.
struct miner_connected_event {
  std::string hotkey;
  uint16_t miner_uid = 0;
  uint64_t connection = 0; // its number, from 1
  double timestamp = 0;
  SLUICE_FIELDS(hotkey, miner_uid, connection, timestamp)
  bool operator==(const miner_connected_event&) const = default;
};

struct miner_disconnected_event {
  std::string hotkey;
  uint16_t miner_uid = 0;
  uint64_t connection = 0;
  std::string reason;
  double timestamp = 0;
  SLUICE_FIELDS(hotkey, miner_uid, connection, reason, timestamp)
  bool operator==(const miner_disconnected_event&) const = default;
};

/// `update_type`: "reconnected" (a newer connection of the same hotkey), "tier" (it rose or was
/// demoted), "registered", "deregistered".
struct miner_updated_event {
  std::string hotkey;
  uint16_t miner_uid = 0;
  std::string update_type;
  std::string detail; // of a tier: "1 -> 2"
  double timestamp = 0;
  SLUICE_FIELDS(hotkey, miner_uid, update_type, detail, timestamp)
  bool operator==(const miner_updated_event&) const = default;
};

/// Seconds of microseconds. No error.
constexpr double event_time(int64_t us) {
  return static_cast<double>(us) / 1e6;
}

} // namespace sluice

namespace sluice::sports_topics {

inline constexpr event_topic<prediction_received_event> prediction_received{"prediction_received"};
inline constexpr event_topic<prediction_accepted_event> prediction_accepted{"prediction_accepted"};
inline constexpr event_topic<prediction_rejected_event> prediction_rejected{"prediction_rejected"};
inline constexpr event_topic<prediction_settled_event> prediction_settled{"prediction_settled"};
inline constexpr event_topic<game_updated_event> game_updated{"game_updated"};
inline constexpr event_topic<games_updated_event> games_updated{"games_updated"};
inline constexpr event_topic<scoring_complete_event> scoring_complete{"scoring_complete"};
inline constexpr event_topic<weights_set_event> weights_set{"weights_set"};
inline constexpr event_topic<metagraph_updated_event> metagraph_updated{"metagraph_updated"};
inline constexpr event_topic<validator_started_event> validator_started{"validator_started"};
inline constexpr event_topic<miner_connected_event> miner_connected{"miner_connected"};
inline constexpr event_topic<miner_disconnected_event> miner_disconnected{"miner_disconnected"};
inline constexpr event_topic<miner_updated_event> miner_updated{"miner_updated"};

/// The names of all of them.
inline constexpr std::array<std::string_view, 13> names{
  prediction_received.name, prediction_accepted.name, prediction_rejected.name,
  prediction_settled.name,  game_updated.name,        games_updated.name,
  scoring_complete.name,    weights_set.name,         metagraph_updated.name,
  validator_started.name,   miner_connected.name,     miner_disconnected.name,
  miner_updated.name};

} // namespace sluice::sports_topics
