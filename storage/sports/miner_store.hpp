/// A miner's own database: games, its predictions and how far they have come, results, figures.
#pragma once

#include "storage/backed_store.hpp"
#include "storage/sports/miner_tables.hpp"

#include <cstdint>
#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace sluice::storage {

/// The tables and migrations of this version.
store_layout miner_layout();

/// How the database has been used since it was opened; sizes as of now. Times in microseconds by
/// the clock of the caller.
struct miner_database_figures {
  uint64_t queries = 0; // reads of all kinds
  uint64_t writes = 0;  // commits
  uint64_t failures = 0;
  double mean_us = 0;                   // of reads and commits: the first, then 0.9 old + 0.1 new
  int64_t last_backup_s = 0;            // seconds since 1970-01-01 UTC; 0: none
  std::map<std::string, uint64_t> rows; // by table
  uint64_t file_bytes = 0;
};

/// What erase_older took away.
struct miner_erased {
  uint64_t games = 0;
  uint64_t predictions = 0;
  uint64_t results = 0;
  uint64_t statistics = 0;
};

/// DIR as of backed_store. One thread at a time.
class miner_store {
public:
  /// `clock_us`: for the figures only, any beginning; null: times are 0. Faults: as
  /// backed_store::open; `opening()` states what it had to do.
  static result<miner_store> open(const std::filesystem::path& dir, const backed_options& options,
                                  std::function<int64_t()> clock_us = {});

  /// Games, predictions, deliveries: everything that is there. Faults: what the disk reports.
  result<miner_memory> recall();
  /// Games of a sport ("": of all) that ended, the newest `max` (1 to 100000), oldest first.
  result<std::vector<sports_game>> results_of(const std::string& sport, size_t max);
  /// The newest `max` rows of a figure, oldest first.
  result<std::vector<std::pair<int64_t, std::string>>>
  statistics_of(const std::string& name, size_t max);
  /// A note; "" when there is none.
  result<std::string> note(const std::string& name);

  /// All or nothing, durable, when it returns. Rows are put with the tables of miner_tables.hpp; a
  /// game that ended is put with `put_game`. Faults: as environment::commit.
  result<nothing> commit(const batch& writes);

  /// Erases predictions with their deliveries, and games, that started before `before_us`,
  /// results before `results_before_us`, figures before `before_us` (microseconds since
  /// 1970-01-01 UTC), at most 10000 rows of a kind in one call.
  result<miner_erased> erase_older(int64_t before_us, int64_t results_before_us);

  result<backup_report> back_up(int64_t now_s) { return store_.back_up(now_s); }
  result<std::optional<backup_report>> back_up_when_due(int64_t now_s) {
    return store_.back_up_when_due(now_s);
  }

  result<miner_database_figures> figures() const;
  const backed_opening& opening() const { return store_.opening(); }
  const environment& disk() const { return store_.disk(); }

private:
  miner_store(backed_store store, std::function<int64_t()> clock_us)
    : store_(std::move(store)), clock_us_(std::move(clock_us)) {}

  template <class F>
  auto timed(uint64_t& counter, F f);

  backed_store store_;
  std::function<int64_t()> clock_us_;
  miner_database_figures figures_;
};

/// Puts a game, and its result as well when it is decided. No error.
void put_game(batch& out, const sports_game& x);

} // namespace sluice::storage
