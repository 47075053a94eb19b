/// Copies of a whole data folder: taken beside a running node at one moment, verified, restored.
#pragma once

#include "rules/fields.hpp"
#include "rules/result.hpp"
#include "storage/folder_set.hpp"
#include "storage/guarded_work.hpp"
#include "storage/manifest.hpp"

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

namespace sluice::storage {

/// Copies the rows of one store, as they are at the moment that it has begun, into the new folder
/// `to`, without free pages. Then the copy is opened, and its rows are counted and summed: both
/// must be the original's. Every row's checksum is looked at: corrupt_data with store, table and
/// row where one is wrong, or the copy is not equal; else as store_rows and store_rows_writer. What
/// was begun stays. `name` is that of the file in what is answered.
result<manifest_store> copy_store(store_rows& from, const std::filesystem::path& to,
                                  const std::string& name, work_progress& progress);

/// Where a backup goes. `now_s`: seconds since 1970-01-01 UTC, 0 to 253402300799; `keep`: backups
/// that stay in `to`, 1 to 1000, 0: all of them; `schema_max`: the highest schema that is read.
struct folder_backup_order {
  std::filesystem::path data;
  std::filesystem::path to;
  int64_t now_s = 0;
  uint64_t keep = 0;
  uint32_t schema_max = 0;
};

struct folder_backup_report {
  std::string path; // TO/backup-YYYYmmdd-HHMMSS
  backup_manifest manifest;
  std::vector<std::string> erased; // older ones, beyond those that are kept
  SLUICE_FIELDS(path, manifest, erased)
};

/// Copies all stores as they are at one moment (folder_set::begin), with the marker and the keys of
/// the API, while a node may go on writing. It gets its name when every copy is verified and the
/// manifest is written. Faults: out_of_range (`keep`, `now_s`), those of folder_set and copy_store;
/// what was begun is taken away then.
result<folder_backup_report>
back_up_folder(const folder_backup_order& order, work_progress& progress);

/// A copy of the set without a manifest, in the new folder `to`: a data folder. Faults as above.
result<backup_manifest>
copy_folder(const std::filesystem::path& data, const std::filesystem::path& to, uint32_t schema_max,
            work_progress& progress);

struct folder_restore_order {
  std::filesystem::path from; // a backup
  std::filesystem::path data;
  bool force = false; // put it in the place of what is there
  int64_t now_s = 0;  // as above
};

struct folder_restore_report {
  backup_manifest manifest;
  std::string data;  // where it is now
  std::string aside; // where what was there is now; "" when nothing was
};

/// Puts a backup, which has been verified, at `data`: each file is copied and must have the bytes
/// that the manifest states; then the whole folder gets its name in one step. What was there is
/// kept beside, as DATA.before-restore-YYYYmmdd-HHMMSS. Faults: refused (something is there and
/// `force` is not set), busy (a node has it), corrupt_data (a file is not what was backed up); else
/// what the disk reports. Then `data` is as it was.
result<folder_restore_report> restore_folder(const folder_restore_order& order);

/// `from` itself when it is a backup, else the newest backup in it by its name. unreachable when
/// there is none.
result<std::filesystem::path> backup_to_restore(const std::filesystem::path& from);

/// What one store came to.
struct compacted_store {
  std::string store;
  uint64_t bytes_before = 0; // of its file
  uint64_t bytes_after = 0;
  SLUICE_FIELDS(store, bytes_before, bytes_after)
};

/// Copies every store (copy_store) into a folder beside its own: DATA/STORE.compact. Meant for
/// run_guarded; nobody may write the folder meanwhile. Answers their new lengths by store.
result<std::vector<compacted_store>>
make_compacted(const std::filesystem::path& data, uint32_t schema_max, work_progress& progress);

/// Puts the copies of make_compacted in their stores' places, one after the other: killed between
/// two of them, each is still whole. Whoever reads goes on reading the files that it has open.
result<nothing> use_compacted(const std::filesystem::path& data);

/// Takes away what make_compacted has made.
void drop_compacted(const std::filesystem::path& data);

} // namespace sluice::storage
