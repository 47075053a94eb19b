/// A game as a feed states it, and as it is stored.
#pragma once

#include "rules/fields.hpp"
#include "rules/sports/nano.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace sluice::sports_limits {

/// All are the highest that is allowed; names with bytes are in bytes, the others count. What is
/// beyond is refused by whoever reads it.
inline constexpr size_t external_id_bytes_max = 64;
inline constexpr size_t team_bytes_max = 128;
inline constexpr size_t sport_bytes_max = 64; // also of a league
inline constexpr size_t prediction_id_bytes_max = 64;
inline constexpr size_t model_name_bytes_max = 128;
inline constexpr size_t batch_max = 256;   // predictions in one call
inline constexpr size_t listed_max = 1000; // games or predictions in one list

} // namespace sluice::sports_limits

namespace sluice {

/// How a game ended, and what a prediction may choose (but `undecided`). Numbers are stored and
/// travel; those of the original.
enum class game_outcome : uint8_t { team_a = 0, team_b, draw, undecided };
inline constexpr std::array<std::string_view, 4> game_outcome_names{"team_a", "team_b", "draw",
                                                                    "undecided"};
constexpr bool known(game_outcome x) {
  return static_cast<size_t>(x) < game_outcome_names.size();
}
constexpr std::string_view name_of(game_outcome x) {
  return game_outcome_names[static_cast<size_t>(x)];
}
/// Of the feed's word: TeamAWin, TeamBWin, Draw; every other word is `undecided`.
game_outcome outcome_of_word(std::string_view word);

/// One record of a feed. Times are microseconds since 1970-01-01 UTC. Odds are decimal odds.
struct game_update {
  int64_t at_us = 0; // when the feed gave it
  std::string external_id;
  std::string team_a;
  std::string team_b;
  std::string sport;
  std::string league;
  int64_t start_us = 0;
  nano team_a_odds = 0;
  nano team_b_odds = 0;
  std::optional<nano> tie_odds; // only of a game that can end in a draw
  bool can_tie = false;
  game_outcome outcome = game_outcome::undecided;
  SLUICE_FIELDS(at_us, external_id, team_a, team_b, sport, league, start_us, team_a_odds,
                team_b_odds, tie_odds, can_tie, outcome)
  bool operator==(const game_update&) const = default;
};

/// What became of the predictions on a game. Numbers are stored.
enum class game_state : uint8_t {
  open = 0, // not decided; it may have started
  decided,
  void_, // undecided for too long after its start: wagers were given back
};
inline constexpr std::array<std::string_view, 3> game_state_names{"open", "decided", "void"};
constexpr bool known(game_state x) {
  return static_cast<size_t>(x) < game_state_names.size();
}
constexpr std::string_view name_of(game_state x) {
  return game_state_names[static_cast<size_t>(x)];
}

/// Key on the disk: `external_id`.
struct sports_game {
  std::string external_id;
  std::string team_a;
  std::string team_b;
  std::string sport;
  std::string league;
  int64_t start_us = 0;
  nano team_a_odds = 0; // the last the feed gave: closing odds once it has started
  nano team_b_odds = 0;
  std::optional<nano> tie_odds;
  bool can_tie = false;
  game_outcome outcome = game_outcome::undecided; // the first that was taken; never changes
  game_state state = game_state::open;
  int64_t created_us = 0; // first seen
  int64_t updated_us = 0; // last record of the feed
  int64_t ended_us = 0;   // decided or void; 0: open
  SLUICE_FIELDS(external_id, team_a, team_b, sport, league, start_us, team_a_odds, team_b_odds,
                tie_odds, can_tie, outcome, state, created_us, updated_us, ended_us)
  bool operator==(const sports_game&) const = default;
};

/// Of the outcome; none: `undecided`, or a draw without tie odds.
std::optional<nano> odds_of(const sports_game& x, game_outcome outcome);

} // namespace sluice
