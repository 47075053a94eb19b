/// What the sports mechanism is configured with.
#pragma once

#include "rules/fields.hpp"
#include "rules/sports/nano.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>

namespace sluice {

inline constexpr size_t sports_tiers = 5;

/// One tier; public numbers are 1 (entry) to 5. Source: facts/mechanisms D3.4 and D3b.
struct tier_terms {
  uint64_t window_days = 3;    // of its score, 1 to 45
  nano wagered_min = 0;        // in the window, of accepted wagers that are not void; from 0
  double capacity_share = 1.0; // of the slots, 0 to 1
  bool roi_rule = false;       // mean of the non-zero daily ROI of roi_days >= 0, once there are
                               // roi_days_min
  SLUICE_FIELDS(window_days, wagered_min, capacity_share, roi_rule)
  bool operator==(const tier_terms&) const = default;
};

/// Parts of the daily composite; no unit, 0 to 1 each.
struct composite_terms {
  double clv = 0.3;
  double roi = 0.3;
  double risk = 0.3;
  double entropy = 0.1;
  SLUICE_FIELDS(clv, roi, risk, entropy)
  bool operator==(const composite_terms&) const = default;
};

/// The rules. Names end in their unit: s seconds, days of 86400 s. Ranges are checked where a
/// configuration is read. Source of the defaults: facts/mechanisms D3, D3b.
struct sports_settings {
  uint64_t slots = 256;                 // the capacity base, 1 to 1024 (max_targets)
  nano daily_limit = 1000 * nano_one;   // of accepted wagers per miner and UTC day; above 0
  nano wager_min = 0;                   // exclusive
  nano odds_tolerance = nano_one / 100; // inclusive
  uint64_t odds_stale_s = 3600;         // without word of the feed: no prediction; 0: never
  uint64_t void_after_s = 86'400;       // undecided after the start, 1 to 2592000
  uint64_t roi_days = 15;               // of the ROI rule, 1 to 45
  uint64_t roi_days_min = 5;            // 1 to roi_days
  uint64_t keep_days = 50;              // predictions and games, 46 to 3650
  double rank_exponent = 12;            // of the weights, 0 to 50
  double tier_step = 0.15;              // added per populated tier below, 0 to 10
  double blacklist_alpha = 0.9;         // times the weight of a blacklisted miner, 0 to 1
  double change_threshold = 0.05;       // total variation that publishes at once, 0 to 1
  uint64_t scoring_s = 3600;            // between two scorings, 1 to 86400
  uint64_t weights_s = 7200;            // between two publishes at the latest, 1 to 604800
  uint64_t scoring_blocks = 60;         // scored again after more blocks than this
  uint64_t weights_blocks = 300;        // published again after more blocks than this
  uint64_t retry_blocks = 50;           // after a failure: after more blocks than this

  composite_terms composite;
  std::array<tier_terms, sports_tiers> tiers{
    tier_terms{3, 0, 1.0, false}, tier_terms{7, 4000 * nano_one, 0.2, false},
    tier_terms{15, 10'000 * nano_one, 0.2, true}, tier_terms{30, 20'000 * nano_one, 0.1, true},
    tier_terms{45, 35'000 * nano_one, 0.05, true}};
  SLUICE_FIELDS(slots, daily_limit, wager_min, odds_tolerance, odds_stale_s, void_after_s, roi_days,
                roi_days_min, keep_days, rank_exponent, tier_step, blacklist_alpha,
                change_threshold, scoring_s, weights_s, scoring_blocks, weights_blocks,
                retry_blocks, composite, tiers)
  bool operator==(const sports_settings&) const = default;
};

/// What serves miners (facts/mechanisms D3.10). Names end in their unit: s seconds.
struct sports_transport {
  bool websocket = true;               // serve /ws
  bool http_fallback = true;           // serve /predictions, /games, /confirmations
  uint64_t websocket_heartbeat_s = 60; // 1 to 3600
  uint64_t websocket_timeout_s = 300;  // silence that closes, 2 to 86400
  uint64_t freshness_s = 300;          // of timestamps, either way; inclusive; 1 to 3600
  uint64_t queue_max = 1000;           // frames waiting for one client, 1 to 100000
  std::string key_file; // of the validator's hotkey, which signs; "": a fresh key at every start
  SLUICE_FIELDS(websocket, http_fallback, websocket_heartbeat_s, websocket_timeout_s, freshness_s,
                queue_max, key_file)
  bool operator==(const sports_transport&) const = default;
};

/// Where games come from over HTTP (facts/mechanisms D1).
struct game_feed_settings {
  std::string url;              // "": no feed; games come by `sluice sports import` or a world
  std::string key_file;         // holds the bearer key; "": none
  std::string ca_file;          // PEM; "": the system's
  uint64_t interval_s = 600;    // between two reads, 1 to 86400
  uint64_t page_items = 100;    // 1 to 1000
  uint64_t lookback_days = 15;  // 1 to 365
  uint64_t timeout_ms = 30'000; // of one page, 1 to 600000
  uint64_t retries = 3;         // of one page, 0 to 10
  SLUICE_FIELDS(url, key_file, ca_file, interval_s, page_items, lookback_days, timeout_ms, retries)
  bool operator==(const game_feed_settings&) const = default;
};

} // namespace sluice
