#include "storage/disk_fault.hpp"
#include "storage/files.hpp"
#include "storage/folder_backup.hpp"
#include "storage/folder_swap.hpp"
#include "storage/lock_file.hpp"

#include <sys/stat.h>

#include <algorithm>
#include <cerrno>

namespace sluice::storage {

namespace fs = std::filesystem;

namespace {

constexpr uint32_t restored_file_mode = 0600;

/// Nothing at all, or an empty folder.
result<bool> is_free(const fs::path& data) {
  std::error_code failed;
  const auto there = fs::status(data, failed);
  if (there.type() == fs::file_type::not_found)
    return true;
  if (failed)
    return disk_fault(failed.value(), data, "look there");
  if (!fs::is_directory(there))
    return fault{ec::bad_input, data.string() + ": not a folder; choose another --data"};
  const bool empty = fs::is_empty(data, failed);
  if (failed)
    return disk_fault(failed.value(), data, "read the folder");
  return empty;
}

/// Copies one file of the backup and compares its bytes.
result<nothing> copy_stated(const fs::path& from, const fs::path& to, const manifest_file& stated) {
  const auto source = from / stated.name;
  const auto target = to / stated.name;
  std::error_code failed;
  const auto folder = target.parent_path();
  if (::mkdir(folder.c_str(), folder_mode_of(restored_file_mode)) != 0 && errno != EEXIST)
    return disk_fault(errno, folder, "create the folder");
  fs::copy_file(source, target, fs::copy_options::none, failed);
  if (failed)
    return disk_fault(failed.value(), target, "write");
  if (::chmod(target.c_str(), restored_file_mode) != 0)
    return disk_fault(errno, target, "write");
  const auto copied = look_at_bytes(target, stated.name);
  if (!copied)
    return copied.error();
  if (*copied != stated)
    return fault{ec::corrupt_data, source.string()
                                     + ": is not what was backed up: its bytes have another "
                                       "checksum than the manifest states; use another backup"};
  if (auto synced = sync_file(target); !synced)
    return synced;
  return sync_folder(folder);
}

result<nothing> copy_backup(const fs::path& from, const fs::path& to, const backup_manifest& x) {
  if (::mkdir(to.c_str(), folder_mode_of(restored_file_mode)) != 0)
    return disk_fault(errno, to, "create the folder");
  for (const auto& store : x.stores)
    if (auto copied = copy_stated(from, to, store.file); !copied)
      return copied;
  for (const auto& file : x.files)
    if (auto copied = copy_stated(from, to, file); !copied)
      return copied;
  return sync_folder(to);
}

/// All stores of a data folder and its marker, each once.
result<nothing> demand_whole(const backup_manifest& x, const fs::path& from) {
  for (const auto& place : store_places)
    if (std::count_if(x.stores.begin(), x.stores.end(),
                      [&](const auto& store) {
                        return store.store == place.store
                               && store.file.name == std::string{place.folder} + "/data.mdb";
                      })
        != 1)
      return fault{ec::corrupt_data, (from / manifest_name).string() + ": states no store "
                                       + std::string{place.store} + "; use another backup"};
  if (x.stores.size() == store_places.size()
      && std::any_of(x.files.begin(), x.files.end(),
                     [](const auto& file) { return file.name == marker_name; }))
    return nothing{};
  return fault{ec::corrupt_data, (from / manifest_name).string()
                                   + ": states no marker, or a store too many; use another backup"};
}

} // namespace

result<fs::path> backup_to_restore(const fs::path& from) {
  std::error_code unknown;
  if (fs::exists(from / manifest_name, unknown))
    return from;
  const auto all = list_backups(from);
  if (!all)
    return all.error();
  if (all->empty())
    return fault{ec::unreachable, from.string()
                                    + ": not a backup, and none is in it; name a folder "
                                      "that sluice db backup made"};
  return all->front().path;
}

result<folder_restore_report> restore_folder(const folder_restore_order& order) {
  const auto manifest = read_manifest(order.from);
  if (!manifest)
    return manifest.error();
  if (auto whole = demand_whole(*manifest, order.from); !whole)
    return whole.error();
  std::error_code failed;
  const auto data = fs::weakly_canonical(order.data, failed);
  if (failed || data.empty() || !data.has_filename())
    return fault{ec::bad_input, order.data.string() + ": no name of a folder; choose another"};
  const auto free = is_free(data);
  if (!free)
    return free.error();
  if (!*free && !order.force)
    return fault{ec::refused, data.string() + ": has files; with --force they are kept beside, as "
                                + data.filename().string()
                                + ".before-restore-TIME, and the backup comes in their place"};
  new_files made_lock;
  lock_file lock;
  if (!*free) {
    auto taken = lock_file::take(data, made_lock);
    if (!taken)
      return taken.error();
    lock = *std::move(taken);
  }
  auto growing = data;
  growing += ".restoring";
  auto aside = data;
  aside += ".before-restore-" + backup_stamp(order.now_s);
  fs::remove_all(growing, failed);
  fs::create_directories(data.parent_path(), failed);
  auto placed = copy_backup(order.from, growing, *manifest);
  if (placed)
    placed = put_in_place(growing, data, aside);
  if (!placed) {
    fs::remove_all(growing, failed);
    made_lock.undo();
    return placed.error();
  }
  if (*free)
    fs::remove(aside, failed); // at most an empty folder
  return folder_restore_report{*manifest, data.string(), *free ? "" : aside.string()};
}

} // namespace sluice::storage
