/// One LMDB file: many readers, one writer, every commit durable.
#pragma once

#include "rules/result.hpp"
#include "storage/batch.hpp"

#include <cstdint>
#include <filesystem>
#include <functional>
#include <lmdb.h>
#include <map>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace sluice::storage {

class map_gate;
struct compaction;
struct reader_slot;
struct store_size;

/// Sizes are in bytes. `map_bytes` below 1 MiB is taken as 1 MiB and `map_bytes_max` below
/// `map_bytes` as `map_bytes`; where the system refuses so much address space, the map begins with
/// 1 GiB. Nothing here fails by itself: faults are those of open and commit.
struct environment_options {
  std::string store;               // its name in batches
  std::vector<std::string> tables; // all it will ever have; created when missing
  /// Address space, not disk: the file is as long as what was written. Grows when it is too small.
  uint64_t map_bytes = uint64_t{64} << 30;
  uint64_t map_bytes_max = uint64_t{4} << 40;
  bool read_only = false;     // a table that is missing reads as empty
  bool random_access = false; // MDB_NORDAHEAD: for files larger than the memory
  /// Readers only, where the lock file cannot be written: nobody may write meanwhile.
  bool no_lock = false;
};

/// Where a walk starts and which way it goes.
struct key_range {
  std::string prefix; // only keys that begin with it
  std::string from;   // first key >= from; in reverse the last key <= from; "" is the end
  bool reverse = false;
};

/// Reading is safe from any thread, each call in a read transaction of its own; writing from one
/// thread at a time. Opening the same file twice in one process is LMDB's taboo: data_dir's lock
/// prevents it.
class environment {
public:
  /// Opens or creates the file in the folder `path`, whose parent must exist. Faults: read_only,
  /// storage_full, corrupt_data (not LMDB's), unreachable. The process ignores SIGXFSZ from now on,
  /// so that a file size limit is an answer to a write and not the end of the process.
  static result<environment> open(const std::filesystem::path& path, environment_options options);

  environment(environment&&) noexcept;
  environment& operator=(environment&&) noexcept;
  ~environment();

  /// Applies all writes in one durable transaction, or none of them. Faults: those of `check`;
  /// storage_full when the disk or the map at `map_bytes_max` is full; busy when readers keep the
  /// map from growing for 30 s; else as disk_fault.
  result<nothing> commit(const batch& writes);
  /// Group commit: all batches share one transaction; they succeed or fail together. Faults as
  /// above.
  result<nothing> commit(std::span<const batch> batches);
  /// The same for single writes, in order; the pointers must not be null.
  result<nothing> commit(std::span<const write* const> writes);

  /// Would this write be taken? invalid_argument for another store, no such table, or a key of no
  /// bytes or too many; read_only when opened so. A key has 1 to 511 bytes (LMDB's limit in its
  /// usual build).
  result<nothing> check(const write& w) const;

  /// Reads one value. Faults: no_such_key when there is none, also for a key of no bytes or too
  /// many and for a table that is missing in a file opened to read; invalid_argument for a table
  /// that was not named in the options; else as disk_fault.
  result<std::string> get(std::string_view table, std::string_view key) const;

  /// Walks in key order until `visit` returns false. The views end with the call. Do not commit
  /// inside.
  using visitor = std::function<bool(std::string_view key, std::string_view value)>;
  result<nothing> scan(std::string_view table, const key_range& range, const visitor& visit) const;

  /// Walks all rows of all tables, by name, in one read transaction; false ends it. Answers the
  /// number of the last commit in it. Faults: corrupt_data when a table has another number of rows
  /// than it states; else as disk_fault.
  using table_visitor
    = std::function<bool(std::string_view table, std::string_view key, std::string_view value)>;
  result<uint64_t> scan_all(const table_visitor& visit) const;

  /// Number of the last commit, by any process: 0 in a new file, then rising. Errors: none.
  uint64_t last_commit() const;

  /// Writes a consistent, synced copy into the existing folder `to` while others read and write.
  /// `compact`: without free pages; it takes longer, and a damaged file is a fault.
  result<nothing> copy_to(const std::filesystem::path& to, bool compact = false) const;

  /// This environment when `name` is its own: the same question data_dir answers for all.
  const environment* find_store(std::string_view name) const {
    return name == options_.store ? this : nullptr;
  }
  const std::string& store() const { return options_.store; }
  /// All that were named when it was opened. Errors: none.
  const std::vector<std::string>& tables() const { return options_.tables; }
  const std::filesystem::path& path() const { return path_; }
  /// How much the map holds now, in bytes. From the size it was opened with up to `map_bytes_max`.
  /// Errors: none.
  uint64_t map_bytes() const;
  /// Rows and bytes of every table (storage/sizes.hpp), in a read transaction of its own. Faults:
  /// unreachable or as disk_fault, when file or tables cannot be read.
  result<store_size> size() const;

  /// Slots of the reader table in which something is read, of all processes (storage/readers.hpp).
  /// Faults: as disk_fault.
  result<std::vector<reader_slot>> readers() const;
  /// Gives back the slots of processes that are gone and answers how many; from 0. Faults: as
  /// disk_fault.
  result<uint32_t> clear_dead_readers() const;

  /// Replaces the file by a copy without its free pages (storage/compaction.hpp), in the thread
  /// that writes. Transactions of this process wait meanwhile; other processes go on reading the
  /// file that they have open. Faults: read_only when opened so; busy when a reader of this process
  /// stays for 30 s; storage_full when there is no space for the copy; else as disk_fault. After a
  /// fault the file is as it was.
  result<compaction> compact();

private:
  struct closer {
    void operator()(MDB_env* env) const { mdb_env_close(env); }
  };

  environment(std::filesystem::path path, environment_options options);
  result<nothing> open_file(uint64_t map_bytes);
  result<nothing> mend_length();
  result<nothing> open_tables();
  result<MDB_dbi> find(std::string_view table) const;
  int apply(std::span<const write* const> writes);
  result<nothing> grow();
  result<nothing> exchange_with(const std::filesystem::path& beside);
  bool same_handles(const environment& copy) const { return tables_ == copy.tables_; }
  void trade_files(environment& copy) noexcept { env_.swap(copy.env_); }
  fault failed(int rc, std::string_view doing) const;

  std::filesystem::path path_;
  environment_options options_;
  std::unique_ptr<map_gate> gate_;
  std::unique_ptr<MDB_env, closer> env_;
  std::map<std::string, MDB_dbi, std::less<>> tables_; // fixed after open(), so safe to share
};

} // namespace sluice::storage
