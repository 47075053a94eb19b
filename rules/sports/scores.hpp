/// What scoring computes: daily parts per miner, tiers, weights.
#pragma once

#include "rules/fields.hpp"
#include "rules/ids.hpp"

#include <array>
#include <cstdint>
#include <map>
#include <string>
#include <vector>

namespace sluice {

/// Days are days since 1970-01-01 UTC. No unit but where stated.
struct daily_score {
  uint64_t predictions = 0; // won and lost, of games that started on that day
  double clv = 0;           // mean of predicted odds / closing odds
  double roi = 0;           // mean of (payout - wager) / wager
  double risk = 0;          // -10 or more
  double entropy = 0;
  double composite = 0;
  SLUICE_FIELDS(predictions, clv, roi, risk, entropy, composite)
  bool operator==(const daily_score&) const = default;
};

/// A miner changed its tier on a day (its first tier included).
struct tier_move {
  int64_t day = 0;
  miner_uid uid;
  hotkey key;
  uint8_t from = 0; // 0: none
  uint8_t to = 0;   // 0 to 5
  SLUICE_FIELDS(day, uid, key, from, to)
  bool operator==(const tier_move&) const = default;
};

/// Where one miner stands. Money in nano (virtual dollars * 1e9).
struct sports_standing {
  miner_uid uid;
  hotkey key;
  uint8_t tier = 0;      // 0: invalid
  double tier_score = 0; // of its own tier; 0 in tier 0
  uint64_t predictions = 0;
  uint64_t wins = 0;
  uint64_t losses = 0;
  uint64_t voids = 0;
  uint64_t open = 0;
  int64_t lifetime_wager = 0;    // nano, over won and lost
  int64_t lifetime_earnings = 0; // nano
  double lifetime_roi = 0;
  double roi_15 = 0;
  double roi_30 = 0;
  double roi_45 = 0;
  double weight = 0; // 0 to 1
  SLUICE_FIELDS(uid, key, tier, tier_score, predictions, wins, losses, voids, open, lifetime_wager,
                lifetime_earnings, lifetime_roi, roi_15, roi_30, roi_45, weight)
  bool operator==(const sports_standing&) const = default;
};

/// One scoring. `now_us`: microseconds since 1970-01-01 UTC.
struct sports_scores {
  int64_t now_us = 0;
  std::vector<sports_standing> miners; // by uid
  SLUICE_FIELDS(now_us, miners)
  bool operator==(const sports_scores&) const = default;
};

} // namespace sluice
