#include "storage/sports/tables.hpp"

#include "storage/checked_table.hpp"
#include "storage/sports/steps.hpp"

namespace sluice::storage {

schema_part sports_schema() {
  using namespace tables;
  schema_part part{names_of(sports_games, sports_predictions, sports_prediction_ids,
                            sports_forgotten_sums, sports_tiers_now, sports_tier_moves,
                            sports_daily, sports_scorings, sports_attempts, sports_stats,
                            sports_nonces, sports_numbers, sports_rules),
                   {}};
  const auto steps = sports_step_tables();
  part.tables.insert(part.tables.end(), steps.begin(), steps.end());
  return part;
}

uint64_t prediction_checksum(const stored_prediction& x) {
  if (x.state == prediction_state::stored && x.payout == 0 && x.settled_us == 0)
    return row_checksum({}, encode(x));
  auto open = x;
  open.state = prediction_state::stored;
  open.payout = 0;
  open.settled_us = 0;
  return row_checksum({}, encode(open));
}

std::string tables::sports_answer_key(prediction_code x) {
  return "answer_" + std::string{name_of(x)};
}

SLUICE_ROWS_CODED_HERE(sports_game)
SLUICE_ROWS_CODED_HERE(stored_prediction)
SLUICE_ROWS_CODED_HERE(prediction_place)
SLUICE_ROWS_CODED_HERE(forgotten_predictions)
SLUICE_ROWS_CODED_HERE(sports_tier_row)
SLUICE_ROWS_CODED_HERE(tier_move)
SLUICE_ROWS_CODED_HERE(daily_score)
SLUICE_ROWS_CODED_HERE(sports_scoring)
SLUICE_ROWS_CODED_HERE(weights_attempt)
SLUICE_ROWS_CODED_HERE(sports_settings)

} // namespace sluice::storage
