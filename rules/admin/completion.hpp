/// What may follow what was typed: what it can be completed with, and what is still missing.
#pragma once

#include "rules/admin/catalogue.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace sluice::admin {

/// What the token at the end of a line can become.
struct completion {
  size_t from = 0;                     // byte of the line, from 0, at which that token begins
  std::string begun;                   // what there is of it, without quotes
  std::vector<std::string> candidates; // that begin so: commands, choices
  /// What else it may be (`text`: nothing).
  argument_kind kind = argument_kind::text;
  std::vector<live_names> live; // who knows which there are
};

/// Of the line up to the cursor. With several commands the last one counts.
completion complete(const catalogue& commands, std::string_view line);

/// The longest text that all candidates begin with, in whole characters of UTF-8; "" of none.
std::string common_start(const std::vector<std::string>& candidates);

/// What is still to be typed, or what the whole command does: "ROUND MINER" after "explain ", the
/// help line after a complete command, "" when there is nothing to show.
std::string hint(const catalogue& commands, std::string_view line);

} // namespace sluice::admin
