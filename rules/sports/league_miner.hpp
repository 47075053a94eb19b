/// How the miners of an invented league play.
#pragma once

#include "rules/ids.hpp"
#include "rules/result.hpp"
#include "rules/sports/exchange.hpp"
#include "rules/sports/league.hpp"

#include <array>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace sluice {

/// Each decides once about every game, at its own distance from the start.
enum class league_miner_kind : uint8_t {
  sharp = 0,        // knows the truth nearly, a day ahead; wagers by its edge
  public_favourite, // the lowest odds, half a day ahead, always the same wager
  copier,           // what the sharp chose, one step after it, at the odds of then
  late_contrarian,  // the highest odds, in the last step before the start
  over_better,      // more than the day allows
  silent,           // never answers
  odds,             // a model of rules/sports/prediction_model.hpp, a day ahead
  elo,
  poisson,
};
inline constexpr std::array<std::string_view, 9> league_miner_names{
  "sharp", "public_favourite", "copier", "late_contrarian", "over_better", "silent", "odds",
  "elo",   "poisson"};
constexpr std::string_view name_of(league_miner_kind x) {
  return league_miner_names[static_cast<size_t>(x)];
}

/// "sharp:seed=7,step_s=21600": what it knows of the world (names and defaults of [sports.world]).
struct league_miner {
  league_miner_kind kind = league_miner_kind::sharp;
  sports_world world;
};

/// ec::bad_input with what was expected.
result<league_miner> parse_league_miner(std::string_view strategy);

/// What it predicts of these games at `now_us` (microseconds since 1970-01-01 UTC): the claims,
/// with ids that are the same whenever it is asked again. `daily_left`: nano. Models learn from
/// the results of the 60 days before.
std::vector<prediction_claim>
league_predictions(const league_miner& who, const hotkey& key, miner_uid uid, int64_t now_us,
                   std::span<const sports_game> games, nano daily_left);

/// A UUID (version 8, RFC 9562) that follows from the text.
std::string prediction_id_of(std::string_view text);

} // namespace sluice
