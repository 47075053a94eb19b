/// What the trading mechanism remembers, one plain struct per kind of row.
#pragma once

#include "rules/trading/config.hpp"
#include "rules/trading/event.hpp"
#include "rules/trading/ledger.hpp"
#include "rules/trading/stats.hpp"
#include "rules/trading/world.hpp"

#include <array>
#include <cstdint>
#include <optional>
#include <string>

namespace sluice {

/// key_number of a coldkey, netuid, time, place among the events of that time in ledger order.
struct book_event_key {
  uint64_t coldkey = 0;
  uint16_t netuid = 0;
  int64_t time_us = 0;
  uint32_t place = 0;
  SLUICE_FIELDS(coldkey, netuid, time_us, place)
  friend auto operator<=>(const book_event_key&, const book_event_key&) = default;
};

/// A lot or a trade of a book.
struct book_row_key {
  uint64_t coldkey = 0;
  uint16_t netuid = 0;
  uint32_t number = 0;
  SLUICE_FIELDS(coldkey, netuid, number)
  friend auto operator<=>(const book_row_key&, const book_row_key&) = default;
};

/// Sums of a book and what they were calculated from; derived from events, base and world.
struct book_record {
  book_facts facts;
  book_totals totals;
  std::vector<closing_day> days;                   // ascending
  std::array<uint64_t, event_outcomes> outcomes{}; // by event_outcome
  uint64_t events = 0;                             // stored, without archived ones
  std::optional<int64_t> next_future_us;           // the first event that was later than now
  SLUICE_FIELDS(facts, totals, days, outcomes, events, next_future_us)
  bool operator==(const book_record&) const = default;
};

/// What was calculated with; a change rebuilds every book.
struct trading_terms {
  lot_terms ledger;
  trading_score_terms score;
  int64_t now_us = 0; // of the last plan
  SLUICE_FIELDS(ledger, score, now_us)
  bool operator==(const trading_terms&) const = default;
};

/// How far a feed is with one coldkey.
struct sync_key {
  std::string feed;
  std::string coldkey; // "" for a feed that asks for nobody: a file
  SLUICE_FIELDS(feed, coldkey)
  friend auto operator<=>(const sync_key&, const sync_key&) = default;
};

/// The sync point: everything up to here was taken completely.
struct sync_point {
  int64_t synced_us = 0; // the moment of the last complete look
  uint64_t position = 0; // of a file: bytes taken
  std::string digest;    // of a file: which one it is
  uint64_t pages = 0;    // over all looks
  uint64_t rows = 0;
  SLUICE_FIELDS(synced_us, position, digest, pages, rows)
  bool operator==(const sync_point&) const = default;
};

/// What was archived of a book: everything before a moment (A2). Sums over closed lots and their
/// trades.
struct archive_key {
  uint64_t coldkey = 0;
  uint16_t netuid = 0;
  int64_t before_us = 0;
  SLUICE_FIELDS(coldkey, netuid, before_us)
  friend auto operator<=>(const archive_key&, const archive_key&) = default;
};
struct archive_summary {
  std::string hotkey;    // of the credited identity
  int64_t before_us = 0; // what happened before this moment
  uint64_t events = 0;
  uint64_t lots = 0; // closed ones
  uint64_t trades = 0;
  uint64_t legs = 0;
  i128 total_tao = 0;   // rao entered by these lots
  i128 total_alpha = 0; // alpha units
  i128 pnl = 0;         // rao, real, of these lots
  i128 cost = 0;        // rao, of the same
  i128 seconds = 0;     // from entry to close
  SLUICE_FIELDS(hotkey, before_us, events, lots, trades, legs, total_tao, total_alpha, pnl, cost,
                seconds)
  bool operator==(const archive_summary&) const = default;

  double avg_roi_percent() const; // 100 * pnl / cost, 0 where cost is 0
  double avg_duration_s() const;
};

struct snapshot_key {
  uint64_t coldkey = 0;
  std::string hotkey;
  int64_t time_us = 0;
  SLUICE_FIELDS(coldkey, hotkey, time_us)
  friend auto operator<=>(const snapshot_key&, const snapshot_key&) = default;
};

/// A step that is done; what a restarted actor answers it with.
struct trading_step {
  int64_t now_us = 0;
  uint64_t rows = 0; // taken in this step
  uint64_t added = 0;
  uint64_t duplicates = 0;
  uint64_t rejected = 0;
  uint64_t books = 0; // calculated anew
  uint64_t miners = 0;
  uint64_t scored = 0;                              // miners with a weight
  bool scores_due = false;                          // scores were calculated
  std::vector<std::pair<std::string, double>> best; // hotkey and weight, best first, 5 at most
  SLUICE_FIELDS(now_us, rows, added, duplicates, rejected, books, miners, scored, scores_due, best)
  bool operator==(const trading_step&) const = default;
};

} // namespace sluice
