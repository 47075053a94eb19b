/// What a miner behind a gateway has predicted, so that it decides about each game once.
#pragma once

#include "rules/sports/exchange.hpp"
#include "rules/sports/prediction_model.hpp"

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace sluice {

/// Counts of one run. `made` = `confirmed` + `refused` + `pending` + `expired`.
struct gateway_pick_counts {
  uint64_t made = 0;
  uint64_t confirmed = 0;
  uint64_t refused = 0;
  uint64_t pending = 0; // without a last word
  uint64_t expired = 0; // its game began before one came
  SLUICE_FIELDS(made, confirmed, refused, pending, expired)
  bool operator==(const gateway_pick_counts&) const = default;
};

/// Of one hotkey. What it says about a game is the same until the validator has answered it, and
/// its id follows from hotkey and game: a miner that was started again does not predict it twice.
class gateway_picks {
public:
  explicit gateway_picks(hotkey key) : key_(std::move(key)) {}

  /// Games of a question that can be predicted and were not, in its order. Forgets games that have
  /// begun.
  std::vector<sports_game> undecided(const sports_question& question);

  /// What is left of the day when what has no answer counts as well, nano; the largest number where
  /// the question states no limit.
  nano left_for_new(const sports_question& question) const;

  /// Remembers picks of `games`; sets their ids.
  void decide(const std::vector<sports_game>& games, std::vector<game_pick> picks, miner_uid uid,
              int64_t now_us);

  /// What is said to a question: everything about its games that has no last word, by start of the
  /// game, then id.
  std::vector<prediction_claim> claims_for(const sports_question& question) const;

  /// Takes an answer: false when it is about nothing of this run, or was known before.
  bool take(const prediction_answer& answer);

  const gateway_pick_counts& counts() const { return counts_; }

private:
  struct row {
    prediction_claim claim;
    int64_t start_us = 0;
    nano wager = 0;
    bool answered = false;
    size_t tries = 1;
  };
  void forget(int64_t now_us);

  hotkey key_;
  std::map<std::string, row> rows_;          // by game
  std::map<std::string, std::string> games_; // by id of the prediction
  std::map<std::string, size_t> tries_;      // of games that are decided about again
  gateway_pick_counts counts_;
};

} // namespace sluice
