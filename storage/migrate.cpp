#include "storage/backup.hpp"
#include "storage/data_dir.hpp"
#include "storage/disk_fault.hpp"
#include "storage/folder_id.hpp"
#include "storage/tables.hpp"

#include <sys/stat.h>

#include <algorithm>
#include <cerrno>

namespace sluice::storage {

namespace fs = std::filesystem;

namespace {

const migration* step_from(const schema& layout, uint32_t version) {
  const auto i = std::find_if(layout.migrations.begin(), layout.migrations.end(),
                              [version](const auto& step) { return step.from == version; });
  return i == layout.migrations.end() ? nullptr : &*i;
}

/// Reads the copy from the first page to the last and compares all rows with the original's.
result<nothing> demand_equal_copy(const environment& original, const fs::path& folder) {
  if (auto sound = look_through(folder); !sound)
    return sound;
  environment_options o;
  o.store = original.store();
  o.tables = original.tables();
  o.read_only = true;
  o.no_lock = true;
  o.checksums = original.has_checksums();
  const auto copy = environment::open(folder, std::move(o));
  if (!copy)
    return copy.error();
  const auto wanted = digest_of(original);
  if (!wanted)
    return wanted.error();
  const auto got = digest_of(*copy);
  if (!got)
    return got.error();
  if (*got != *wanted)
    return fault{ec::corrupt_data, folder.string() + ": the copy is not equal to the original"};
  return nothing{};
}

} // namespace

/// Step by step; each is one commit that takes the schema number with it, so a crash leaves the
/// folder at one version or the next.
result<nothing> data_dir::migrate(const schema& layout, const data_dir_options& options) {
  for (auto version = schema_; version < layout.version; ++version)
    if (!step_from(layout, version))
      return fault{ec::schema_mismatch, path_.string() + ": has schema " + std::to_string(schema_)
                                          + " and there is no step from " + std::to_string(version)
                                          + " to " + std::to_string(version + 1) + "; use sluice "
                                          + who_.version};
  const auto say = [&options](const std::string& what) {
    if (options.on_progress)
      options.on_progress(what);
  };
  say(path_.string() + ": copies the folder before it is migrated from schema "
      + std::to_string(schema_));
  if (auto copied = back_up(); !copied)
    return copied;
  while (schema_ < layout.version) {
    if (schema_ + 1 == stamped_since)
      if (auto sealed = seal(options); !sealed)
        return sealed;
    auto writes = step_from(layout, schema_)->step(*this);
    if (!writes)
      return fault{writes.error().code, path_.string() + ": cannot be migrated from schema "
                                          + std::to_string(schema_) + ": " + writes.error().what};
    tables::meta.put(*writes, tables::schema_key, schema_ + 1);
    if (auto kept = commit(*writes); !kept)
      return kept;
    ++schema_;
    say(path_.string() + ": is at schema " + std::to_string(schema_));
  }
  return nothing{};
}

/// Gives every row its checksum and every store its stamp, one transaction a store. The marker
/// states first that this is going on: a store with a stamp is done, whatever ended the process,
/// and a program that knows no checksums does not open the folder meanwhile.
result<nothing> data_dir::seal(const data_dir_options& options) {
  if (id_.empty())
    id_ = options.fresh_id.empty() ? fresh_folder_id() : options.fresh_id;
  if (auto marked = write_own_marker(stores_state::sealing); !marked)
    return marked;
  for (auto& store : stores_) {
    if (store.has_checksums())
      continue;
    batch stamp;
    tables::stamp_in(store.store()).put(stamp, tables::stamp_key, stamp_of(store.store(), 0));
    const auto progress = [&](uint64_t rows) {
      if (options.on_progress)
        options.on_progress(store.path().string() + ": " + std::to_string(rows)
                            + " rows have got their checksums");
    };
    if (auto sealed = store.seal_rows(stamp, progress); !sealed)
      return sealed;
  }
  return nothing{};
}

/// A copy of everything as DIR/backup-schema-N, complete and read again, or not there at all.
result<nothing> data_dir::back_up() const {
  const auto kept = path_ / ("backup-schema-" + std::to_string(schema_));
  std::error_code failed;
  if (fs::exists(kept, failed))
    return nothing{}; // of an attempt that ended before anything was changed
  return copy_checked(kept, true);
}

result<nothing> data_dir::copy_to(const fs::path& to) const {
  return copy_checked(to, false);
}

result<nothing> data_dir::copy_checked(const fs::path& to, bool verify) const {
  std::error_code failed;
  if (fs::exists(to, failed))
    return fault{ec::refused, to.string() + ": something is there already; name a new place"};
  auto growing = to;
  growing += ".tmp";
  fs::remove_all(growing, failed);
  if (to.has_parent_path())
    fs::create_directories(to.parent_path(), failed);
  const auto mode = folder_mode_of(file_mode_);
  const auto copy = [&]() -> result<nothing> {
    if (::mkdir(growing.c_str(), mode) != 0 || ::chmod(growing.c_str(), mode) != 0)
      return disk_fault(errno, growing, "create the folder");
    for (const auto& store : stores_) {
      const auto into = growing / store.path().filename();
      if (::mkdir(into.c_str(), mode) != 0 || ::chmod(into.c_str(), mode) != 0)
        return disk_fault(errno, into, "create the folder");
      if (auto copied = store.copy_to(into); !copied)
        return copied;
      if (verify)
        if (auto same = demand_equal_copy(store, into); !same)
          return same;
    }
    if (auto marked = write_marker(growing, own_marker(), file_mode_); !marked)
      return marked;
    fs::rename(growing, to, failed);
    if (failed)
      return disk_fault(failed.value(), to, "create the folder");
    return sync_folder(fs::absolute(to, failed).parent_path());
  };
  auto copied = copy();
  if (!copied)
    fs::remove_all(growing, failed);
  return copied;
}

} // namespace sluice::storage
