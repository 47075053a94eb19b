/// The sports mechanism's tables on one page: key, value, who writes it, how it is ordered.
#pragma once

#include "rules/sports/config.hpp"
#include "rules/sports/game.hpp"
#include "rules/sports/prediction.hpp"
#include "storage/coded_rows.hpp"
#include "storage/schema.hpp"
#include "storage/sports/records.hpp"
#include "storage/table.hpp"

namespace sluice::storage {

/// These tables. There is no older version of them.
schema_part sports_schema();

/// FNV-1a (64 bits) of the row as it is stored while its game is not decided: a settlement does not
/// change it. No error.
uint64_t prediction_checksum(const stored_prediction& x);

} // namespace sluice::storage

namespace sluice::storage::tables {

/// Games, as the feed last stated them.
///   key    : external_id
///   value  : sports_game
///   writer : sports intake
///   order  : by id
/// Ended ones are erased after `keep_days`, when no prediction on them is left. Errors: as for
/// every table.
inline constexpr table<std::string, sports_game> sports_games{node_store, "sports_games"};

/// Predictions that were accepted.
///   key    : number, from 1, in order of acceptance
///   value  : stored_prediction
///   writer : sports intake, before the miner is answered
///   order  : as they were accepted
/// Settled ones are erased after `keep_days`. Errors: as for every table.
inline constexpr table<uint64_t, stored_prediction> sports_predictions{node_store,
                                                                       "sports_predictions"};

/// Where the prediction with an id stands.
///   key    : prediction_id
///   value  : prediction_place
///   writer : sports intake, in the batch of the prediction
///   order  : by id
inline constexpr table<std::string, prediction_place> sports_prediction_ids{
  node_store, "sports_prediction_ids"};

/// What predictions amount to that were erased.
///   key    : hotkey
///   value  : forgotten_predictions
///   writer : sports intake, in the batch that erases them
///   order  : by hotkey
inline constexpr table<hotkey, forgotten_predictions> sports_forgotten_sums{node_store,
                                                                            "sports_forgotten"};

/// Who has which tier, after the last run.
///   key    : hotkey
///   value  : sports_tier_row
///   writer : sports scoring
///   order  : by hotkey
inline constexpr table<hotkey, sports_tier_row> sports_tiers_now{node_store, "sports_tiers"};

/// Who changed its tier when.
///   key    : miner_day {day, hotkey}
///   value  : tier_move
///   writer : sports scoring, in the batch of the tiers
///   order  : oldest first
/// One per miner and day: a day has one run, in which a miner may be demoted and rise again; the
/// row is from the tier before the run to that after it.
inline constexpr table<miner_day, tier_move> sports_tier_moves{node_store, "sports_tier_moves"};

/// Daily parts.
///   key    : miner_day {day, hotkey}
///   value  : daily_score
///   writer : sports scoring
///   order  : oldest first
/// Days without a decided prediction have no row. Those older than `keep_days` are erased.
inline constexpr table<miner_day, daily_score> sports_daily{node_store, "sports_daily"};

/// Scorings.
///   key    : number, from 1
///   value  : sports_scoring
///   writer : sports scoring
///   order  : oldest first
/// The last sports_scorings_kept are kept.
inline constexpr table<uint64_t, sports_scoring> sports_scorings{node_store, "sports_scorings"};
inline constexpr uint64_t sports_scorings_kept = 2000;

/// Attempts to set weights.
///   key    : number, from 1
///   value  : weights_attempt
///   writer : sports scoring (when it begins, then how it ended)
///   order  : oldest first
/// The last sports_attempts_kept are kept.
inline constexpr table<uint64_t, weights_attempt> sports_attempts{node_store, "sports_attempts"};
inline constexpr uint64_t sports_attempts_kept = 20'000;

/// What services stated about themselves: one line of JSON.
///   key    : service_moment {service, time_us}
///   value  : text
///   writer : sports
///   order  : by service, oldest first
/// Those older than sports_stats_kept_us are erased.
inline constexpr table<service_moment, std::string> sports_stats{node_store, "sports_stats"};
inline constexpr int64_t sports_stats_kept_us = 7 * 86'400 * int64_t{1'000'000};

/// Nonces that a signed message may not use again.
///   key    : used_nonce {key, nonce}
///   value  : the moment that its message states, microseconds since 1970-01-01 UTC
///   writer : sports intake, before the message is answered
///   order  : by hotkey
/// Erased when the message would be refused for its age (sports_transport::freshness_s).
inline constexpr table<used_nonce, int64_t> sports_nonces{node_store, "sports_nonces"};

/// The rules by which rows are written from now on: with them they are recomputed.
///   key    : "now"
///   value  : sports_settings
///   writer : sports intake, when it begins
///   order  : one row
inline constexpr table<std::string, sports_settings> sports_rules{node_store, "sports_rules"};
inline const std::string sports_rules_key = "now";

/// Counts: "received", "confirmed_again" (duplicates that were identical), and "answer_CODE" for
/// each answer by the name of its code. Moments (microseconds since 1970-01-01 UTC): "feed" (its
/// last word), "settled". "tier_day": the day of the last run of the tiers. A missing row is 0.
///   key    : name
///   value  : int64
///   writer : whoever writes what is counted, in the same batch
///   order  : by name
inline constexpr table<std::string, int64_t> sports_numbers{node_store, "sports_numbers"};
inline const std::string sports_received_key = "received";
inline const std::string sports_confirmed_again_key = "confirmed_again";
inline const std::string sports_feed_key = "feed";
inline const std::string sports_settled_key = "settled";
inline const std::string sports_tier_day_key = "tier_day"; // of the last run, days since 1970
inline const std::string sports_last_prediction_key = "last_prediction"; // the highest number
/// "answer_" and the code's name.
std::string sports_answer_key(prediction_code x);

} // namespace sluice::storage::tables

namespace sluice::storage {

SLUICE_ROWS_CODED_ELSEWHERE(sports_game)
SLUICE_ROWS_CODED_ELSEWHERE(stored_prediction)
SLUICE_ROWS_CODED_ELSEWHERE(prediction_place)
SLUICE_ROWS_CODED_ELSEWHERE(forgotten_predictions)
SLUICE_ROWS_CODED_ELSEWHERE(sports_tier_row)
SLUICE_ROWS_CODED_ELSEWHERE(tier_move)
SLUICE_ROWS_CODED_ELSEWHERE(daily_score)
SLUICE_ROWS_CODED_ELSEWHERE(sports_scoring)
SLUICE_ROWS_CODED_ELSEWHERE(weights_attempt)
SLUICE_ROWS_CODED_ELSEWHERE(sports_settings)

} // namespace sluice::storage
