/// The book of games and predictions as a data folder has it.
#pragma once

#include "rules/result.hpp"
#include "rules/sports/book.hpp"
#include "rules/sports/tiers.hpp"
#include "storage/data_dir.hpp"
#include "storage/sports/records.hpp"

#include <cstdint>
#include <map>
#include <set>

namespace sluice {

struct stored_sports_book {
  sports_book book;
  std::map<hotkey, forgotten_predictions> forgotten;
  int64_t feed_us = 0; // last word of a feed, microseconds since 1970-01-01 UTC; 0: none
};

/// Games, then predictions in order of acceptance; pools, totals and entropy are those of then.
/// Faults: what the disk reports; ec::corrupt_data when rows do not fit each other.
result<stored_sports_book>
recall_sports_book(const storage::data_dir& disk, const sports_settings& rules);

/// Tiers as of the last run; who was no member in it has none. Faults: what the disk reports.
result<tier_state> recall_sports_tiers(const storage::data_dir& disk);

/// Hotkeys that the operator sent away. Faults: what the disk reports.
result<std::set<hotkey>> banned_hotkeys(const storage::data_dir& disk);

} // namespace sluice
