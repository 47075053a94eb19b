/// From a miner's decision to the row that is stored and sent.
#pragma once

#include "rules/sports/exchange.hpp"
#include "rules/sports/game.hpp"

#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <vector>

namespace sluice {

/// Did anything change that matters to a miner? `known`: as it is; empty: not known yet.
bool is_news(const sports_game& known, const sports_game& game);

/// Games that can be predicted at `now_us` (microseconds since 1970-01-01 UTC) and were not; by
/// start, then id; at most offered_games_max.
std::vector<sports_game> games_to_predict(const std::map<std::string, sports_game>& games,
                                          const std::set<std::string>& predicted, int64_t now_us);

/// The object of a pick that is sent, canonical JSON.
std::string
data_of_pick(const sports_pick& pick, const sports_game& game, miner_uid uid, int64_t now_us);

/// A random UUID (version 4, RFC 9562) of two random numbers.
std::string random_prediction_id(uint64_t a, uint64_t b);

} // namespace sluice
