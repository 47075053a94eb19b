/// How a miner of sports predicts, as its user states it.
#pragma once

#include "rules/result.hpp"
#include "rules/sports/prediction_model.hpp"

#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace sluice {

/// A model, or a command of the user's: its program and arguments. One of both is there.
struct sports_strategy {
  std::unique_ptr<prediction_model> model;
  std::vector<std::string> command;
};

/// "odds", "elo", "poisson" or "exec:PROGRAM ARGUMENT ...": at most 64 words, divided by blanks;
/// nothing is expanded. ec::bad_input with what there is.
result<sports_strategy> parse_sports_strategy(std::string_view text);

} // namespace sluice
