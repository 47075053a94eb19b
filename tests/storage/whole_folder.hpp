/// A data folder with rows in every store, and all rows of one, to be compared.
#pragma once

#include "storage/folder_backup.hpp"
#include "storage/guarded_work.hpp"
#include "tests/storage/small_disk.hpp"
#include "tests/storage/temp_folder.hpp"

#include <map>
#include <stdexcept>
#include <string>

namespace sluice::storage::test {

/// Batch `n`: rows in all three stores, so that a set shows whether it is of one moment.
inline batch in_all_stores(uint64_t n) {
  batch writes;
  tables::scores_of_mechanisms.put(writes, "m", {"m", {n}, {}, {}});
  tables::checkpoints.put(writes, {{"j"}, n}, {n, 0, std::string(n * 37 % 6000, 'x'), "c"});
  tables::extrinsics.put(writes, n, {});
  return writes;
}

/// Creates the folder, or goes on in it, with batches `from` to `to`.
inline void fill_folder(const std::filesystem::path& path, uint64_t from, uint64_t to) {
  auto dir = open(path);
  if (!dir)
    throw std::runtime_error(dir.error().what);
  for (uint64_t n = from; n <= to; ++n)
    if (auto kept = dir->commit(in_all_stores(n)); !kept)
      throw std::runtime_error(kept.error().what);
}

/// "store table key" -> value of every row, by the way that the node reads them.
inline std::map<std::string, std::string> rows_in(const std::filesystem::path& path) {
  const auto dir = data_dir::open(path, who, open_mode::read_only, {.layout = &layout()});
  if (!dir)
    throw std::runtime_error(dir.error().what);
  std::map<std::string, std::string> all;
  for (const auto* store : {&dir->node(), &dir->pool_events(), &dir->devchain()}) {
    const auto walked
      = store->scan_all([&](std::string_view table, std::string_view key, std::string_view value) {
          all[store->store() + ' ' + std::string{table} + ' ' + to_hex(key)] = value;
          return true;
        });
    if (!walked)
      throw std::runtime_error(walked.error().what);
  }
  return all;
}

/// A backup, taken in a child as the command does.
inline result<folder_backup_report>
backed_up(const std::filesystem::path& data, const std::filesystem::path& to, int64_t now_s,
          uint64_t keep = 0) {
  const auto bytes = run_guarded(data, [&](work_progress& progress) -> result<std::string> {
    auto made = back_up_folder({data, to, now_s, keep, tables::schema_version}, progress);
    if (!made)
      return made.error();
    return encode(*made);
  });
  if (!bytes)
    return bytes.error();
  return decode<folder_backup_report>(*bytes);
}

} // namespace sluice::storage::test
