/// Plays one game: a whole node with all its actors, in stepped time, and what it leaves.
#pragma once

#include "rules/liquidity/scoreboard.hpp"
#include "rules/result.hpp"
#include "tests/game/game_setup.hpp"

#include <functional>
#include <map>
#include <string>
#include <vector>

namespace sluice::game {

/// One player at the end. `weights`: its part of all weights, 0 to 1, by policy and evidence
/// ("proportional/2"); `shares`: the same if nothing were burned; `scores`: what the weights are
/// made from, by evidence ("2"), whether its record counts or not. Counts are of its record
/// (rules/liquidity/scoreboard.hpp).
struct player_end {
  std::string name;
  uint16_t uid = 0;
  uint64_t evaluations = 0;
  uint64_t live_rounds = 0;
  uint64_t refusals = 0;
  uint64_t failures = 0;
  uint64_t invalid = 0;
  bool eligible = false;
  double live_score = 0;
  std::map<std::string, double> evaluation; // the average of evaluation rounds, by ""
  std::map<std::string, double> scores;
  std::map<std::string, double> weights;
  std::map<std::string, double> shares;
  SLUICE_FIELDS(name, uid, evaluations, live_rounds, refusals, failures, invalid, eligible,
                live_score, evaluation, scores, weights, shares)
};

/// One game at its end. `burned`: the part of all weights that no miner got, as `weights`.
/// `seconds`: of the processor, for this game.
struct game_end {
  game_setup setup;
  double seconds = 0;
  std::map<std::string, double> burned;
  std::vector<player_end> players;
  SLUICE_FIELDS(setup, seconds, burned, players)
};

/// How a game is played. `progress` gets the number of rounds that are over, from 1.
struct game_options {
  std::vector<std::string> players; // empty: all
  std::vector<double> evidence{0};  // for which weights are computed
  bool audit = false;               // everything that is stored, at the end
  std::function<void(uint64_t)> progress{};
};

/// Plays it in a folder of its own, which is gone afterwards. Faults: what is wrong with the
/// configuration, why the node ended, or what the audit found.
result<game_end> play(const game_setup& setup, const game_options& options);

} // namespace sluice::game
