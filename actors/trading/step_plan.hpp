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
  std::vector<trading_event> events;
  uint64_t rows = 0;                                      // rejected ones too
  std::vector<std::pair<std::string, uint64_t>> rejected; // by reason
  std::vector<std::pair<sync_key, sync_point>> points;
};

/// The batches that make the books those of this setup, and note its limits; none when they are.
/// Faults of all functions here: what the disk reports.
result<std::vector<storage::batch>>
plan_setup(const storage::data_dir& disk, const storage::ledger_setup& setup,
           const trading_thresholds& limits);

/// What the ledger of this folder is calculated with: the generated world, the world file, or what
/// is stored when the settings have neither; terms and blacklist of the settings; the moment of the
/// last plan. Faults: of the world file, of the disk.
result<storage::ledger_setup>
setup_of(const storage::data_dir& disk, const trading_settings& settings);

/// The batches that make every book what its events give.
result<std::vector<storage::batch>>
plan_rebuild(const storage::data_dir& disk, const storage::ledger_setup& setup);

/// Events, sync points and counts ("rows", "added", "duplicate", ...) in one batch.
result<storage::batch> plan_rows(const storage::data_dir& disk, const storage::ledger_setup& setup,
                                 const taken_rows& rows);

/// Is an event stored that is later than the last plan's moment?
result<bool> has_future_events(const storage::data_dir& disk);

/// What was taken since the last complete step, from the counts on the disk: no restart changes it.
result<trading_step> taken_since_last_step(const storage::data_dir& disk);

/// The last batch of a step: performance snapshots when they are due, and its row with how miners
/// stand. The events of the step must be on disk.
result<storage::batch>
plan_step_end(const storage::data_dir& disk, const storage::ledger_setup& setup,
              const trading_settings& settings, uint64_t number);

/// The batches that archive what is older than the retention states; none when it is not due.
result<std::vector<storage::batch>>
plan_archive(const storage::data_dir& disk, const storage::ledger_setup& setup,
             const trading_retention& retention);

/// How far a feed is, or a part of one; a point at 0 when it never began.
result<sync_point> sync_point_of(const storage::data_dir& disk, const sync_key& key);

} // namespace sluice
