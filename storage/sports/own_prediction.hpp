/// The row of a prediction that a miner makes.
#pragma once

#include "rules/sports/miner_pick.hpp"
#include "storage/sports/miner_records.hpp"

namespace sluice {

/// `number`: from 1; `now_us`: microseconds since 1970-01-01 UTC.
inline miner_prediction own_prediction(uint64_t number, const sports_pick& pick,
                                       const sports_game& game, miner_uid uid, int64_t now_us) {
  miner_prediction made;
  made.number = number;
  made.prediction_id = pick.prediction_id;
  made.game_id = game.external_id;
  made.sport = game.sport;
  made.created_us = now_us;
  made.start_us = game.start_us;
  made.outcome = pick.outcome;
  made.odds = odds_of(game, pick.outcome).value_or(0);
  made.wager = pick.wager;
  made.model_name = pick.model_name;
  made.confidence = pick.confidence;
  made.data = data_of_pick(pick, game, uid, now_us);
  return made;
}

} // namespace sluice
