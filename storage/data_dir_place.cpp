#include "storage/data_dir_place.hpp"

#include "rules/api/key.hpp"
#include "storage/disk_fault.hpp"
#include "storage/lock_file.hpp"
#include "storage/marker.hpp"
#include "storage/tables.hpp"

#include <sys/stat.h>

#include <algorithm>
#include <cerrno>

namespace sluice::storage {

namespace fs = std::filesystem;

namespace {

constexpr uint32_t parents_mode = 0755;
constexpr uint32_t all_rights = 0777;
constexpr uint32_t rights_of_others = 0077;

std::string octal(uint32_t mode) {
  std::string digits;
  for (int shift = 6; shift >= 0; shift -= 3)
    digits += static_cast<char>('0' + ((mode >> static_cast<uint32_t>(shift)) & 7U));
  return digits;
}

/// True when others lost rights by it.
bool set_rights(const fs::path& path, uint32_t wanted, uint32_t& before) {
  struct stat seen {};
  if (::lstat(path.c_str(), &seen) != 0 || S_ISLNK(seen.st_mode))
    return false;
  before = seen.st_mode & all_rights;
  const auto after = (before & ~rights_of_others) | (wanted & rights_of_others);
  return after != before && ::chmod(path.c_str(), after) == 0 && (before & ~after) != 0;
}

} // namespace

fs::path tidy_path(const fs::path& path) {
  auto p = path.lexically_normal();
  return p.has_filename() || !p.has_parent_path() ? p : p.parent_path();
}

result<bool> is_folder_there(const fs::path& path) {
  struct stat seen {};
  if (::stat(path.c_str(), &seen) != 0) {
    if (errno == ENOENT)
      return false;
    return disk_fault(errno, path, "look there");
  }
  if (!S_ISDIR(seen.st_mode))
    return fault{ec::bad_input, path.string() + ": not a folder; choose another --data"};
  return true;
}

result<nothing> make_data_folder(const fs::path& path, new_files& made, uint32_t mode) {
  std::vector<fs::path> missing;
  for (auto p = path; !p.empty(); p = p.parent_path()) {
    auto there = is_folder_there(p);
    if (!there)
      return there.error();
    if (*there)
      break;
    missing.push_back(p);
  }
  for (; !missing.empty(); missing.pop_back()) {
    const auto& p = missing.back();
    made.note(p);
    const bool last = missing.size() == 1;
    if (::mkdir(p.c_str(), last ? mode : parents_mode) != 0 && errno != EEXIST)
      return disk_fault(errno, p, "create the folder");
    if (last && ::chmod(p.c_str(), mode) != 0)
      return disk_fault(errno, p, "create the folder");
    if (auto synced = sync_folder(p.parent_path()); !synced)
      return synced;
  }
  return nothing{};
}

result<nothing> demand_empty_folder(const fs::path& path) {
  std::error_code failed;
  for (const auto& place : store_places)
    if (fs::exists(path / place.folder / "data.mdb", failed))
      return fault{ec::bad_input, path.string()
                                    + ": has stores but no marker SLUICE, and the stores do not "
                                      "state whose they are (they are of a version before 0.3.0, "
                                      "or not Sluice's); put SLUICE back from a backup, or choose "
                                      "another --data"};
  for (fs::directory_iterator i{path, failed}, end; !failed && i != end; i.increment(failed)) {
    const auto name = i->path().filename().string();
    if (name != lock_name && name != std::string{marker_name} + ".tmp" && name != "lost+found"
        && name != api_keys_file_name && name != api_keys_lock_name)
      return fault{ec::bad_input, path.string()
                                    + ": has files but is not a Sluice data folder; choose an "
                                      "empty one"};
  }
  if (failed)
    return disk_fault(failed.value(), path, "read the folder");
  return nothing{};
}

std::string set_data_rights(const fs::path& path, uint32_t file_mode) {
  const auto folder_mode = folder_mode_of(file_mode);
  uint32_t before = 0;
  const bool closed = set_rights(path, folder_mode, before);
  uint32_t ignored = 0;
  set_rights(path / lock_name, file_mode, ignored);
  set_rights(path / marker_name, file_mode, ignored);
  for (const auto& place : store_places) {
    set_rights(path / place.folder, folder_mode, ignored);
    set_rights(path / place.folder / "data.mdb", file_mode, ignored);
    set_rights(path / place.folder / "lock.mdb", file_mode, ignored);
  }
  if (!closed)
    return {};
  return path.string() + ": others could read this folder (its rights were " + octal(before)
         + "); now they are " + octal(folder_mode);
}

std::vector<std::string>
tables_of_store(std::string_view store, const schema& layout, uint32_t schema_there) {
  std::vector<std::string> names;
  const auto add = [&](const table_name& table) {
    if (table.store == store && std::find(names.begin(), names.end(), table.name) == names.end())
      names.emplace_back(table.name);
  };
  add({tables::meta.store, tables::meta.name});
  add({tables::journal.store, tables::journal.name});
  if (store != node_store)
    add({store, tables::applied_in(store).name});
  if (layout.version >= stamped_since)
    add({store, tables::stamp_in(store).name});
  for (const auto& table : layout.tables)
    add(table);
  for (const auto& step : layout.migrations)
    if (step.from >= schema_there)
      for (const auto& table : step.old_tables)
        add(table);
  return names;
}

} // namespace sluice::storage
