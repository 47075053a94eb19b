#include "rules/sports/game.hpp"

namespace sluice {

game_outcome outcome_of_word(std::string_view word) {
  if (word == "TeamAWin")
    return game_outcome::team_a;
  if (word == "TeamBWin")
    return game_outcome::team_b;
  if (word == "Draw")
    return game_outcome::draw;
  return game_outcome::undecided;
}

std::optional<nano> odds_of(const sports_game& x, game_outcome outcome) {
  switch (outcome) {
  case game_outcome::team_a:
    return x.team_a_odds;
  case game_outcome::team_b:
    return x.team_b_odds;
  case game_outcome::draw:
    return x.tie_odds;
  case game_outcome::undecided:
    break;
  }
  return std::nullopt;
}

} // namespace sluice
