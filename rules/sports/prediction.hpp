/// A prediction: as a miner claims it, as it is answered, as it is stored.
#pragma once

#include "rules/fields.hpp"
#include "rules/ids.hpp"
#include "rules/sports/game.hpp"
#include "rules/sports/nano.hpp"

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

namespace sluice {

/// Which sort of JSON value a field had. Numbers travel.
enum class claim_kind : uint8_t { missing = 0, null, boolean, number, text, other };
constexpr bool known(claim_kind x) {
  return x <= claim_kind::other;
}

/// A field as it came, before anything is believed of it.
struct claim_value {
  claim_kind kind = claim_kind::missing;
  std::string text; // number: its digits as sent; text: decoded; boolean: "true", "false"; else ""
  SLUICE_FIELDS(kind, text)
  bool operator==(const claim_value&) const = default;
};

/// The object of a prediction, with unknown fields left out. Source: facts/mechanisms D2.
struct prediction_claim {
  claim_value prediction_id;
  claim_value game_id;
  claim_value miner_uid;
  claim_value prediction_date; // the miner's clock: for people only
  claim_value predicted_outcome;
  claim_value predicted_odds;
  claim_value team_a;
  claim_value team_b;
  claim_value wager;
  claim_value team_a_odds;
  claim_value team_b_odds;
  claim_value tie_odds;
  claim_value model_name;
  claim_value confidence_score;
  SLUICE_FIELDS(prediction_id, game_id, miner_uid, prediction_date, predicted_outcome,
                predicted_odds, team_a, team_b, wager, team_a_odds, team_b_odds, tie_odds,
                model_name, confidence_score)
  bool operator==(const prediction_claim&) const = default;
};

/// By which way a prediction came. Numbers are stored.
enum class prediction_way : uint8_t { gateway = 0, websocket, http, file, world };
inline constexpr std::array<std::string_view, 5> prediction_way_names{"gateway", "websocket",
                                                                      "http", "file", "world"};
constexpr bool known(prediction_way x) {
  return static_cast<size_t>(x) < prediction_way_names.size();
}
constexpr std::string_view name_of(prediction_way x) {
  return prediction_way_names[static_cast<size_t>(x)];
}

/// `key`: whoever signed. `received_us`: the server's clock, microseconds since 1970-01-01 UTC.
struct prediction_arrival {
  int64_t received_us = 0;
  hotkey key;
  prediction_way way = prediction_way::gateway;
  prediction_claim claim;
  SLUICE_FIELDS(received_us, key, way, claim)
  bool operator==(const prediction_arrival&) const = default;
};

/// Why a prediction is not taken: the first check that fails, in this order
/// (mechanisms-large/README, sports 2). Numbers are stored and travel.
enum class prediction_code : uint8_t {
  accepted = 0,
  unknown_hotkey,
  uid_mismatch,
  missing_data,
  duplicate_prediction, // identical to the stored one: confirmed all the same (`same`)
  invalid_wager,
  daily_limit_exceeded,
  game_not_found,
  game_started,
  stale_odds, // the feed has been silent for too long
  team_mismatch,
  odds_mismatch,
  invalid_outcome,
  missing_odds,
  invalid_odds,
  invalid_confidence,
  storage_error, // nothing was stored; send it again
  other_errors,
};
inline constexpr std::array<std::string_view, 18> prediction_code_names{"accepted",
                                                                        "unknown_hotkey",
                                                                        "uid_mismatch",
                                                                        "missing_data",
                                                                        "duplicate_prediction",
                                                                        "invalid_wager",
                                                                        "daily_limit_exceeded",
                                                                        "game_not_found",
                                                                        "game_started",
                                                                        "stale_odds",
                                                                        "team_mismatch",
                                                                        "odds_mismatch",
                                                                        "invalid_outcome",
                                                                        "missing_odds",
                                                                        "invalid_odds",
                                                                        "invalid_confidence",
                                                                        "storage_error",
                                                                        "other_errors"};
constexpr bool known(prediction_code x) {
  return static_cast<size_t>(x) < prediction_code_names.size();
}
constexpr std::string_view name_of(prediction_code x) {
  return prediction_code_names[static_cast<size_t>(x)];
}

/// The one answer to one prediction.
struct prediction_answer {
  std::string prediction_id; // "" when the claim had none
  prediction_code code = prediction_code::other_errors;
  bool same = false;                              // a duplicate that is identical to the stored one
  std::string message;                            // a sentence
  game_outcome outcome = game_outcome::undecided; // that was chosen; undecided when not accepted
  SLUICE_FIELDS(prediction_id, code, same, message, outcome)
  bool operator==(const prediction_answer&) const = default;

  /// Is the prediction stored, now or before?
  constexpr bool confirmed() const { return code == prediction_code::accepted || same; }
};

/// Where a stored prediction stands. Numbers are stored.
enum class prediction_state : uint8_t {
  stored = 0, // its game is not decided
  won,
  lost,
  void_, // its game was not decided in time: the wager is given back
};
inline constexpr std::array<std::string_view, 4> prediction_state_names{"stored", "won", "lost",
                                                                        "void"};
constexpr bool known(prediction_state x) {
  return static_cast<size_t>(x) < prediction_state_names.size();
}
constexpr std::string_view name_of(prediction_state x) {
  return prediction_state_names[static_cast<size_t>(x)];
}

/// Key on the disk: its number, from 1, in order of acceptance. Times are microseconds since
/// 1970-01-01 UTC.
struct stored_prediction {
  uint64_t number = 0;
  std::string prediction_id;
  std::string game_id; // external_id
  hotkey key;
  miner_uid uid; // when it was accepted
  int64_t received_us = 0;
  prediction_way way = prediction_way::gateway;
  game_outcome outcome = game_outcome::team_a; // that was chosen
  nano odds = 0;                               // of it, as predicted
  nano wager = 0;                              // above 0
  nano team_a_odds = 0;                        // as claimed
  nano team_b_odds = 0;
  std::optional<nano> tie_odds;
  std::string model_name;         // "": none
  std::optional<nano> confidence; // 0 to 1
  double entropy = 0;             // contribution at acceptance, -10 to 10
  double raw_entropy = 0;         // before it was scaled within its pool
  prediction_state state = prediction_state::stored;
  nano payout = 0;        // won: wager * odds; void: wager; else 0
  int64_t settled_us = 0; // 0: not yet
  SLUICE_FIELDS(number, prediction_id, game_id, key, uid, received_us, way, outcome, odds, wager,
                team_a_odds, team_b_odds, tie_odds, model_name, confidence, entropy, raw_entropy,
                state, payout, settled_us)
  bool operator==(const stored_prediction&) const = default;
};

} // namespace sluice
