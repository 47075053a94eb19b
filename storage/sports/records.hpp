/// What the sports mechanism remembers besides games and predictions, one plain struct per kind of
/// row.
#pragma once

#include "rules/fields.hpp"
#include "rules/ids.hpp"
#include "rules/sports/scores.hpp"

#include <array>
#include <compare>
#include <cstddef>
#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace sluice {

/// Where the prediction with an id stands, and what its row was when it was accepted.
struct prediction_place {
  uint64_t number = 0;
  uint64_t checksum = 0; // prediction_checksum (tables.hpp) of the row, as if it were not settled
  SLUICE_FIELDS(number, checksum)
  bool operator==(const prediction_place&) const = default;
};

/// A day of one miner. `day`: days since 1970-01-01 UTC.
struct miner_day {
  int64_t day = 0;
  hotkey key;
  SLUICE_FIELDS(day, key)
  friend auto operator<=>(const miner_day&, const miner_day&) = default;
};

/// Which tier a hotkey has, after the run of `day` (days since 1970-01-01 UTC).
struct sports_tier_row {
  uint8_t tier = 0; // 0: invalid, to 5
  int64_t day = 0;
  SLUICE_FIELDS(tier, day)
  bool operator==(const sports_tier_row&) const = default;
};

/// What became of predictions whose rows are not kept any more. Counts; money in nano (virtual
/// dollars * 1e9).
struct forgotten_predictions {
  uint64_t wins = 0;
  uint64_t losses = 0;
  uint64_t voids = 0;
  int64_t wager = 0;  // over won and lost
  int64_t payout = 0; // over won and lost
  SLUICE_FIELDS(wins, losses, voids, wager, payout)
  bool operator==(const forgotten_predictions&) const = default;
};

/// One scoring with who stood where.
struct sports_scoring {
  uint64_t number = 0; // from 1
  sports_scores scores;
  uint64_t moves = 0;                     // of tiers, since the scoring before
  uint64_t settled = 0;                   // predictions, since the scoring before
  uint64_t games_left = 0;                // open ones
  std::map<hotkey, double> blacklisted{}; // who was, with the weight that alpha was applied to
  SLUICE_FIELDS(number, scores, moves, settled, games_left, blacklisted)
  bool operator==(const sports_scoring&) const = default;
};

/// How an attempt to set weights ended. Numbers are stored.
enum class weights_end : uint8_t { open = 0, succeeded, failed, skipped };
inline constexpr std::array<std::string_view, 4> weights_end_names{"open", "succeeded", "failed",
                                                                   "skipped"};
constexpr bool known(weights_end x) {
  return static_cast<size_t>(x) < weights_end_names.size();
}
constexpr std::string_view name_of(weights_end x) {
  return weights_end_names[static_cast<size_t>(x)];
}

/// One attempt to set weights. Times: microseconds since 1970-01-01 UTC.
struct weights_attempt {
  uint64_t number = 0; // from 1
  int64_t time_us = 0; // when it began
  uint64_t epoch = 0;  // of the chain; 0: it has not come to that
  std::string reason;  // what asked for it: "timer", "change 0.0712", "retry", "operator"
  weights_end end = weights_end::open;
  int64_t ended_us = 0;               // 0: open
  std::string error;                  // why it failed or was skipped, a sentence; "": it did not
  std::string error_type;             // the chain's name of the error, or a word of ours
  std::string tx;                     // hash of the extrinsic; "": it has not come to that
  uint64_t scoring = 0;               // number of the scoring whose weights these are; 0: none
  double change = 0;                  // total variation to the last that succeeded, 0 to 1
  std::map<miner_uid, double> vector; // sum 1, or empty
  SLUICE_FIELDS(number, time_us, epoch, reason, end, ended_us, error, error_type, tx, scoring,
                change, vector)
  bool operator==(const weights_attempt&) const = default;

  constexpr bool success() const { return end == weights_end::succeeded; }
};

/// What a service stated about itself. `time_us`: microseconds since 1970-01-01 UTC.
struct service_moment {
  std::string service; // "predictions", "scoring", "weights", "communication", ...
  int64_t time_us = 0;
  SLUICE_FIELDS(service, time_us)
  friend auto operator<=>(const service_moment&, const service_moment&) = default;
};

/// A nonce that a hotkey has used.
struct used_nonce {
  hotkey key;
  std::string nonce; // rules/sports/envelope.hpp bounds it
  SLUICE_FIELDS(key, nonce)
  friend auto operator<=>(const used_nonce&, const used_nonce&) = default;
};

/// A step that was played: stored, and answered again from the disk. Counts from 0.
struct sports_step {
  int64_t time_us = 0;                       // its moment, microseconds since 1970-01-01 UTC
  uint64_t games = 0;                        // taken from the feed or the world
  uint64_t predictions = 0;                  // received
  uint64_t accepted = 0;                     // of these
  std::map<std::string, uint64_t> refused{}; // the others, by name of the code
  uint64_t confirmed_again = 0;              // duplicates that were identical
  uint64_t won = 0;                          // settled
  uint64_t lost = 0;
  uint64_t voided = 0;
  uint64_t moves = 0;   // of tiers
  uint64_t scoring = 0; // number of the scoring that was made; 0: none
  uint64_t attempt = 0; // to set weights, that is open from here on; 0: none
  std::string reason;   // of the attempt
  SLUICE_FIELDS(time_us, games, predictions, accepted, refused, confirmed_again, won, lost, voided,
                moves, scoring, attempt, reason)
  bool operator==(const sports_step&) const = default;
};

} // namespace sluice
