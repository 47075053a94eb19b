/// An invented league: teams with true strengths, a bookmaker whose odds approach them, and
/// results. Everything follows from the seed: the same world gives the same games, in any order and
/// however often they are asked for.
#pragma once

#include "rules/sports/game.hpp"
#include "rules/sports/node_settings.hpp"
#include "rules/sports/prediction_model.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace sluice {

/// Games are announced so long before they start, and decided so long after it.
inline constexpr int64_t league_announced_us = 48 * 3'600'000'000LL;
inline constexpr int64_t league_played_us = 2 * 3'600'000'000LL;

/// One game of the league. Times: microseconds since 1970-01-01 UTC.
struct league_game {
  uint64_t number = 0; // from 0, in order of the start
  std::string external_id;
  std::string team_a;
  std::string team_b;
  bool can_tie = false; // soccer; else football
  int64_t start_us = 0;
  outcome_chances truth;                          // what the result is drawn from
  outcome_chances opening;                        // what the bookmaker takes for the truth at first
  game_outcome outcome = game_outcome::undecided; // how it ends
  bool never_decided = false;                     // the feed forgets it: about one of 200
};

/// Of this number.
league_game league_game_at(const sports_world& world, uint64_t number);

/// The numbers of the games that are announced or wait for their result at a moment: first and one
/// behind the last.
struct league_range {
  uint64_t first = 0;
  uint64_t last = 0;
};
league_range league_games_at(const sports_world& world, int64_t now_us);

/// What the bookmaker takes for the truth at a moment: the opening when it is announced, close to
/// the truth at the start.
outcome_chances league_line(const league_game& x, int64_t now_us);

/// Decimal odds of a line, with the margin; whole hundredths, at least 1.01. `margin`: 0 to 0.5.
nano league_odds(double chance, double margin);

/// The record of the feed about a game at a moment.
game_update league_update(const sports_world& world, const league_game& x, int64_t now_us);

/// The records of all games of `league_games_at`, by number.
std::vector<game_update> league_updates(const sports_world& world, int64_t now_us);

} // namespace sluice
