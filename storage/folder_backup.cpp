#include "storage/folder_backup.hpp"

#include "rules/api/key.hpp"
#include "storage/backup_digest.hpp"
#include "storage/disk_fault.hpp"
#include "storage/files.hpp"
#include "storage/key.hpp"
#include "storage/stamp.hpp"

#include <sys/stat.h>

#include <algorithm>
#include <cerrno>
#include <utility>

namespace sluice::storage {

namespace fs = std::filesystem;

namespace {

constexpr int64_t moment_s_max = 253'402'300'799; // the last second of the year 9999
constexpr uint64_t backups_kept_max = 1000;
constexpr uint64_t map_bytes_more = uint64_t{64} << 20;
constexpr size_t small_file_bytes_max = 16 << 20;
constexpr uint32_t copied_file_mode = 0600;

result<nothing> make_closed_folder(const fs::path& folder) {
  if (::mkdir(folder.c_str(), folder_mode_of(copied_file_mode)) != 0)
    return disk_fault(errno, folder, "create the folder");
  return nothing{};
}

uint64_t stated_rows(folder_set& set) {
  uint64_t rows = 0;
  for (const auto& store : set.stores())
    for (const auto& table : store.tables())
      rows += table.rows;
  return rows;
}

/// What is in a copy that was just written: nobody else has it.
result<store_digest>
digest_of_copy(const fs::path& folder, const std::string& store, work_progress& progress) {
  auto rows = store_rows::open(folder, store, true);
  if (!rows)
    return rows.error();
  if (auto begun = rows->begin(); !begun)
    return begun.error();
  if (auto named = rows->name_tables(); !named)
    return named.error();
  store_digest made;
  for (const auto& table : rows->tables())
    made.push_back({table.name, 0, 0});
  auto at = made.begin();
  const auto walked
    = rows->walk([&](std::string_view table, std::string_view key, std::string_view value) {
        while (at->name != table)
          ++at;
        add_to_digest(*at, key, value);
        progress.add_row();
        return result<nothing>{nothing{}};
      });
  if (!walked)
    return walked.error();
  return made;
}

/// A small file beside the stores; nothing when there is none.
result<nothing> copy_small(const fs::path& from, const fs::path& to, std::string_view name,
                           std::vector<manifest_file>& files) {
  std::error_code unknown;
  if (!fs::exists(from / name, unknown))
    return nothing{};
  const auto bytes = read_whole(from / name, small_file_bytes_max);
  if (!bytes)
    return bytes.error();
  if (auto kept = write_whole(to / name, *bytes, copied_file_mode); !kept)
    return kept;
  auto seen = look_at_bytes(to / name, std::string{name});
  if (!seen)
    return seen.error();
  files.push_back(*std::move(seen));
  return nothing{};
}

/// Everything but the manifest, into the folder `to`, which is there and empty.
result<backup_manifest> copy_set(folder_set& set, const fs::path& to, work_progress& progress) {
  if (auto begun = set.begin(); !begun)
    return begun.error();
  const auto stamps = set.stamps();
  if (!stamps)
    return stamps.error();
  progress.done(0, 2 * stated_rows(set));
  backup_manifest made;
  made.mark = set.mark();
  made.commit = last_commit_of(*stamps);
  for (size_t i = 0; i < set.stores().size(); ++i) {
    const std::string folder{store_places[i].folder};
    auto copied = copy_store(set.stores()[i], to / folder, folder + "/data.mdb", progress);
    if (!copied)
      return copied.error();
    copied->commit = stamps->empty() ? 0 : (*stamps)[i].commit;
    made.stores.push_back(*std::move(copied));
  }
  if (auto marked = write_marker(to, made.mark, copied_file_mode); !marked)
    return marked.error();
  auto mark = look_at_bytes(to / marker_name, std::string{marker_name});
  if (!mark)
    return mark.error();
  made.files.push_back(*std::move(mark));
  if (auto copied = copy_small(set.path(), to, api_keys_file_name, made.files); !copied)
    return copied.error();
  return made;
}

/// A folder beside `to` that becomes `to` when `fill` has not failed, and else is taken away.
template <class Fill>
result<backup_manifest> fill_folder(const fs::path& to, Fill fill) {
  auto growing = to;
  growing += ".tmp";
  std::error_code failed;
  fs::remove_all(growing, failed);
  if (auto folder = make_closed_folder(growing); !folder)
    return folder.error();
  auto made = fill(growing);
  if (made) {
    fs::rename(growing, to, failed);
    if (!failed) {
      if (auto synced = sync_folder(fs::absolute(to).parent_path()); !synced)
        return synced.error();
      return made;
    }
    made = disk_fault(failed.value(), to, "create the folder");
  }
  std::error_code ignored;
  fs::remove_all(growing, ignored);
  return made;
}

result<nothing> demand_sensible(const folder_backup_order& order) {
  if (order.keep > backups_kept_max)
    return fault{ec::out_of_range,
                 "backups to keep: expected 0 to 1000, got " + std::to_string(order.keep)};
  if (order.now_s < 0 || order.now_s > moment_s_max)
    return fault{ec::out_of_range, "the moment of a backup: expected 0 to "
                                     + std::to_string(moment_s_max) + " s, got "
                                     + std::to_string(order.now_s)};
  return nothing{};
}

} // namespace

result<manifest_store>
copy_store(store_rows& from, const fs::path& to, const std::string& name, work_progress& progress) {
  if (auto made = make_closed_folder(to); !made)
    return made.error();
  auto writer
    = store_rows_writer::create(to, from.used_bytes() * 2 + map_bytes_more, copied_file_mode);
  if (!writer)
    return writer.error();
  manifest_store made{from.store(), 0, {}, {}};
  for (const auto& table : from.tables()) { // empty ones too
    made.tables.push_back({table.name, 0, 0});
    if (auto begun = writer->begin_table(table.name); !begun)
      return begun.error();
  }
  const bool checksums = has_row_checksums(from);
  auto at = made.tables.begin();
  bool begun_there = false;
  const auto copied = from.walk(
    [&](std::string_view table, std::string_view key, std::string_view value) -> result<nothing> {
      progress.at(from.store(), table, key);
      progress.add_row();
      if (const auto plain = plain_value(checksums, table, key, value); !plain)
        return fault{plain.error().code, from.path().string() + ": table " + std::string{table}
                                           + ", row " + to_hex(key) + ": " + plain.error().what};
      for (; at->name != table; ++at)
        begun_there = false;
      if (!begun_there)
        if (auto begun = writer->begin_table(table); !begun)
          return begun;
      begun_there = true;
      add_to_digest(*at, key, value);
      return writer->add(key, value);
    });
  if (!copied)
    return copied.error();
  if (auto finished = writer->finish(); !finished)
    return finished.error();
  const auto copy = digest_of_copy(to, from.store(), progress);
  if (!copy)
    return copy.error();
  if (const auto difference = difference_of_digests(made.tables, *copy); !difference.empty())
    return fault{ec::corrupt_data,
                 to.string() + ": the copy is not equal to the original: " + difference};
  auto file = look_at_bytes(to / "data.mdb", name);
  if (!file)
    return file.error();
  made.file = *std::move(file);
  return made;
}

result<backup_manifest> copy_folder(const fs::path& data, const fs::path& to, uint32_t schema_max,
                                    work_progress& progress) {
  auto set = folder_set::open(data, schema_max);
  if (!set)
    return set.error();
  return fill_folder(to, [&](const fs::path& at) { return copy_set(*set, at, progress); });
}

result<folder_backup_report>
back_up_folder(const folder_backup_order& order, work_progress& progress) {
  if (auto sensible = demand_sensible(order); !sensible)
    return sensible.error();
  auto set = folder_set::open(order.data, order.schema_max);
  if (!set)
    return set.error();
  std::error_code failed;
  fs::create_directories(order.to, failed);
  if (failed)
    return disk_fault(failed.value(), order.to, "create the folder");
  erase_unfinished_backups(order.to);
  const auto place = free_backup_place(order.to, order.now_s);
  if (!place)
    return place.error();
  const auto fill = [&](const fs::path& at) -> result<backup_manifest> {
    auto made = copy_set(*set, at, progress);
    if (!made)
      return made;
    made->taken_s = place->taken_s;
    if (auto stated = write_whole(at / manifest_name, manifest_text(*made), copied_file_mode);
        !stated)
      return stated.error();
    return made;
  };
  auto manifest = fill_folder(place->path, fill);
  if (!manifest)
    return manifest.error();
  folder_backup_report report{place->path.string(), *std::move(manifest), {}};
  if (order.keep == 0)
    return report;
  const auto erased = erase_older_backups(order.to, order.keep);
  if (!erased)
    return erased.error();
  for (const auto& path : *erased)
    report.erased.push_back(path.string());
  return report;
}

} // namespace sluice::storage
