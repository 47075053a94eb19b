#include "storage/data_dir.hpp"
#include "storage/data_dir_place.hpp"
#include "storage/disk_fault.hpp"
#include "storage/folder_id.hpp"
#include "storage/meta_page.hpp"
#include "storage/tables.hpp"

#include <algorithm>
#include <array>
#include <csignal>
#include <optional>

namespace sluice::storage {

namespace fs = std::filesystem;

namespace {

fault newer(const fs::path& path, const marker& there, const schema& layout) {
  return {ec::schema_mismatch, path.string() + ": written by a newer sluice (" + there.who.version
                                 + ", schema " + std::to_string(there.schema)
                                 + "; this one knows schema " + std::to_string(layout.version)
                                 + "); use that version or another --data"};
}

/// The marker, or what the stores state instead, or none in a folder that may become ours.
result<std::optional<marker>> inspect(const fs::path& path, const schema& layout) {
  auto found = find_marker(path, layout.version);
  if (!found)
    return found;
  if (!*found)
    if (auto free = demand_empty_folder(path); !free)
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

using file_looks = std::array<file_look, store_places.size()>;

result<file_looks> look_at_stores(const fs::path& path) {
  file_looks looks;
  for (size_t i = 0; i < looks.size(); ++i) {
    auto look = look_at_file(path / store_places[i].folder);
    if (!look && look.error().code == ec::corrupt_data)
      return fault{ec::corrupt_data, look.error().what + advice_to_restore(path.string())};
    if (!look)
      return look.error();
    looks[i] = *std::move(look);
  }
  return looks;
}

/// Before schema 5 nothing states that the stores were once complete, but what is in the others: a
/// store that was only made has taken part in one transaction of LMDB.
bool may_be_missing(const marker& found, const file_looks& looks) {
  if (found.stores == stores_state::making)
    return true;
  return found.schema < stamped_since && found.stores == stores_state::ready
         && std::ranges::all_of(
           looks, [](const file_look& x) { return !x.head || x.head->newest().commit <= 1; });
}

result<nothing>
demand_all_there(const fs::path& path, const marker& found, const file_looks& looks) {
  if (may_be_missing(found, looks))
    return nothing{};
  for (size_t i = 0; i < looks.size(); ++i)
    if (looks[i].state != file_state::whole)
      return fault{ec::corrupt_data,
                   path.string() + ": the store " + std::string{store_places[i].store} + " is "
                     + (looks[i].state == file_state::missing ? "missing: there is no "
                                                              : "empty: 0 bytes are in ")
                     + (path / store_places[i].folder / "data.mdb").string()
                     + advice_to_restore(path.string())};
  return nothing{};
}

} // namespace

result<data_dir> data_dir::open(const fs::path& path, const identity& who, open_mode mode,
                                const data_dir_options& options) {
  std::signal(SIGXFSZ, SIG_IGN); // a full quota is an answer of write(), not the end
  static const auto own = schema_with({});
  const auto& layout = options.layout ? *options.layout : own;
  const auto folder = tidy_path(path);
  if (folder.empty())
    return fault{ec::bad_input, "the data folder has an empty name"};
  if (mode == open_mode::read_only)
    return open_to_read(folder, options, layout);
  return open_to_write(folder, who, options, layout);
}

result<data_dir> data_dir::open_to_read(const fs::path& path, const data_dir_options& options,
                                        const schema& layout) {
  const auto there = is_folder_there(path);
  if (!there)
    return there.error();
  if (!*there)
    return fault{ec::unreachable, path.string() + ": there is no such folder"};
  const auto mark = find_marker(path, layout.version);
  if (!mark)
    return mark.error();
  if (!*mark)
    return fault{ec::bad_input, path.string() + ": not a Sluice data folder"};
  if ((*mark)->schema > layout.version)
    return newer(path, **mark, layout);
  data_dir dir{path, (*mark)->who, (*mark)->schema};
  new_files made;
  if (auto opened = dir.open_there(**mark, layout, options, true, made); !opened)
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
  dir.file_mode_ = options.file_mode;
  const auto open = [&]() -> result<nothing> {
    if (auto folders = make_data_folder(path, made, folder_mode_of(options.file_mode)); !folders)
      return folders;
    if (auto ours = inspect(path, layout); !ours) // before anything in it is touched
      return ours.error();
    auto lock = lock_file::take(path, made, options.file_mode);
    if (!lock)
      return lock.error();
    dir.lock_ = *std::move(lock);
    return dir.take_over(options, layout, made);
  };
  if (auto opened = open(); !opened) {
    made.undo(); // still under the lock, if it came to that
    dir.lost_ = opened.error();
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
  const bool is_new = !*found;
  auto there = found->value_or(marker{schema_, who_, "", stores_state::making});
  if (!is_new) {
    if (auto same = demand_same(path_, there.who, asked, options.adopt_config); !same)
      return same;
    who_ = there.who;
    who_.config_digest = asked.config_digest;
    schema_ = there.schema;
    id_ = there.folder;
  } else {
    if (schema_ >= stamped_since)
      id_ = there.folder = options.fresh_id.empty() ? fresh_folder_id() : options.fresh_id;
    made.note(path_ / marker_name);
    if (auto marked = write_own_marker(stores_state::making); !marked)
      return marked;
  }
  if (auto opened = open_there(there, layout, options, false, made); !opened)
    return opened;
  if (auto there_now = make_missing(layout, options, made); !there_now)
    return there_now;
  if (auto fits = check_schema(layout); !fits)
    return fits;
  if (auto rolled = roll_forward(); !rolled)
    return rolled;
  if (schema_ < layout.version) {
    if (auto migrated = migrate(layout, options); !migrated)
      return migrated;
    who_.version = asked.version;
  }
  if (auto stamped = put_stamps(); !stamped)
    return stamped;
  const auto marked = read_marker(path_, layout.version);
  if (!is_new && marked && !*marked)
    notes_.push_back(path_.string()
                     + ": the marker SLUICE was missing; it was written again from the stores");
  if (!marked || !*marked || **marked != own_marker())
    if (auto written = write_own_marker(stores_state::ready); !written)
      return written;
  if (auto closed = set_data_rights(path_, options.file_mode); !closed.empty())
    notes_.push_back(std::move(closed));
  remember_files();
  note_commits();
  return nothing{};
}

environment_options data_dir::options_of(std::string_view store, const schema& layout,
                                         const data_dir_options& options) const {
  environment_options o;
  o.store = store;
  o.tables = tables_of_store(store, layout, schema_);
  o.map_bytes = options.map_bytes;
  o.file_mode = options.file_mode;
  o.make_tables = false;
  return o;
}

/// Opens what is there, writing nothing into it, and finds out whether it is what it should be.
result<nothing>
data_dir::open_there(const marker& found, const schema& layout, const data_dir_options& options,
                     bool read_only, new_files& made) {
  const auto looks = look_at_stores(path_);
  if (!looks)
    return looks.error();
  if (auto all = demand_all_there(path_, found, *looks); !all)
    return all;
  bool no_lock = false;
  for (const auto& place : store_places)
    no_lock = no_lock || (read_only && lock_refused(path_ / place.folder));
  if (no_lock) {
    auto lock = lock_file::take_to_read(path_);
    if (!lock)
      return lock.error();
    lock_to_read_ = *std::move(lock);
  }
  for (size_t i = 0; i < store_places.size(); ++i) {
    const auto folder = path_ / store_places[i].folder;
    if (!read_only && (*looks)[i].state != file_state::whole)
      continue; // made when the others are known to be good
    made.note(folder / "lock.mdb");
    auto o = options_of(store_places[i].store, layout, options);
    o.read_only = read_only;
    o.no_lock = no_lock;
    auto opened = environment::open(folder, std::move(o));
    if (!opened && opened.error().code == ec::corrupt_data)
      return fault{ec::corrupt_data, opened.error().what + advice_to_restore(path_.string())};
    if (!opened)
      return opened.error();
    stores_.push_back(*std::move(opened));
  }
  return check_stamps(found);
}

/// Stores and tables that are not there yet.
result<nothing>
data_dir::make_missing(const schema& layout, const data_dir_options& options, new_files& made) {
  for (size_t i = 0; i < store_places.size(); ++i) {
    const auto& place = store_places[i];
    if (i < stores_.size() && stores_[i].store() == place.store) {
      if (auto ready = stores_[i].make_tables(); !ready)
        return ready;
      continue;
    }
    const auto folder = path_ / place.folder;
    made.note(folder);
    made.note(folder / "lock.mdb");
    made.note(folder / "data.mdb");
    auto opened = environment::open(folder, options_of(place.store, layout, options));
    if (!opened)
      return opened.error();
    opened->carry_checksums(schema_ >= stamped_since);
    stores_.insert(stores_.begin() + static_cast<std::ptrdiff_t>(i), *std::move(opened));
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
    return newer(path_, {schema_, who_, id_, stores_state::ready}, layout);
  return nothing{};
}

} // namespace sluice::storage
