/// Daily parts, wagers and lifetime figures of every miner, out of the book.
#pragma once

#include "rules/ids.hpp"
#include "rules/sports/book.hpp"
#include "rules/sports/config.hpp"
#include "rules/sports/scores.hpp"

#include <cstdint>
#include <map>
#include <optional>

namespace sluice {

/// What the book has of one miner. Days are days since 1970-01-01 UTC; money in nano.
struct sports_record {
  std::map<int64_t, daily_score> daily; // of days on which games that it predicted started and were
                                        // decided
  std::map<int64_t, int64_t> wagered;   // by day of receipt: accepted, not void
  uint64_t predictions = 0;
  uint64_t wins = 0;
  uint64_t losses = 0;
  uint64_t voids = 0;
  uint64_t open = 0;
  int64_t wager = 0;    // over won and lost
  int64_t earnings = 0; // of these
};

using sports_records = std::map<hotkey, sports_record>;

/// Of everybody who has a prediction in the book. Its cost is linear in the predictions. Source:
/// facts/mechanisms D3.3 and mechanisms-large/README, sports 4 and 5.
sports_records sports_records_of(const sports_book& book);

/// The day of the first accepted prediction that is in the book; none: there is none.
std::optional<int64_t> first_sports_day(const sports_book& book);

/// Sum over `window` days up to `day` / window. `window`: from 1.
double tier_score_of(const std::map<int64_t, daily_score>& daily, int64_t day, uint64_t window);

/// Mean of the daily ROI that is not 0 over `window` days up to `day`, and of how many days; 0 and
/// 0 when there is none.
struct window_roi {
  double mean = 0;
  uint64_t days = 0;
};
window_roi window_roi_of(const std::map<int64_t, daily_score>& daily, int64_t day, uint64_t window);

/// Sum of the wagers over `window` days up to `day`, nano.
int64_t wagered_in(const std::map<int64_t, int64_t>& wagered, int64_t day, uint64_t window);

} // namespace sluice
