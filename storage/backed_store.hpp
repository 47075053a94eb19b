/// One LMDB file with a version, numbered migrations, and verified backups that it is restored
/// from.
#pragma once

#include "storage/backup.hpp"
#include "storage/environment.hpp"
#include "storage/lock_file.hpp"

#include <cstdint>
#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace sluice::storage {

/// One step forward: it only reads; what it answers is one transaction with the new number.
struct store_migration {
  uint32_t from = 0;                   // to from + 1
  std::string what;                    // for people: "splits the deliveries by validator"
  std::vector<std::string> old_tables; // that the current version no longer has
  std::function<result<batch>(const environment&)> step;
};

/// What a version of the program keeps in the file. `version`: from 1.
struct store_layout {
  std::string store; // name in batches
  uint32_t version = 1;
  std::vector<std::string> tables;
  std::vector<store_migration> migrations;
  /// Reads every row as its type: corrupt_data where one cannot be. None: bytes are enough.
  std::function<result<nothing>(const environment&)> check;
};

struct backed_options {
  int64_t now_s = 0;            // seconds since 1970-01-01 UTC
  uint64_t keep = 7;            // backups, 1 to 1000
  uint64_t every_s = 86'400;    // between two backups, from 60
  uint64_t map_bytes = 1 << 30; // address space; it grows when it is too small
};

/// What opening had to do.
struct backed_opening {
  bool created = false;
  std::optional<uint32_t> migrated_from; // the version that was there
  std::optional<backup_place> restored;  // the file was damaged: this one is in its place
  std::string damage;                    // what was wrong with it
  std::vector<std::string> bad_backups;  // that were passed over, as sentences
};

/// DIR/LOCK, DIR/store (LMDB), DIR/backups. One process at a time; one thread writes.
class backed_store {
public:
  /// Opens or creates it. A damaged file is replaced by the newest backup that verifies and whose
  /// rows can be read; without one the store is not opened: corrupt_data, with what to do. An older
  /// version is migrated, each step one transaction, after a verified backup. Faults besides: busy
  /// (another process has it), schema_mismatch (written by a newer version, or no step from that
  /// one), out_of_range (options), or what the disk reports.
  static result<backed_store>
  open(const std::filesystem::path& dir, const store_layout& layout, const backed_options& options);

  /// All or nothing, durable. Faults: as environment::commit.
  result<nothing> commit(const batch& writes) { return env_.commit(writes); }

  /// Takes a backup now, unless a row cannot be read: damage must not take the place of what is
  /// good (corrupt_data). Faults besides: as take_backup.
  result<backup_report> back_up(int64_t now_s);
  /// Takes one when the newest is `every_s` old or there is none; none: it is not due.
  result<std::optional<backup_report>> back_up_when_due(int64_t now_s);
  /// Seconds since 1970-01-01 UTC of the newest backup of a good copy; 0: there is none.
  int64_t last_backup_s() const { return last_backup_s_; }

  const environment& disk() const { return env_; }
  const environment* find_store(std::string_view name) const { return env_.find_store(name); }
  const backed_opening& opening() const { return opening_; }
  const std::filesystem::path& path() const { return dir_; }

private:
  using row_check = std::function<result<nothing>(const environment&)>;

  backed_store(std::filesystem::path dir, lock_file lock, environment env, backed_options options,
               row_check check, backed_opening opening)
    : dir_(std::move(dir)), lock_(std::move(lock)), env_(std::move(env)), options_(options),
      check_(std::move(check)), opening_(std::move(opening)) {}

  std::filesystem::path dir_;
  lock_file lock_; // let go of after the file is closed
  environment env_;
  backed_options options_;
  row_check check_;
  backed_opening opening_;
  int64_t last_backup_s_ = 0;
};

} // namespace sluice::storage
