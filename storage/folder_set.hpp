/// The stores of a data folder, or of a copy of one, read together at one moment.
#pragma once

#include "storage/data_dir_place.hpp"
#include "storage/files.hpp"
#include "storage/lock_file.hpp"
#include "storage/stamp.hpp"
#include "storage/store_rows.hpp"

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace sluice::storage {

/// What a backup states about itself lies in a file of this name, written last.
inline constexpr std::string_view manifest_name = "MANIFEST";

/// How the stores of a folder are to be opened by a reader.
struct reading_terms {
  bool no_lock = false; // nobody writes them meanwhile
  bool backup = false;  // the folder has a manifest
  lock_file kept_out{}; // keeps writers out, where this user may not take part
};

/// Beside a node a reader takes a slot in LMDB's lock file; where that cannot be written, and in a
/// backup, it reads without. busy when a node writes and this user may not take part.
result<reading_terms> how_to_read(const std::filesystem::path& folder);

/// For tools, in a process that has the folder open nowhere else; damaged bytes may end it
/// (guarded_work.hpp).
class folder_set {
public:
  /// Opens all stores beside whoever writes them. `schema_max`: as read_marker. Faults: unreachable
  /// (no folder), bad_input (not a data folder), schema_mismatch (written by a newer version), busy
  /// as how_to_read, corrupt_data with the store that cannot be read.
  static result<folder_set> open(const std::filesystem::path& folder, uint32_t schema_max);

  /// From now on all stores are read as they were at one and the same moment: nobody committed to
  /// any of them while their transactions began. Prefers a moment at which no commit over several
  /// stores is half done. Pages are followed before LMDB reads them. busy: they were written to
  /// each time, for some seconds.
  result<nothing> begin();

  std::vector<store_rows>& stores() { return stores_; }
  const std::filesystem::path& path() const { return path_; }
  const marker& mark() const { return mark_; }
  bool is_backup() const { return terms_.backup; }

  /// Of all stores, in their order, after begin(); none when the folder is of a schema before
  /// stamps. Faults: corrupt_data when one cannot be read, or as check_set (stamp.hpp).
  result<std::vector<store_stamp>> stamps();

private:
  explicit folder_set(std::filesystem::path path) : path_(std::move(path)) {}
  result<nothing> open_stores();
  result<bool> begin_once();
  result<bool> settled();

  std::filesystem::path path_;
  marker mark_;
  reading_terms terms_; // let go of after the stores are closed
  std::vector<store_rows> stores_;
  std::vector<file_mark> files_; // of data.mdb of each, when it was opened
};

/// The store's own stamp; none when it has none, which is so before schema 5. corrupt_data when it
/// cannot be read.
result<std::optional<store_stamp>> stamp_of_store(store_rows& store);

/// Does the store's own file state that its rows carry checksums? The table `stamp` does.
bool has_row_checksums(const store_rows& store);

/// The value as the table's type writes it: without the checksum behind it when rows have them.
/// corrupt_data when the checksum is not that of this row.
result<std::string_view> plain_value(bool with_checksums, std::string_view table,
                                     std::string_view key, std::string_view stored);

/// Files and folders in it that no part of this program makes there. Paths from the folder, sorted;
/// at most 1000 of them. Faults: as disk_fault.
result<std::vector<std::string>> foreign_names(const std::filesystem::path& folder);

} // namespace sluice::storage
