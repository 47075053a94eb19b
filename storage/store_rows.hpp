/// One store's rows as bytes, of whatever tables it has: read in one transaction, or written in
/// order.
#pragma once

#include "rules/result.hpp"
#include "storage/map_gate.hpp"
#include "storage/transaction.hpp"

#include <cstdint>
#include <filesystem>
#include <functional>
#include <lmdb.h>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace sluice::storage {

struct environment_closer {
  void operator()(MDB_env* env) const { mdb_env_close(env); }
};

/// What a store states about one of its tables. `rows`: a count; `bytes`: of its pages.
struct stated_table {
  std::string name;
  uint64_t rows = 0;
  uint64_t bytes = 0;
};

/// For tools of a folder, in a process that has it open nowhere else. Damaged bytes may end the
/// process: call it inside run_guarded (guarded_work.hpp). Faults here: corrupt_data where pages,
/// rows or their order are not what they state, else as disk_fault.
class store_rows {
public:
  /// Opens data.mdb of `folder` to read. `no_lock`: nobody writes meanwhile, and no file of LMDB's
  /// is made. `store` is for sentences and for whoever watches the progress.
  static result<store_rows>
  open(const std::filesystem::path& folder, std::string store, bool no_lock);

  /// Everything below reads the newest commit from now on; a second call takes a newer one.
  result<nothing> begin();
  /// Learns which tables there are at that moment; before it there are none.
  result<nothing> name_tables();
  /// LMDB's number of the commit that is read, and of the newest one there is: equal while nobody
  /// has written since begin(). From 0.
  uint64_t moment() const;
  uint64_t newest() const;

  /// By name.
  const std::vector<stated_table>& tables() const { return tables_; }
  /// A value; none when there is no such table or key.
  result<std::optional<std::string>> get(std::string_view table, std::string_view key);

  /// Every row, table by table, in order; a fault of `visit` ends it. The views end with the call.
  using visitor = std::function<result<nothing>(std::string_view table, std::string_view key,
                                                std::string_view value)>;
  result<nothing> walk(const visitor& visit);
  /// Follows every page of that moment without LMDB (page_check.hpp): call it before name_tables().
  /// Nothing is looked at when two commits have been made since.
  result<nothing> check_pages();
  /// The lists of free pages (free_pages.hpp).
  result<nothing> check_free_pages();

  const std::string& store() const { return store_; }
  const std::filesystem::path& path() const { return path_; }
  /// Length of data.mdb in bytes, and how much of it pages have ever used. Faults: as disk_fault.
  result<uint64_t> file_bytes() const;
  uint64_t used_bytes() const;
  /// Slots of readers that are taken, ours among them; 0 without locks.
  uint64_t readers() const;

private:
  store_rows(std::filesystem::path path, std::string store)
    : path_(std::move(path)), store_(std::move(store)), gate_(std::make_unique<map_gate>()) {}
  result<nothing> walk_table(size_t number, const visitor& visit);
  fault failed(int rc, std::string_view doing) const;

  std::filesystem::path path_;
  std::string store_;
  std::unique_ptr<map_gate> gate_;
  std::unique_ptr<MDB_env, environment_closer> env_;
  std::unique_ptr<transaction> read_; // ends before the environment
  std::vector<stated_table> tables_;
  std::vector<MDB_dbi> dbis_; // of tables_
};

/// Writes a new data.mdb: tables in any order, the rows of each in the order of their keys. It is
/// on the disk when finish() has answered; until then it is no file of anybody's. Faults:
/// storage_full, read_only, corrupt_data (keys out of order), or as disk_fault.
class store_rows_writer {
public:
  /// `folder` exists and has no data.mdb. `map_bytes`: address space, more than it will hold.
  static result<store_rows_writer>
  create(const std::filesystem::path& folder, uint64_t map_bytes, unsigned file_mode);

  result<nothing> begin_table(std::string_view name);
  /// Into the table that was begun last. A key has 1 to 511 bytes.
  result<nothing> add(std::string_view key, std::string_view value);
  result<nothing> finish();

private:
  explicit store_rows_writer(std::filesystem::path path)
    : path_(std::move(path)), gate_(std::make_unique<map_gate>()) {}
  result<nothing> open_table();
  fault failed(int rc, std::string_view doing) const;

  std::filesystem::path path_;
  std::unique_ptr<map_gate> gate_;
  std::unique_ptr<MDB_env, environment_closer> env_;
  std::unique_ptr<transaction> write_; // of this object, in the thread that calls it
  std::string table_;
  MDB_dbi dbi_ = 0;
  uint64_t uncommitted_bytes_ = 0;
};

} // namespace sluice::storage
