/// What a miner of the sports mechanism remembers, one plain struct per kind of row.
#pragma once

#include "rules/fields.hpp"
#include "rules/sports/game.hpp"
#include "rules/sports/nano.hpp"
#include "rules/sports/prediction.hpp"

#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace sluice {

/// A prediction of this miner's. Times are microseconds since 1970-01-01 UTC.
struct miner_prediction {
  uint64_t number = 0; // from 1, in the order in which they were made
  std::string prediction_id;
  std::string game_id; // external_id
  std::string sport;
  int64_t created_us = 0;
  int64_t start_us = 0;                        // of the game, as known then
  game_outcome outcome = game_outcome::team_a; // that was chosen
  nano odds = 0;                               // of it
  nano wager = 0;
  std::string model_name;
  std::optional<nano> confidence; // 0 to 1
  std::string data; // the JSON object that is sent, always the same; at most 4096 bytes
  SLUICE_FIELDS(number, prediction_id, game_id, sport, created_us, start_us, outcome, odds, wager,
                model_name, confidence, data)
  bool operator==(const miner_prediction&) const = default;
};

/// One prediction, one validator.
struct miner_delivery_key {
  uint64_t number = 0;   // of the prediction
  std::string validator; // its address, as the miner was given it
  SLUICE_FIELDS(number, validator)
  friend auto operator<=>(const miner_delivery_key&, const miner_delivery_key&) = default;
};

/// How far a prediction has come with one validator. Times are microseconds since 1970-01-01 UTC.
struct miner_delivery {
  std::string validator;
  uint64_t sent = 0;                              // how often
  int64_t last_sent_us = 0;                       // 0: never
  prediction_way way = prediction_way::websocket; // by which it was sent last
  bool answered = false;
  prediction_code code = prediction_code::other_errors; // of the answer
  bool same = false;                                    // a duplicate, identical to the stored one
  std::string message;                                  // of the answer
  int64_t answered_us = 0;                              // 0: not yet
  std::string pending;                                  // why it is not answered; "": it is
  SLUICE_FIELDS(validator, sent, last_sent_us, way, answered, code, same, message, answered_us,
                pending)
  bool operator==(const miner_delivery&) const = default;

  /// Does the validator have it?
  constexpr bool confirmed() const {
    return answered && (code == prediction_code::accepted || same);
  }
};

/// A game whose end is known: what models learn from.
struct miner_result_key {
  std::string sport;
  int64_t start_us = 0;
  std::string external_id;
  SLUICE_FIELDS(sport, start_us, external_id)
  friend auto operator<=>(const miner_result_key&, const miner_result_key&) = default;
};

/// A figure at a moment. `time_us`: microseconds since 1970-01-01 UTC.
struct miner_statistic_key {
  std::string name;
  int64_t time_us = 0;
  SLUICE_FIELDS(name, time_us)
  friend auto operator<=>(const miner_statistic_key&, const miner_statistic_key&) = default;
};

/// Everything that a miner reads when it starts.
struct miner_memory {
  std::vector<sports_game> games;                                        // by external_id
  std::vector<miner_prediction> predictions;                             // by number
  std::vector<std::pair<miner_delivery_key, miner_delivery>> deliveries; // by number, validator
};

} // namespace sluice
