/// What the commands, the views and the audit read of the ledger.
#pragma once

#include "rules/trading/stats.hpp"
#include "storage/data_dir.hpp"
#include "storage/trading/plan.hpp"
#include "storage/trading/records.hpp"

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace sluice::storage {

/// All books, by coldkey number and netuid. Faults of all functions here: what the disk reports;
/// corrupt_data when a row cannot be read or the text of a key is missing.
result<std::vector<book_summary>> all_books(const data_dir& disk);

/// All miners with scores and weights at `setup.terms.now_us` (performance_of).
result<std::vector<miner_performance>>
all_performance(const data_dir& disk, const ledger_setup& setup);

/// The text of a key; "#NUMBER" when it is not stored.
result<std::string> key_text(const data_dir& disk, uint64_t number);

/// A lot or trade with what it belongs to.
struct book_place {
  book_id id;
  std::string coldkey;
  std::string hotkey; // of the miner; "" when the coldkey is unknown
};

/// Calls `f` for every lot that matches, by coldkey number, netuid, then order of opening; `f` may
/// answer false to stop.
result<nothing>
for_each_position(const data_dir& disk, const position_filter& filter,
                  const std::function<bool(const book_place&, const trading_lot&)>& f);

/// The same for trades with their legs, in ledger order of each book; `filter.status` is not looked
/// at, times are those of exit.
result<nothing>
for_each_trade(const data_dir& disk, const position_filter& filter,
               const std::function<bool(const book_place&, const trading_trade&)>& f);

/// The same for stored events, by book and in ledger order, with times of the events; those of
/// coldkeys without a miner, too, unless a hotkey is asked for.
result<nothing>
for_each_event(const data_dir& disk, const position_filter& filter,
               const std::function<bool(const book_place&, const trading_event&)>& f);

/// Position statistics by netuid.
result<std::map<uint16_t, position_statistics>>
position_statistics_of(const data_dir& disk, const position_filter& filter);

/// The counts of trading_counts.
result<std::map<std::string, uint64_t>> stored_counts(const data_dir& disk);

/// The start-up check of A3.14: every book is calculated from its events in memory and compared.
struct integrity_report {
  uint64_t tables_verified = 0;
  uint64_t miners_recovered = 0; // identities with a book
  uint64_t books_verified = 0;
  uint64_t positions_verified = 0;
  uint64_t trades_verified = 0;
  uint64_t legs_verified = 0;
  uint64_t events_verified = 0;
  uint64_t errors = 0;
  std::vector<std::string> faults; // the first ones, 20 at most
};
/// `setup`: what the rows should be calculated with. A row that cannot be read is an error in the
/// report, not a fault.
result<integrity_report> check_ledger(const data_dir& disk, const ledger_setup& setup);

} // namespace sluice::storage
