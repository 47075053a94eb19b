#include "storage/data_dir.hpp"
#include "storage/disk_fault.hpp"
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

} // namespace

/// Step by step; each is one commit that takes the schema number with it, so a crash leaves the
/// folder at one version or the next.
result<nothing> data_dir::migrate(const schema& layout) {
  for (auto version = schema_; version < layout.version; ++version)
    if (!step_from(layout, version))
      return fault{ec::schema_mismatch, path_.string() + ": has schema " + std::to_string(schema_)
                                          + " and there is no step from " + std::to_string(version)
                                          + " to " + std::to_string(version + 1) + "; use sluice "
                                          + who_.version};
  if (auto copied = back_up(); !copied)
    return copied;
  while (schema_ < layout.version) {
    auto writes = step_from(layout, schema_)->step(*this);
    if (!writes)
      return fault{writes.error().code, path_.string() + ": cannot be migrated from schema "
                                          + std::to_string(schema_) + ": " + writes.error().what};
    tables::meta.put(*writes, tables::schema_key, schema_ + 1);
    if (auto kept = commit(*writes); !kept)
      return kept;
    ++schema_;
  }
  return nothing{};
}

/// A copy of everything as DIR/backup-schema-N, complete or not there at all.
result<nothing> data_dir::back_up() const {
  const auto kept = path_ / ("backup-schema-" + std::to_string(schema_));
  std::error_code failed;
  if (fs::exists(kept, failed))
    return nothing{}; // of an attempt that ended before anything was changed
  return copy_to(kept);
}

result<nothing> data_dir::copy_to(const fs::path& to) const {
  std::error_code failed;
  if (fs::exists(to, failed))
    return fault{ec::refused, to.string() + ": something is there already; name a new place"};
  auto growing = to;
  growing += ".tmp";
  fs::remove_all(growing, failed);
  if (to.has_parent_path())
    fs::create_directories(to.parent_path(), failed);
  const auto copy = [&]() -> result<nothing> {
    if (::mkdir(growing.c_str(), 0755) != 0)
      return disk_fault(errno, growing, "create the folder");
    for (const auto& store : stores_) {
      const auto into = growing / store.path().filename();
      if (::mkdir(into.c_str(), 0755) != 0)
        return disk_fault(errno, into, "create the folder");
      if (auto copied = store.copy_to(into); !copied)
        return copied;
    }
    if (auto marked = write_marker(growing, {schema_, who_}); !marked)
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
