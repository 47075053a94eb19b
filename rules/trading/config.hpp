/// What the trading mechanism is configured with. Defaults: facts/mechanisms, section A.
#pragma once

#include "rules/fields.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace sluice {

/// Which of the two amounts of a row of taoapp is TAO.
enum class tao_mapping : uint8_t {
  in_is_tao = 0, // amount_in is TAO and amount_out alpha, for both actions
  by_direction,  // so for stakes, the other way round for unstakes
};

constexpr bool known(tao_mapping x) {
  return x == tao_mapping::in_is_tao || x == tao_mapping::by_direction;
}

enum class trading_feed_kind : uint8_t {
  file = 0, // JSON lines: own form or rows of either provider, recognised line by line
  taostats, // the indexer taostats
  taoapp,   // the indexer tao.app
  world,    // the seeded world of `sluice node --dev`
};

constexpr bool known(trading_feed_kind x) {
  return static_cast<uint8_t>(x) <= static_cast<uint8_t>(trading_feed_kind::world);
}

/// Where events come from. Ranges are those of a configuration; io/trading/section checks them.
struct trading_feed {
  std::string name; // [a-z0-9_-], 1 to 32; unique
  trading_feed_kind kind = trading_feed_kind::file;
  std::string path;     // of a file
  std::string url;      // of an indexer: scheme and host, without the path
  std::string key_file; // of an indexer: the file with the key. A secret is never in here
  std::string ca_file;  // of an indexer: certificates to trust instead of the system's; "": those
  tao_mapping mapping = tao_mapping::in_is_tao; // of taoapp
  uint32_t page_size = 0;         // rows, 1 to 1000; 0: 100 of taostats, 1000 of taoapp
  uint64_t cadence_s = 900;       // seconds between two looks, 1 to 86400
  uint64_t overlap_s = 1800;      // seconds that are asked for again, 0 to 86400
  uint64_t first_days = 21;       // days that the first look goes back, 1 to 3650
  uint64_t connect_ms = 10'000;   // deadline of a connection, 100 to 600000
  uint64_t request_ms = 60'000;   // deadline of a request, 100 to 600000
  uint32_t retries_max = 5;       // of one request before the look is given up, 0 to 100
  uint32_t pages_max = 1000;      // of one coldkey in one look, 1 to 100000
  uint64_t retry_after_s = 60;    // wait after 429 without Retry-After, 1 to 86400
  uint64_t back_off_max_s = 3600; // longest wait between retries, 1 to 86400
  bool strict = false;            // stop at a row that is rejected
  SLUICE_FIELDS(name, kind, path, url, key_file, ca_file, mapping, page_size, cadence_s, overlap_s,
                first_days, connect_ms, request_ms, retries_max, pages_max, retry_after_s,
                back_off_max_s, strict)
  bool operator==(const trading_feed&) const = default;
};

/// What becomes of an unstake that is larger than all open lots (facts/mechanisms A3.4).
enum class over_close : uint8_t {
  lenient = 0, // what is there is closed, the rest is recorded as unmatched
  strict,      // nothing of it is closed; it is counted as refused
};

constexpr bool known(over_close x) {
  return x == over_close::lenient || x == over_close::strict;
}

/// What a book of lots is calculated with.
struct lot_terms {
  int64_t dust_units = 1000;      // alpha units: a lot with so much left or less is closed; from 0
  uint64_t min_hold_blocks = 360; // a leg held shorter is not scored; from 0
  uint64_t block_seconds = 12;    // where a block is unknown; from 1
  over_close rest = over_close::lenient;
  SLUICE_FIELDS(dust_units, min_hold_blocks, block_seconds, rest)
  bool operator==(const lot_terms&) const = default;
};

/// How scores become weights (A3.9).
enum class weight_policy : uint8_t {
  proportional = 0,
  legacy_minmax, // the original: the lowest of the positive ones gets 0
};

constexpr bool known(weight_policy x) {
  return x == weight_policy::proportional || x == weight_policy::legacy_minmax;
}

/// What is scored.
enum class score_value : uint8_t {
  pnl = 0, // TAO: favours large capital, by design
  roi,     // percent of the cost of what was closed that day
};

constexpr bool known(score_value x) {
  return x == score_value::pnl || x == score_value::roi;
}

/// What a score is calculated with (A3.8, A3.9).
struct trading_score_terms {
  weight_policy policy = weight_policy::proportional;
  score_value value = score_value::pnl;
  uint64_t lookback_days = 21; // closings older than this are left out; 1 to 3650
  uint64_t min_trades = 0;     // fewer: score 0; 0: off
  int64_t min_volume_rao = 0;  // entered less: score 0; 0: off
  SLUICE_FIELDS(policy, value, lookback_days, min_trades, min_volume_rao)
  bool operator==(const trading_score_terms&) const = default;
};

/// Limits that the operator is warned at (A3.16).
struct trading_thresholds {
  double pool_use = 0.8; // part of the storage map in use, 0 to 1
  double query_s = 1.0;  // mean seconds of a query
  uint64_t failed_queries_per_hour = 50;
  double cpu = 0.85; // part in use, 0 to 1, as the next two
  double memory = 0.85;
  double disk = 0.85;
  uint64_t open_files = 1000;
  uint64_t failed_operations_per_hour = 10;
  uint64_t snapshot_delay_s = 3600;
  uint64_t processing_delay_s = 300;
  uint64_t recovery_attempts = 3;
  uint64_t recovery_cooldown_s = 300;
  SLUICE_FIELDS(pool_use, query_s, failed_queries_per_hour, cpu, memory, disk, open_files,
                failed_operations_per_hour, snapshot_delay_s, processing_delay_s, recovery_attempts,
                recovery_cooldown_s)
  bool operator==(const trading_thresholds&) const = default;
};

/// How long rows are kept (A3.15). Days, 1 to 36500.
struct trading_retention {
  uint64_t retention_days = 180;   // events, closed lots and trades, before they are archived
  uint64_t archive_after_days = 7; // between two runs of the archive
  uint64_t snapshot_days = 90;     // performance snapshots
  SLUICE_FIELDS(retention_days, archive_after_days, snapshot_days)
  bool operator==(const trading_retention&) const = default;
};

/// The whole section. What is a range is checked by io/trading/section.
struct trading_settings {
  std::vector<trading_feed> feeds;
  std::string world_file;        // neurons and registered coldkeys; "": the chain's neurons
  std::optional<int64_t> now_us; // a fixed moment (UTC, microseconds); none: the clock
  lot_terms ledger;
  trading_score_terms score;
  trading_retention retention;
  trading_thresholds thresholds;
  uint64_t score_every_s = 3600;      // seconds between two scores, 1 to 604800
  uint64_t snapshot_every_s = 86'400; // seconds between two performance snapshots, 60 to 31536000
  std::vector<std::string> blacklist; // hotkeys that are never scored
  uint64_t world_seed = 1;            // of the dev world; any number
  SLUICE_FIELDS(feeds, world_file, now_us, ledger, score, retention, thresholds, score_every_s,
                snapshot_every_s, blacklist, world_seed)
  bool operator==(const trading_settings&) const = default;
};

} // namespace sluice
