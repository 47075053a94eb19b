/// What the actors of the sports mechanism begin with, out of a data folder.
#pragma once

#include "rules/result.hpp"
#include "rules/sports/book.hpp"
#include "rules/sports/config.hpp"
#include "rules/sports/nonce_book.hpp"
#include "rules/sports/prediction.hpp"
#include "rules/sports/tier_weights.hpp"
#include "rules/sports/tiers.hpp"
#include "storage/data_dir.hpp"
#include "storage/sports/records.hpp"

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace sluice::storage {

/// The book that the stored games and predictions make, with its pools and daily sums. Its memory
/// is that of the rows. Faults: corrupt_data for rows that cannot stand together; what the disk
/// reports.
result<sports_book> recall_book(const data_dir& disk, const sports_settings& rules);

/// Tiers as they are after the last run. Faults: what the disk reports.
result<tier_state> recall_tiers(const data_dir& disk);

/// Nonces of messages that state a moment from `since_us` on (microseconds since 1970-01-01 UTC).
/// Faults: what the disk reports.
result<std::vector<sports_nonce>> recall_nonces(const data_dir& disk, int64_t since_us);

/// What predictions came to that were erased, per hotkey: for score_sports. Faults: what the disk
/// reports.
result<std::map<hotkey, lifetime_before>> recall_lifetimes(const data_dir& disk);

/// The rules by which the last rows were written; the defaults where none are stored. Faults: what
/// the disk reports.
result<sports_settings> recall_rules(const data_dir& disk);

/// The newest scoring; none: there was none. Faults: what the disk reports.
result<std::optional<sports_scoring>> last_scoring(const data_dir& disk);

/// The newest attempts to set weights, newest first, at most `max`. Faults: what the disk reports.
result<std::vector<weights_attempt>> last_attempts(const data_dir& disk, size_t max);

/// The newest attempt that succeeded; none: there was none. Faults: what the disk reports.
result<std::optional<weights_attempt>> last_success(const data_dir& disk);

/// What each service stated last, by its name: one line of JSON with its moment. Faults: what the
/// disk reports.
result<std::map<std::string, std::pair<int64_t, std::string>>> last_stats(const data_dir& disk);

/// The newest predictions of a hotkey, newest first, at most `max`; all rows are looked at until
/// then. Faults: what the disk reports.
result<std::vector<stored_prediction>>
last_predictions_of(const data_dir& disk, const hotkey& key, size_t max);

} // namespace sluice::storage
