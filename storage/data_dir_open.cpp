#include "rules/api/key.hpp"
#include "storage/data_dir.hpp"
#include "storage/disk_fault.hpp"
#include "storage/tables.hpp"

#include <sys/stat.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <csignal>

namespace sluice::storage {

namespace fs = std::filesystem;

namespace {

struct store_place {
  std::string_view store;
  std::string_view folder;
};

constexpr std::array<store_place, 3> places{{
  {node_store, "node"},
  {pool_events_store, "pool-events"},
  {devchain_store, "devchain"},
}};

/// Without "." and without a slash at the end.
fs::path tidy(const fs::path& path) {
  auto p = path.lexically_normal();
  return p.has_filename() || !p.has_parent_path() ? p : p.parent_path();
}

enum class place { missing, folder };

result<place> look(const fs::path& path) {
  struct stat seen {};
  if (::stat(path.c_str(), &seen) != 0) {
    if (errno == ENOENT)
      return place::missing;
    return disk_fault(errno, path, "look there");
  }
  if (!S_ISDIR(seen.st_mode))
    return fault{ec::bad_input, path.string() + ": not a folder; choose another --data"};
  return place::folder;
}

/// Creates the folder with its missing parents.
result<nothing> make_folders(const fs::path& path, new_files& made) {
  std::vector<fs::path> missing;
  for (auto p = path; !p.empty(); p = p.parent_path()) {
    auto there = look(p);
    if (!there)
      return there.error();
    if (*there == place::folder)
      break;
    missing.push_back(p);
  }
  for (; !missing.empty(); missing.pop_back()) {
    const auto& p = missing.back();
    made.note(p);
    if (::mkdir(p.c_str(), 0755) != 0 && errno != EEXIST)
      return disk_fault(errno, p, "create the folder");
    if (auto synced = sync_folder(p.parent_path()); !synced)
      return synced;
  }
  return nothing{};
}

/// A folder without a marker is ours to take only when nobody else has put anything there. What a
/// creation that was killed can leave (the lock, half a marker) does not count, nor do keys of the
/// API that were made before the first start.
result<nothing> demand_empty(const fs::path& path) {
  std::error_code failed;
  for (fs::directory_iterator i{path, failed}, end; !failed && i != end; i.increment(failed)) {
    const auto name = i->path().filename().string();
    if (name != lock_name && name != std::string{marker_name} + ".tmp" && name != "lost+found"
        && name != api_keys_file_name)
      return fault{ec::bad_input, path.string()
                                    + ": has files but is not a Sluice data folder; choose an "
                                      "empty one"};
  }
  if (failed)
    return disk_fault(failed.value(), path, "read the folder");
  return nothing{};
}

fault newer(const fs::path& path, const marker& there, const schema& layout) {
  return {ec::schema_mismatch, path.string() + ": written by a newer sluice (" + there.who.version
                                 + ", schema " + std::to_string(there.schema)
                                 + "; this one knows schema " + std::to_string(layout.version)
                                 + "); use that version or another --data"};
}

/// The marker, or none in a folder that may become ours.
result<std::optional<marker>> inspect(const fs::path& path, const schema& layout) {
  auto found = read_marker(path, layout.version);
  if (!found)
    return found;
  if (!*found)
    if (auto free = demand_empty(path); !free)
      return free.error();
  if (*found && (*found)->schema > layout.version)
    return newer(path, **found, layout);
  return found;
}

/// Is LMDB's lock file, or the folder where it is missing, closed to our writing?
bool lock_refused(const fs::path& folder) {
  const int rc = write_refusal(folder / "lock.mdb");
  return (rc == ENOENT ? write_refusal(folder) : rc) != 0;
}

/// All tables of a store, with those that a folder of an older schema still has.
std::vector<std::string>
tables_of(std::string_view store, const schema& layout, uint32_t schema_there) {
  std::vector<std::string> names;
  const auto add = [&](const table_name& table) {
    if (table.store == store && std::find(names.begin(), names.end(), table.name) == names.end())
      names.emplace_back(table.name);
  };
  add({tables::meta.store, tables::meta.name});
  add({tables::journal.store, tables::journal.name});
  if (store != node_store)
    add({store, tables::applied_in(store).name});
  for (const auto& table : layout.tables)
    add(table);
  for (const auto& step : layout.migrations)
    if (step.from >= schema_there)
      for (const auto& table : step.old_tables)
        add(table);
  return names;
}

result<nothing>
demand_same(const fs::path& path, const identity& there, const identity& who, bool adopt_config) {
  if (there.seed != who.seed)
    return fault{ec::refused, path.string() + ": belongs to a run with seed "
                                + std::to_string(there.seed) + ", not " + std::to_string(who.seed)
                                + "; use that seed or another --data"};
  if (there.config_digest != who.config_digest && !adopt_config)
    return fault{ec::refused, path.string() + ": belongs to another configuration (digest "
                                + there.config_digest + ", now " + who.config_digest
                                + "); use that one or another --data"};
  return nothing{};
}

} // namespace

result<data_dir> data_dir::open(const fs::path& path, const identity& who, open_mode mode,
                                const data_dir_options& options) {
  std::signal(SIGXFSZ, SIG_IGN); // a full quota is an answer of write(), not the end
  static const auto own = schema_with({});
  const auto& layout = options.layout ? *options.layout : own;
  const auto folder = tidy(path);
  if (folder.empty())
    return fault{ec::bad_input, "the data folder has an empty name"};
  if (mode == open_mode::read_only)
    return open_to_read(folder, options, layout);
  return open_to_write(folder, who, options, layout);
}

result<data_dir> data_dir::open_to_read(const fs::path& path, const data_dir_options& options,
                                        const schema& layout) {
  const auto there = look(path);
  if (!there)
    return there.error();
  if (*there == place::missing)
    return fault{ec::unreachable, path.string() + ": there is no such folder"};
  const auto mark = read_marker(path, layout.version);
  if (!mark)
    return mark.error();
  if (!*mark)
    return fault{ec::bad_input, path.string() + ": not a Sluice data folder"};
  if ((*mark)->schema > layout.version)
    return newer(path, **mark, layout);
  data_dir dir{path, (*mark)->who, (*mark)->schema};
  new_files made;
  if (auto opened = dir.open_stores(layout, options, true, made); !opened)
    return opened.error();
  if (auto fits = dir.check_schema(layout); !fits)
    return fits.error();
  if (dir.schema_ < layout.version)
    return fault{ec::schema_mismatch, path.string() + ": has schema " + std::to_string(dir.schema_)
                                        + ", this version reads " + std::to_string(layout.version)
                                        + "; start the node once to migrate it"};
  return dir;
}

result<data_dir> data_dir::open_to_write(const fs::path& path, const identity& who,
                                         const data_dir_options& options, const schema& layout) {
  new_files made;
  data_dir dir{path, who, layout.version};
  const auto open = [&]() -> result<nothing> {
    if (auto folders = make_folders(path, made); !folders)
      return folders;
    if (auto ours = inspect(path, layout); !ours) // before anything in it is touched
      return ours.error();
    auto lock = lock_file::take(path, made);
    if (!lock)
      return lock.error();
    dir.lock_ = *std::move(lock);
    return dir.take_over(options, layout, made);
  };
  if (auto opened = open(); !opened) {
    made.undo(); // still under the lock, if it came to that
    return opened.error();
  }
  return dir;
}

/// Under the lock. A new folder gets its marker first: from then on it is known to be ours, and
/// whatever else is missing is made at the next attempt.
result<nothing>
data_dir::take_over(const data_dir_options& options, const schema& layout, new_files& made) {
  const auto found = inspect(path_, layout); // again: another process may have been here
  if (!found)
    return found.error();
  const auto asked = who_;
  if (*found) {
    if (auto same = demand_same(path_, (*found)->who, asked, options.adopt_config); !same)
      return same;
    who_ = (*found)->who;
    who_.config_digest = asked.config_digest;
    schema_ = (*found)->schema;
  } else {
    made.note(path_ / marker_name);
    if (auto marked = write_marker(path_, {schema_, who_}); !marked)
      return marked;
  }
  if (auto opened = open_stores(layout, options, false, made); !opened)
    return opened;
  if (auto fits = check_schema(layout); !fits)
    return fits;
  if (auto rolled = roll_forward(); !rolled)
    return rolled;
  if (schema_ < layout.version) {
    if (auto migrated = migrate(layout); !migrated)
      return migrated;
    who_.version = asked.version;
  }
  if (*found && **found != marker{schema_, who_})
    return write_marker(path_, {schema_, who_});
  return nothing{};
}

result<nothing> data_dir::open_stores(const schema& layout, const data_dir_options& options,
                                      bool read_only, new_files& made) {
  bool no_lock = false;
  for (const auto& place : places)
    no_lock = no_lock || (read_only && lock_refused(path_ / place.folder));
  if (no_lock) {
    auto lock = lock_file::take_to_read(path_);
    if (!lock)
      return lock.error();
    lock_ = *std::move(lock);
  }
  for (const auto& place : places) {
    const auto folder = path_ / place.folder;
    made.note(folder);
    made.note(folder / "lock.mdb");
    made.note(folder / "data.mdb");
    environment_options o;
    o.store = place.store;
    o.tables = tables_of(place.store, layout, schema_);
    o.map_bytes = options.map_bytes;
    o.read_only = read_only;
    o.no_lock = no_lock;
    auto opened = environment::open(folder, std::move(o));
    if (!opened)
      return opened.error();
    stores_.push_back(*std::move(opened));
  }
  return nothing{};
}

/// The number in the database counts; the marker is written after it and may lag behind.
result<nothing> data_dir::check_schema(const schema& layout) {
  const auto there = tables::meta.find(*this, tables::schema_key);
  if (!there)
    return there.error();
  if (*there)
    schema_ = **there;
  if (schema_ > layout.version)
    return newer(path_, {schema_, who_}, layout);
  return nothing{};
}

} // namespace sluice::storage
