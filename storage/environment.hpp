/// One LMDB file: many readers, one writer, every commit durable.
#pragma once

#include "rules/result.hpp"
#include "storage/batch.hpp"
#include "storage/map_guard.hpp"

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
  /// Eight bytes of checksum behind each value (row_checksum.hpp), seen by nobody above: rows are
  /// written with it, and one whose checksum is wrong is corrupt_data with store, table and key.
  bool checksums = false;
  /// Rights of the files that are made, whatever the umask is; folders can be entered by whoever
  /// may read the files. 0600, 0640 and the like, not checked.
  uint32_t file_mode = 0600;
  /// Make missing tables when opening a file that is there. Off: only make_tables() does, and
  /// opening an existing file changes nothing in it.
  bool make_tables = true;
  /// Read every page that the file's head leads to before LMDB does (page_check.hpp).
  bool check_pages = true;
};

/// What check_rows came to.
struct row_check_report {
  uint64_t rows = 0;
  uint64_t bad = 0;
  uint64_t commit = 0; // LMDB's own number of the transaction that was read
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
  /// Opens or creates the file in the folder `path`, whose parent must exist. Its head is read
  /// before LMDB sees it, and its pages are followed before LMDB does: a file that is damaged so
  /// that reading it would end the process is corrupt_data. Faults: read_only, storage_full,
  /// corrupt_data (not LMDB's, cut, damaged), unreachable. The process ignores SIGXFSZ from now on,
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
  /// than it states, or a row another checksum; else as disk_fault.
  using table_visitor
    = std::function<bool(std::string_view table, std::string_view key, std::string_view value)>;
  result<uint64_t> scan_all(const table_visitor& visit) const;

  /// Reads all rows in one read transaction; calls `bad` with a sentence for each whose checksum is
  /// wrong, and goes on while that answers true. Faults: as scan_all, but for bad rows.
  using bad_row_visitor
    = std::function<bool(std::string_view table, std::string_view key, const fault& why)>;
  result<row_check_report> check_rows(const bad_row_visitor& bad) const;

  /// Makes the tables that were named and are missing. Faults: as commit.
  result<nothing> make_tables();
  /// From now on rows carry checksums, or none. To be called before anything is read or written.
  void carry_checksums(bool yes) { options_.checksums = yes; }
  bool has_checksums() const { return options_.checksums; }
  /// Gives every row of every table of the file its checksum and puts `more` (without checksums
  /// yet), all in one transaction. From then on rows carry checksums. Faults: as commit; then
  /// nothing was changed. `progress` gets the number of rows so far, now and then.
  result<nothing> seal_rows(const batch& more, const std::function<void(uint64_t)>& progress = {});

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
  struct table_handle {
    MDB_dbi dbi = 0;
    uint64_t seed = 0; // of its checksums
    bool operator==(const table_handle&) const = default;
  };
  struct closer {
    void operator()(MDB_env* env) const { mdb_env_close(env); }
  };

  environment(std::filesystem::path path, environment_options options);
  using row_visitor
    = std::function<bool(std::string_view table, std::string_view key, std::string_view value)>;
  result<nothing> open_file(uint64_t map_bytes, bool is_new);
  result<nothing> make_folder();
  result<nothing> follow_pages();
  result<nothing> open_tables(bool make);
  result<const table_handle*> find(std::string_view table) const;
  std::string_view
  value_of(const table_handle& table, std::string_view key, std::string_view stored) const;
  fault bad_checksum(std::string_view table, std::string_view key) const;
  result<uint64_t> walk_all(const row_visitor& visit) const;
  result<nothing> with_growth(const std::function<int()>& apply_all);
  int apply(std::span<const write* const> writes);
  int apply(MDB_txn* txn, std::span<const write* const> writes) const;
  int put_value(MDB_txn* txn, const table_handle& table, std::string_view key,
                std::string_view value) const;
  result<nothing> open_unnamed_tables();
  int seal_all(std::span<const write* const> more, const std::function<void(uint64_t)>& progress);
  result<nothing> grow();
  result<nothing> exchange_with(const std::filesystem::path& beside);
  bool same_handles(const environment& copy) const { return tables_ == copy.tables_; }
  void trade_files(environment& copy) noexcept {
    env_.swap(copy.env_);
    called_.swap(copy.called_); // goes with what LMDB knows
  }
  fault failed(int rc, std::string_view doing) const;

  std::filesystem::path path_;
  environment_options options_;
  std::unique_ptr<map_gate> gate_;
  std::unique_ptr<std::filesystem::path> called_; // what LMDB's assertions are answered with
  std::unique_ptr<MDB_env, closer> env_;
  map_guard guard_;
  std::map<std::string, table_handle, std::less<>> tables_; // fixed after open(), safe to share
};

} // namespace sluice::storage
