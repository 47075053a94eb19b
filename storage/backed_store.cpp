#include "storage/backed_store.hpp"

#include "storage/marker.hpp"
#include "storage/table.hpp"

#include <algorithm>
#include <utility>

namespace sluice::storage {

namespace fs = std::filesystem;

namespace {

constexpr std::string_view store_folder = "store";
constexpr std::string_view backups_folder = "backups";
constexpr std::string_view version_table = "meta";
constexpr int restores_tried = 1000; // as many as there can be backups
constexpr uint64_t every_least_s = 60;
const std::string version_key = "schema";

table<std::string, uint32_t> versions_of(const std::string& store) {
  return {store, version_table};
}

/// All tables of this version, and those that an older one has had.
std::vector<std::string> tables_of_layout(const store_layout& layout) {
  auto names = layout.tables;
  names.emplace_back(version_table);
  for (const auto& step : layout.migrations)
    names.insert(names.end(), step.old_tables.begin(), step.old_tables.end());
  std::sort(names.begin(), names.end());
  names.erase(std::unique(names.begin(), names.end()), names.end());
  return names;
}

result<environment>
open_layout(const fs::path& dir, const store_layout& layout, const backed_options& options) {
  environment_options o;
  o.store = layout.store;
  o.tables = tables_of_layout(layout);
  o.map_bytes = options.map_bytes;
  return environment::open(dir / store_folder, std::move(o));
}

const store_migration* step_of_version(const store_layout& layout, uint32_t version) {
  const auto at = std::find_if(layout.migrations.begin(), layout.migrations.end(),
                               [&](const auto& step) { return step.from == version; });
  return at == layout.migrations.end() ? nullptr : &*at;
}

/// The version that is there; 0: the file is new.
result<uint32_t> version_of(const environment& env, const store_layout& layout) {
  const auto stored = versions_of(layout.store).find(env, version_key);
  if (!stored)
    return stored.error();
  if (*stored)
    return **stored;
  bool has_rows = false;
  const auto walked = env.scan_all([&](std::string_view, std::string_view, std::string_view) {
    has_rows = true;
    return false;
  });
  if (!walked)
    return walked.error();
  if (has_rows)
    return fault{ec::corrupt_data, env.path().string() + ": has rows but states no version"};
  return uint32_t{0};
}

result<nothing> migrate_store(environment& env, const store_layout& layout, uint32_t from,
                              const fs::path& backups, const backed_options& options) {
  for (auto version = from; version < layout.version; ++version)
    if (!step_of_version(layout, version))
      return fault{ec::schema_mismatch,
                   env.path().string() + ": has version " + std::to_string(from)
                     + " and there is no step from " + std::to_string(version) + " to "
                     + std::to_string(version + 1) + "; use the sluice that wrote it"};
  if (auto kept = take_backup(env, backups, options.now_s, options.keep); !kept)
    return fault{kept.error().code, "no backup could be made before the migration, so nothing was "
                                    "changed: "
                                      + kept.error().what};
  for (auto version = from; version < layout.version; ++version) {
    auto writes = step_of_version(layout, version)->step(env);
    if (!writes)
      return fault{writes.error().code, env.path().string() + ": cannot be migrated from version "
                                          + std::to_string(version) + ": " + writes.error().what};
    versions_of(layout.store).put(*writes, version_key, version + 1);
    if (auto done = env.commit(*writes); !done)
      return done;
  }
  return nothing{};
}

/// From a file that was looked through to one of this version whose rows can be read.
result<environment> open_sound(const fs::path& dir, const store_layout& layout,
                               const backed_options& options, backed_opening& opening) {
  if (auto sound = look_through(dir / store_folder); !sound)
    return sound.error();
  auto env = open_layout(dir, layout, options);
  if (!env)
    return env;
  const auto version = version_of(*env, layout);
  if (!version)
    return version.error();
  if (*version > layout.version)
    return fault{ec::schema_mismatch, env->path().string() + ": written by a newer sluice (version "
                                        + std::to_string(*version) + "; this one knows "
                                        + std::to_string(layout.version)
                                        + "); use that one or another --data"};
  opening.created = *version == 0;
  opening.migrated_from.reset();
  if (*version == 0) {
    batch first;
    versions_of(layout.store).put(first, version_key, layout.version);
    if (auto done = env->commit(first); !done)
      return done.error();
  } else if (*version < layout.version) {
    if (auto done = migrate_store(*env, layout, *version, dir / backups_folder, options); !done)
      return done.error();
    opening.migrated_from = *version;
  }
  if (layout.check)
    if (auto read = layout.check(*env); !read)
      return read.error();
  return env;
}

/// What is wrong before anything is opened; "" when nothing is.
result<std::string> missing_file(const fs::path& dir) {
  const auto data = dir / store_folder / "data.mdb";
  std::error_code failed;
  const auto backups = list_backups(dir / backups_folder);
  if (!backups)
    return backups.error();
  const bool there = fs::exists(data, failed);
  if (there && fs::file_size(data, failed) > 0)
    return std::string{};
  if (!backups->empty())
    return data.string() + ": the file is " + (there ? "empty" : "missing")
           + " although there are backups of it";
  if (there)
    fs::remove(data, failed); // what a creation that was killed can leave
  return std::string{};
}

result<nothing> restore_newest(const fs::path& dir, const std::string& damage,
                               const backed_options& options, backed_opening& opening) {
  auto before_s = INT64_MAX;
  if (opening.restored) { // its rows cannot be read either
    opening.bad_backups.push_back(damage);
    before_s = opening.restored->taken_s;
  } else {
    opening.damage = damage;
  }
  const auto backup = newest_verified(dir / backups_folder, opening.bad_backups, before_s);
  if (!backup && backup.error().code != ec::no_such_key)
    return backup.error();
  if (!backup) {
    std::string passed_over;
    for (const auto& bad : opening.bad_backups)
      passed_over += "; " + bad;
    return fault{ec::corrupt_data, opening.damage + "; there is no good backup in "
                                     + (dir / backups_folder).string() + passed_over
                                     + ". Put one there, or name another --data to begin anew"};
  }
  if (auto restored = restore_backup(*backup, dir / store_folder, options.now_s); !restored)
    return restored;
  opening.restored = *backup;
  return nothing{};
}

result<nothing> check_options(const backed_options& options) {
  if (options.keep < 1 || options.keep > 1000)
    return fault{ec::out_of_range,
                 "backups to keep: expected 1 to 1000, got " + std::to_string(options.keep)};
  if (options.every_s < every_least_s)
    return fault{ec::out_of_range, "seconds between two backups: expected 60 or more, got "
                                     + std::to_string(options.every_s)};
  return nothing{};
}

result<nothing> make_store_folder(const fs::path& dir) {
  std::error_code failed;
  fs::create_directories(dir, failed);
  if (failed)
    return fault{ec::unreachable, dir.string() + ": cannot create the folder: " + failed.message()};
  if (fs::exists(dir / marker_name, failed))
    return fault{ec::bad_input,
                 dir.string() + ": is the data folder of a node; choose another --data"};
  return nothing{};
}

} // namespace

result<backed_store>
backed_store::open(const fs::path& dir, const store_layout& layout, const backed_options& options) {
  if (auto fits = check_options(options); !fits)
    return fits.error();
  if (auto made = make_store_folder(dir); !made)
    return made.error();
  new_files ignored; // the lock stays: its folder is ours
  auto lock = lock_file::take(dir, ignored);
  if (!lock)
    return lock.error();
  backed_opening opening;
  auto missing = missing_file(dir);
  if (!missing)
    return missing.error();
  if (!missing->empty())
    if (auto restored = restore_newest(dir, *missing, options, opening); !restored)
      return restored.error();
  for (int i = 0;; ++i) {
    auto env = open_sound(dir, layout, options, opening);
    if (!env && (env.error().code != ec::corrupt_data || i >= restores_tried))
      return env.error();
    if (!env) {
      if (auto restored = restore_newest(dir, env.error().what, options, opening); !restored)
        return restored.error();
      continue;
    }
    backed_store made{dir,     *std::move(lock), *std::move(env),
                      options, layout.check,     std::move(opening)};
    if (const auto all = list_backups(dir / backups_folder); all && !all->empty())
      made.last_backup_s_ = all->front().taken_s;
    return made;
  }
}

result<backup_report> backed_store::back_up(int64_t now_s) {
  if (check_)
    if (auto read = check_(env_); !read)
      return fault{read.error().code,
                   read.error().what + "; no backup is taken of that: start again to restore"};
  auto made = take_backup(env_, dir_ / backups_folder, now_s, options_.keep);
  if (made)
    last_backup_s_ = made->place.taken_s;
  return made;
}

result<std::optional<backup_report>> backed_store::back_up_when_due(int64_t now_s) {
  const auto every = static_cast<int64_t>(std::min<uint64_t>(options_.every_s, INT64_MAX / 2));
  if (last_backup_s_ != 0 && now_s - last_backup_s_ < every)
    return std::optional<backup_report>{};
  auto made = back_up(now_s);
  if (!made)
    return made.error();
  return std::optional<backup_report>{*std::move(made)};
}

} // namespace sluice::storage
