/// What a step of the trading mechanism writes, as batches that follow from what is stored.
#pragma once

#include "rules/trading/config.hpp"
#include "rules/trading/event.hpp"
#include "storage/batch.hpp"
#include "storage/data_dir.hpp"
#include "storage/trading/plan.hpp"
#include "storage/trading/records.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace sluice {

/// How far rows of one kind are that no feed brings: names that no feed can have.
inline const sync_key snapshots_taken{"(snapshots)", ""};
inline const sync_key archive_done{"(archive)", ""};

/// Rows that a feed brought, and how far it is with them.
struct taken_rows {
  std::string feed;
  std::string coldkey; // "" of a file and of a generated world
  std::vector<trading_event> events;
  uint64_t rows = 0;                                      // rejected ones too
  std::vector<std::pair<std::string, uint64_t>> rejected; // by reason
  sync_point until;
};

/// The batches that make the books those of this setup; none when they are. Faults of all functions
/// here: what the disk reports.
result<std::vector<storage::batch>>
plan_setup(const storage::data_dir& disk, const storage::ledger_setup& setup);

/// Events, the sync point behind them and the counts in one batch. `counted`, when not null, gets
/// what became of them.
result<storage::batch> plan_rows(const storage::data_dir& disk, const storage::ledger_setup& setup,
                                 const taken_rows& rows, storage::plan_counts* counted = nullptr);

/// The row of a step that has taken its events and is not complete: `scores_due` is false. Number
/// of the step from 1.
void begin_step_row(storage::batch& out, uint64_t number, trading_step row);

/// The last batch of a step: performance snapshots when they are due, and its row with how the
/// miners stand. The events of the step must be on disk.
result<storage::batch>
plan_step_end(const storage::data_dir& disk, const storage::ledger_setup& setup,
              const trading_settings& settings, uint64_t number, trading_step row);

/// The batches that archive what is older than the retention states; none when it is not due.
result<std::vector<storage::batch>> plan_archive(const storage::data_dir& disk,
                                                 const storage::ledger_setup& setup,
                                                 const trading_retention& retention);

/// How far a feed is, or a part of one; a point at 0 when it never began.
result<sync_point> sync_point_of(const storage::data_dir& disk, const sync_key& key);

} // namespace sluice
