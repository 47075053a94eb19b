/// The events of a miner of sports: their topics and what each carries. Source: facts/mechanisms
/// D3.7. `timestamp`: seconds since 1970-01-01 UTC with their fraction.
#pragma once

#include "rules/events/event.hpp"
#include "rules/fields.hpp"

#include <cstdint>
#include <string>
#include <vector>

namespace sluice {

/// Games came, and some of them were new or had changed.
struct miner_games_event {
  std::string sport;
  uint64_t count = 0;
  double timestamp = 0;
  SLUICE_FIELDS(sport, count, timestamp)
  bool operator==(const miner_games_event&) const = default;
};

/// One game changed its state: "open", "decided", "void".
struct game_state_changed_event {
  std::string game_id;
  std::string before; // "" when it is new
  std::string now;
  double timestamp = 0;
  SLUICE_FIELDS(game_id, before, now, timestamp)
  bool operator==(const game_state_changed_event&) const = default;
};

struct predictions_generated_event {
  uint64_t count = 0;
  std::vector<std::string> sports;
  std::string model;
  double timestamp = 0;
  SLUICE_FIELDS(count, sports, model, timestamp)
  bool operator==(const predictions_generated_event&) const = default;
};

/// Predictions went out to a validator.
struct prediction_submitted_event {
  std::string validator;
  uint64_t count = 0;
  std::string way;
  double timestamp = 0;
  SLUICE_FIELDS(validator, count, way, timestamp)
  bool operator==(const prediction_submitted_event&) const = default;
};

/// The first final answer of a validator to a prediction.
struct prediction_confirmation_event {
  std::string validator;
  std::string prediction_id;
  std::string code;
  bool confirmed = false;
  std::string message;
  double timestamp = 0;
  SLUICE_FIELDS(validator, prediction_id, code, confirmed, message, timestamp)
  bool operator==(const prediction_confirmation_event&) const = default;
};

struct validator_connected_event {
  std::string validator;
  std::string address; // SS58, of who signed the welcome
  double timestamp = 0;
  SLUICE_FIELDS(validator, address, timestamp)
  bool operator==(const validator_connected_event&) const = default;
};

struct validator_disconnected_event {
  std::string validator;
  std::string why;
  double timestamp = 0;
  SLUICE_FIELDS(validator, why, timestamp)
  bool operator==(const validator_disconnected_event&) const = default;
};

/// The figures were written.
struct stats_updated_event {
  uint64_t bytes = 0;
  double timestamp = 0;
  SLUICE_FIELDS(bytes, timestamp)
  bool operator==(const stats_updated_event&) const = default;
};

namespace miner_topics {

inline constexpr event_topic<miner_games_event> games_updated{"games_updated"};
inline constexpr event_topic<game_state_changed_event> game_state_changed{"game_state_changed"};
inline constexpr event_topic<predictions_generated_event> predictions_generated{
  "predictions_generated"};
inline constexpr event_topic<prediction_submitted_event> prediction_submitted{
  "prediction_submitted"};
inline constexpr event_topic<prediction_confirmation_event> prediction_confirmation{
  "prediction_confirmation"};
inline constexpr event_topic<validator_connected_event> validator_connected{"validator_connected"};
inline constexpr event_topic<validator_disconnected_event> validator_disconnected{
  "validator_disconnected"};
inline constexpr event_topic<stats_updated_event> stats_updated{"stats_updated"};

} // namespace miner_topics

} // namespace sluice
