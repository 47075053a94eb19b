/// Recomputes what the sports mechanism stored from its stored inputs, by a second way of
/// calculating.
#pragma once

#include "rules/audit_finding.hpp"
#include "rules/result.hpp"
#include "rules/sports/config.hpp"
#include "rules/sports/game.hpp"
#include "rules/sports/prediction.hpp"
#include "storage/data_dir.hpp"
#include "storage/sports/records.hpp"

#include <map>
#include <string>
#include <vector>

namespace sluice::storage {

/// Everything that is stored, read once.
struct sports_rows {
  sports_settings rules;
  std::map<std::string, sports_game> games;
  std::vector<stored_prediction> predictions; // by number
  std::map<std::string, prediction_place> places;
  std::map<miner_day, daily_score> daily;
  std::map<hotkey, sports_tier_row> tiers;
  std::vector<tier_move> moves; // by day, hotkey
  std::map<hotkey, forgotten_predictions> forgotten;
  std::vector<sports_scoring> scorings; // the newest two, oldest first
  std::vector<weights_attempt> attempts;
};

/// Faults: what the disk reports.
result<sports_rows> read_sports_rows(const data_dir& disk);

/// Each answers one finding: what was looked at, how many numbers were compared, and the first
/// difference. No error.
audit_finding audit_sports_ids(const sports_rows& x);
audit_finding audit_sports_settlement(const sports_rows& x);
audit_finding audit_sports_entropy(const sports_rows& x);
audit_finding audit_sports_days(const sports_rows& x);
audit_finding audit_sports_tiers(const sports_rows& x);
audit_finding audit_sports_standings(const sports_rows& x);
audit_finding audit_sports_weights(const sports_rows& x);
audit_finding audit_sports_attempts(const sports_rows& x);

/// All of them, in this order: ids and checksums of predictions; states and payouts; entropy at
/// acceptance (of pools with at most 20000 predictions); daily parts, as of the newest scoring;
/// tiers against the moves to them; lifetime figures and weights of the newest scoring; attempts to
/// set weights. Faults: what the disk reports.
result<std::vector<audit_finding>> audit_sports(const data_dir& disk);

} // namespace sluice::storage
