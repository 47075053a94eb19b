/// What is reported of a miner, in one definition everywhere (facts/mechanisms A3.6, A3.7; README
/// of the vectors, rules 5 and 6).
#pragma once

#include "rules/fields.hpp"
#include "rules/trading/ledger.hpp"
#include "rules/trading/score.hpp"
#include "rules/trading/world.hpp"

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace sluice {

/// get_miner_performance of A3.7. Percent are 0 to 100 (ROI from -100); TAO are whole TAO.
struct miner_performance {
  std::string hotkey;
  std::string coldkey;
  std::optional<uint16_t> uid; // none: not registered
  bool is_registered = false;
  trading_status status = trading_status::active;
  book_totals totals;        // over all books of the identity, in rao and alpha units
  double win_rate = 0;       // percent of scored legs with an exact P/L above 0; 0 without any
  double avg_roi = 0;        // percent: scored P/L / cost of the scored legs; 0 where that is 0
  double avg_duration_s = 0; // of scored legs
  double pnl_tao = 0;        // scored
  double volume_tao = 0;     // entered
  double volume_alpha = 0;
  uint64_t current_positions = 0; // open and partial
  trading_score score;
  double weight = 0;                     // share of its score by the policy, 0 to 1
  std::vector<uint16_t> unknown_netuids; // traded on, where it is unknown who is registered
};

/// Sums and dates of one book, for the miner's.
struct book_summary {
  book_id id;
  book_facts facts;
  book_totals totals;
  std::vector<closing_day> days;
  std::array<uint64_t, event_outcomes> outcomes{};
};

/// All miners of the world: registered ones by uid, then the others by hotkey. `books` in any
/// order: a book belongs to the identity that its facts name.
std::vector<miner_performance>
performance_of(const trading_world& world, const trading_score_terms& terms, int64_t now_us,
               std::span<const book_summary> books);

/// What the scores mean for the weights: registered, not blacklisted, by uid ascending.
struct trading_weights {
  std::vector<uint16_t> uids;
  std::vector<double> scores;
  std::vector<double> weights; // by policy; all 0 when nobody is above score_epsilon
};
trading_weights
trading_weights_of(const trading_score_terms& terms, std::span<const miner_performance> miners);

/// Percent, mean, ... of totals; 0 where the divisor is 0.
double win_rate_percent(const book_totals& x);
double roi_percent(const book_totals& x);
double mean_duration_s(const book_totals& x);

/// The position statistics of A3.7: of lots, on one netuid or all, by time of entry.
struct position_filter {
  std::optional<std::string> hotkey; // of the miner
  std::optional<uint16_t> netuid;
  std::optional<int64_t> from_us; // inclusive, as the next
  std::optional<int64_t> to_us;
  std::optional<lot_status> status;
  SLUICE_FIELDS(hotkey, netuid, from_us, to_us, status)
  bool operator==(const position_filter&) const = default;
};

/// Does the time of entry lie in the window and the status fit? Miner and netuid are the caller's.
bool matches(const position_filter& filter, const trading_lot& lot);
/// The same by the time of exit, of trades; status is not looked at.
bool matches(const position_filter& filter, const trading_trade& trade);

struct position_statistics {
  uint64_t open = 0;
  uint64_t partial = 0;
  uint64_t closed = 0;
  i128 entry_tao = 0;          // rao, over all of them
  i128 entry_alpha = 0;        // alpha units
  i128 remaining_alpha = 0;    // alpha units
  i128 closed_pnl = 0;         // rao, real, over closed ones
  i128 closed_seconds = 0;     // from entry to close, over closed ones
  double mean_pnl_tao = 0;     // of closed ones, real; 0 without any
  double mean_roi_percent = 0; // mean over closed ones of 100 * real P/L / cost sold
  double mean_duration_s = 0;  // of closed ones
  double roi_sum = 0;          // what the mean is made of

  void add(const trading_lot& lot);
  /// Fills the means from the sums.
  void finish();
};

/// The performance snapshot of A2 over a window.
struct performance_snapshot {
  std::string hotkey;
  int64_t time_us = 0;
  int64_t window_start_us = 0; // before window_end_us
  int64_t window_end_us = 0;
  uint64_t total_trades = 0; // positions entered in the window (the original's definition)
  double total_volume_tao = 0;
  double total_volume_alpha = 0;
  double roi_simple = 0;   // mean percent of closed ones
  double roi_weighted = 0; // weighted by entry TAO
  double win_rate = 0;     // percent of all of them, open ones too
  double avg_trade_duration_s = 0;
  uint64_t open_positions = 0;
  double avg_position_age_s = 0;     // of all lots, `time_us` less entry
  std::optional<double> final_score; // snapshot_score_legacy
  SLUICE_FIELDS(hotkey, time_us, window_start_us, window_end_us, total_trades, total_volume_tao,
                total_volume_alpha, roi_simple, roi_weighted, win_rate, avg_trade_duration_s,
                open_positions, avg_position_age_s, final_score)
  bool operator==(const performance_snapshot&) const = default;
};

/// Of the lots of one miner, over all its books; `now_us` is also the end of the window.
performance_snapshot snapshot_of(const std::string& hotkey, int64_t window_start_us, int64_t now_us,
                                 std::span<const trading_lot> lots);

/// One closed position for the score below: percent and TAO.
struct closed_position {
  double roi = 0;
  double entry_tao = 0;
};

/// The original's snapshot score: 0.6 * ROI weighted by entry + 0.2 * volume + 0.2 * win rate; no
/// score with fewer than 3 trades (A3.9).
struct legacy_snapshot_score {
  double roi_simple = 0;
  double roi_weighted = 0;
  double win_rate = 0; // percent
  double total_volume_tao = 0;
  std::optional<double> final_score;
};
legacy_snapshot_score
snapshot_score_legacy(std::span<const closed_position> closed, uint64_t total_trades);

/// Reserves and price of a subnet's pool, where the provider gives them (A2). Informational.
struct pool_data {
  uint16_t netuid = 0;
  int64_t time_us = 0;       // when it was asked
  int64_t tao_reserve = 0;   // rao
  int64_t alpha_reserve = 0; // alpha units
  int64_t alpha_supply = 0;  // alpha units
  double emission_rate = 0;  // as given
  double price = 0;          // TAO per alpha
  SLUICE_FIELDS(netuid, time_us, tao_reserve, alpha_reserve, alpha_supply, emission_rate, price)
  bool operator==(const pool_data&) const = default;
};

} // namespace sluice
