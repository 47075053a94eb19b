/// What storing events, a new world or a new moment writes: a pure function of what is stored.
///
/// Whoever has a batch of these hands it to the storage writer, or commits it: then the ledger is
/// complete again. A batch leaves every book that it touches whole, so any of them may be the last.
#pragma once

#include "rules/trading/world.hpp"
#include "storage/batch.hpp"
#include "storage/data_dir.hpp"
#include "storage/trading/records.hpp"

#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace sluice::storage {

/// What books are calculated with.
struct ledger_setup {
  trading_world world;
  trading_terms terms;
  bool operator==(const ledger_setup&) const = default;
};

/// None when nothing was ever planned on this folder. Faults: what the disk reports.
result<std::optional<ledger_setup>> stored_setup(const data_dir& disk);

/// Counts from 0.
struct plan_counts {
  uint64_t added = 0;      // events that were new
  uint64_t duplicates = 0; // events that are stored already, or twice among those given
  uint64_t archived = 0;   // events of a time whose events are archived: left out
  uint64_t books = 0;      // calculated
  uint64_t changed = 0;    // of these, with other rows than before
  void add(const plan_counts& other);
};

struct ledger_plan {
  batch writes;
  plan_counts counts;
};

/// Where batches of a large plan go, one after the other; what was taken is on disk before the next
/// is planned. A fault ends the planning.
using batch_sink = std::function<result<nothing>(batch&&)>;
/// How far a large plan is: events done, of how many. May be empty.
using plan_progress = std::function<void(uint64_t done, uint64_t total)>;

/// Adds events (each checked by rejection_of) and calculates their books anew: all of the event's
/// coldkey and netuid, nothing else. Faults: what the disk reports; invalid_argument when an event
/// fails rejection_of; refused when two keys have the same number.
result<ledger_plan>
plan_events(const data_dir& disk, const ledger_setup& setup, std::span<const trading_event> events);

/// The same for many events, in batches of about `writes_max` writes. Sorts `events`.
result<plan_counts> store_events(const data_dir& disk, const ledger_setup& setup,
                                 std::vector<trading_event> events, const batch_sink& sink,
                                 const plan_progress& progress = {}, size_t writes_max = 150'000);

/// Calculates every book whose facts, terms or future events `setup` changes, and stores `setup`
/// where it differs from what is stored. With `all` every book, whether it should be the same or
/// not: a rebuild.
result<plan_counts> store_setup(const data_dir& disk, const ledger_setup& setup, bool all,
                                const batch_sink& sink, size_t writes_max = 150'000);

/// Adds to the counts that are stored ("rows", "rejected.amount", ...).
result<nothing> add_counts(const data_dir& disk,
                           std::span<const std::pair<std::string, uint64_t>> more, batch& out);

/// Archives what happened before `before_us` of every book that has such events: summary and base
/// first, then trades with their legs, lots, events, all of a book in one batch. A lot that is not
/// closed stays, in the base too; a lot with a trade that stays, stays. Snapshots older than
/// `snapshots_before_us` are deleted. Answers how many events were archived.
result<uint64_t>
archive_events(const data_dir& disk, const ledger_setup& setup, int64_t before_us,
               int64_t snapshots_before_us, const batch_sink& sink, size_t writes_max = 150'000);

/// A performance snapshot of every registered miner over the window that ends at `now_us`.
result<batch> plan_snapshots(const data_dir& disk, const ledger_setup& setup,
                             int64_t window_start_us, int64_t now_us);

} // namespace sluice::storage
