/// Games as JSON lines, so that several programs can share the work and one judges all.
#pragma once

#include "rules/result.hpp"
#include "tests/game/one_game.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace sluice::game {

/// One line, without its end.
std::string line_of(const game_end& end);

/// ec::bad_input when it is no such line.
result<game_end> parse_line(std::string_view text);

/// Every line of a file; none when there is no such file. ec::bad_input names the line.
result<std::vector<game_end>> read_lines(const std::string& path);

} // namespace sluice::game
