/// How a command of the user's is asked for predictions: games in, picks out, as JSON lines.
#pragma once

#include "rules/result.hpp"
#include "rules/sports/prediction_model.hpp"

#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace sluice {

/// One line per game, as a row of the feed (rules/sports/feed_row.hpp).
std::string command_input(std::span<const sports_game> games);

/// Reads the answer: one object per line, {"externalId", "outcome", "wager"[, "confidence"]}; the
/// outcome is 0, 1, 2, "tie" or the name of a team; lines for the same game after the first, and
/// wagers beyond `daily_left` (nano) are faults. A game without a line is not predicted.
/// ec::bad_input: "line N: field: expected ..., got ...".
result<std::vector<game_pick>>
picks_of_command(std::string_view output, std::span<const sports_game> games, nano daily_left);

} // namespace sluice
