/// Verified copies of one LMDB file, made while it is in use: taken, listed, checked, restored.
#pragma once

#include "rules/fields.hpp"
#include "rules/result.hpp"
#include "storage/environment.hpp"

#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

namespace sluice::storage {

/// What a table holds. `checksum`: FNV-1a (64 bits) over its rows in key order.
struct table_digest {
  std::string name;
  uint64_t rows = 0;
  uint64_t checksum = 0;
  SLUICE_FIELDS(name, rows, checksum)
  bool operator==(const table_digest&) const = default;
};

/// Of all tables, by name.
using store_digest = std::vector<table_digest>;

/// Counts one more row, the next in the table's order. Errors: none.
void add_to_digest(table_digest& to, std::string_view key, std::string_view value);

/// Reads every row of every table, in one read transaction. Faults: what the disk reports;
/// corrupt_data where the walk does not meet as many rows as the table states.
result<store_digest> digest_of(const environment& env);

/// A copy that was made: DIR/backup-YYYYmmdd-HHMMSS (UTC), with data.mdb and DIGEST in it.
struct backup_place {
  std::filesystem::path path;
  int64_t taken_s = 0; // by its name: seconds since 1970-01-01 UTC
  bool operator==(const backup_place&) const = default;
};

/// What one backup came to.
struct backup_report {
  backup_place place;
  store_digest digest;
  uint64_t bytes = 0;                        // of the copy's data.mdb
  std::vector<std::filesystem::path> erased; // older ones, beyond those that are kept
};

/// Copies `env` into a new folder of `folder` (made when missing), compacted, and verifies it: the
/// copy is opened, its rows are counted and summed, and both must be the original's. Only then it
/// gets its name, and all but the newest `keep` (1 to 1000) are erased. Other threads may read;
/// when somebody writes meanwhile it is tried again, three times in all, then ec::busy: call it
/// where `env` is written. `now_s`: seconds since 1970-01-01 UTC, 0 to 253402300799; one second
/// more while that name is taken. Faults: out_of_range (`keep`, `now_s`), corrupt_data (`env`, or
/// the copy is not equal to it), or what the disk reports; what was begun is taken away then.
result<backup_report> take_backup(const environment& env, const std::filesystem::path& folder,
                                  int64_t now_s, uint64_t keep);

/// All in `folder`, the newest first, whether they are good or not; none when there is no such
/// folder. At most 10000 entries of it are looked at.
result<std::vector<backup_place>> list_backups(const std::filesystem::path& folder);

/// A name that is free in `folder`: of `now_s` (as take_backup), or of the next second that is
/// free. ec::refused when a quarter of an hour is taken.
result<backup_place> free_backup_place(const std::filesystem::path& folder, int64_t now_s);
/// Takes away what attempts that were killed have left in `folder`: names of backups with .tmp.
void erase_unfinished_backups(const std::filesystem::path& folder);
/// Erases all but the newest `keep` (1 to 1000, not checked); what was erased.
result<std::vector<std::filesystem::path>>
erase_older_backups(const std::filesystem::path& folder, uint64_t keep);

/// Opens a backup and compares it with the digest it was stored with. ec::corrupt_data with what
/// differs. Damaged bytes cannot end the process: they are read in a child of it first.
result<store_digest> verify_backup(const backup_place& x);

/// The newest one that verifies, of those taken before `before_s`; those passed over are in `bad`,
/// as sentences. ec::no_such_key when none does.
result<backup_place> newest_verified(const std::filesystem::path& folder,
                                     std::vector<std::string>& bad, int64_t before_s = INT64_MAX);

/// Puts a backup's data.mdb in the place of the one in `store` (a folder, made when missing), which
/// nobody has open. The file that was there is kept as `store`/damaged-YYYYmmdd-HHMMSS.mdb; of such
/// files the newest three stay. Faults: what the disk reports; then the old file is in its place.
result<nothing>
restore_backup(const backup_place& from, const std::filesystem::path& store, int64_t now_s);

/// Can the file in the folder `store` be read from beginning to end? A child process looks: bytes
/// that LMDB would end the process over end that one. Nothing to complain of where there is no
/// file. ec::corrupt_data when it cannot; ec::unreachable when no child can be made.
result<nothing> look_through(const std::filesystem::path& store);

/// "20261201-014500" of seconds since 1970-01-01 UTC, 0 to 253402300799; beyond: of the nearest.
std::string backup_stamp(int64_t s);

} // namespace sluice::storage
