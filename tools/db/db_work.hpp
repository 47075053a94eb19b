/// What the subcommands of `sluice db` do, without their flags.
#pragma once

#include "rules/result.hpp"
#include "storage/folder_backup.hpp"
#include "storage/folder_verify.hpp"
#include "storage/schema.hpp"
#include "tools/db/row_lines.hpp"

#include <cstdint>
#include <filesystem>
#include <functional>
#include <string>
#include <vector>

namespace sluice::tools {

/// Everything that reads stores does so in a child process (storage/guarded_work.hpp): damage is a
/// sentence. Work that lasts calls `shown` about five times a second.
using storage::progress_shown;

/// What is there. Faults: as look_at_folder.
result<storage::set_figures>
stat_folder(const std::filesystem::path& folder, const storage::schema& layout);

/// What verifying came to, as a set and store by store.
struct folder_verdict {
  storage::set_verdict set;
  std::vector<storage::store_verdict> stores;

  bool good() const;
  /// Rows that were read, and damage that was found: from 0.
  uint64_t rows() const;
  uint64_t damaged() const;
};

/// Damage is in the answer, and of each store its own: one that cannot be read does not keep the
/// others from being read. Faults: those of verify_set.
result<folder_verdict> verify_folder(const std::filesystem::path& folder,
                                     const storage::schema& layout, const progress_shown& shown);

/// Faults: as storage::back_up_folder.
result<storage::folder_backup_report>
back_up(const storage::folder_backup_order& order, const progress_shown& shown);

/// Verifies `order.from` as a set and restores it then. Faults: corrupt_data with the first thing
/// that is damaged; those of storage::restore_folder.
result<storage::folder_restore_report>
restore(const storage::folder_restore_order& order, const storage::schema& layout,
        const progress_shown& shown);

/// Gives back the free pages of a folder that no node runs on, under its lock. Faults: busy (a node
/// runs: ask it), those of storage::make_compacted.
result<std::vector<storage::compacted_store>>
compact_folder(const std::filesystem::path& folder, const storage::schema& layout,
               const progress_shown& shown);

/// To the file `to` (replaced when it is whole), or to standard output when it is "-".
result<line_report>
export_folder(const export_order& order, const std::string& to, const progress_shown& shown);

/// One step of a migration. `read_ms`: how long it took to work out what it writes, in ms.
struct migration_step {
  uint32_t from = 0;
  std::string what;
  double read_ms = 0;
};

/// `schema_before`, `schema_after`: of the folder, from 1. `took_ms`: all steps with their commits
/// and the backup before, in milliseconds.
struct migration_report {
  uint32_t schema_before = 0;
  uint32_t schema_after = 0;
  double took_ms = 0;
  std::string tried_on; // a copy, which is taken away again; "": the folder itself
  std::string backup;   // what was there before; "" for a copy
  std::vector<migration_step> steps;
};

/// Migrates a folder to the schema of `layout`, or with `dry_run` a copy of it in a folder beside
/// (DATA.migrating), which is taken away again. `now_ms`: a clock that does not fall, in ms.
/// Faults: those of copy_folder and of storage::data_dir::open.
result<migration_report>
migrate_folder(const std::filesystem::path& data, bool dry_run, const storage::schema& layout,
               const std::function<double()>& now_ms, const progress_shown& shown);

} // namespace sluice::tools
