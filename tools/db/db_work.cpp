#include "tools/db/db_work.hpp"

#include "io/text/output_file.hpp"
#include "storage/codec.hpp"
#include "storage/data_dir.hpp"
#include "storage/lock_file.hpp"
#include "tools/program.hpp"

#include <algorithm>
#include <optional>
#include <utility>

namespace sluice::tools {

namespace fs = std::filesystem;

namespace {

/// Does `work`, which answers a value with fields, in a child.
template <class Work>
auto in_child_of(const fs::path& what, Work work, const progress_shown& shown = {})
  -> decltype(work(std::declval<storage::work_progress&>())) {
  using value = std::decay_t<decltype(*work(std::declval<storage::work_progress&>()))>;
  const auto bytes = storage::run_guarded(
    what,
    [&](storage::work_progress& progress) -> result<std::string> {
      auto made = work(progress);
      if (!made)
        return made.error();
      return storage::encode(*made);
    },
    shown);
  if (!bytes)
    return bytes.error();
  return storage::decode<value>(*bytes);
}

/// As vectors of structs travel between two processes.
struct compacted_stores {
  std::vector<storage::compacted_store> all;
  SLUICE_FIELDS(all)
};

result<storage::store_verdict>
verify_one(const fs::path& folder, size_t number, const storage::schema& layout, bool typed,
           const std::optional<storage::backup_manifest>& manifest, const progress_shown& shown) {
  const auto& place = storage::store_places[number];
  auto verdict = in_child_of(
    folder / place.folder,
    [&](storage::work_progress& progress) {
      return storage::verify_store(folder, number, layout, typed, manifest, progress);
    },
    shown);
  if (verdict || verdict.error().code != ec::corrupt_data)
    return verdict;
  storage::store_verdict ended; // the child was
  ended.store = place.store;
  ended.folder = place.folder;
  ended.damaged = 1;
  ended.damage.push_back({ended.store, "", "", verdict.error().what});
  return ended;
}

fault first_damage(const fs::path& from, const folder_verdict& x) {
  std::string what;
  if (!x.set.damage.empty())
    what = x.set.damage.front().what;
  for (const auto& store : x.stores)
    if (what.empty() && !store.damage.empty()) {
      const auto& note = store.damage.front();
      what = note.what;
      if (!note.table.empty())
        what = "store " + note.store + ", table " + note.table + ", row " + note.key + ": " + what;
    }
  return {ec::corrupt_data, from.string() + ": is damaged and was not restored: " + what
                              + "; sluice db verify --data " + from.string() + " shows all of it"};
}

/// The same steps, which note when they begin and how long they read.
storage::schema timed(const storage::schema& layout, const std::function<double()>& now_ms,
                      migration_report& report) {
  auto made = layout;
  for (auto& step : made.migrations) {
    auto work = std::move(step.step);
    const auto from = step.from;
    const auto what = step.what;
    step.step = [work, from, what, now_ms, &report](const storage::data_dir& disk) {
      const auto began = now_ms();
      auto writes = work(disk);
      report.steps.push_back({from, what, now_ms() - began});
      return writes;
    };
  }
  return made;
}

/// unreachable where there is no folder, bad_input where it is none of ours; else as find_marker.
result<storage::marker> marker_there(const fs::path& folder, uint32_t schema_max) {
  std::error_code unknown;
  if (!fs::exists(folder, unknown))
    return fault{ec::unreachable, folder.string() + ": there is no such folder"};
  auto mark = storage::find_marker(folder, schema_max);
  if (!mark)
    return mark.error();
  if (!*mark)
    return fault{ec::bad_input, folder.string() + ": not a Sluice data folder"};
  return **std::move(mark);
}

result<migration_report> migrate_there(const fs::path& folder, const storage::schema& layout,
                                       const std::function<double()>& now_ms) {
  const auto mark = marker_there(folder, layout.version);
  if (!mark)
    return mark.error();
  migration_report report;
  report.schema_before = mark->schema;
  const auto steps = timed(layout, now_ms, report);
  const auto began = now_ms();
  {
    storage::data_dir_options options;
    options.adopt_config = true;
    options.layout = &steps;
    auto who = mark->who;
    who.version = program_version(); // who migrates it
    const auto opened
      = storage::data_dir::open(folder, who, storage::open_mode::create_or_continue, options);
    if (!opened)
      return opened.error();
  }
  report.took_ms = now_ms() - began;
  const auto after = storage::find_marker(folder, layout.version);
  if (!after)
    return after.error();
  report.schema_after = *after ? (*after)->schema : report.schema_before;
  return report;
}

} // namespace

bool folder_verdict::good() const {
  return damaged() == 0;
}

uint64_t folder_verdict::rows() const {
  uint64_t rows = 0;
  for (const auto& x : stores)
    rows += x.rows;
  return rows;
}

uint64_t folder_verdict::damaged() const {
  uint64_t damaged = set.damage.size();
  for (const auto& x : stores)
    damaged += x.damaged;
  return damaged;
}

result<storage::set_figures> stat_folder(const fs::path& folder, const storage::schema& layout) {
  return in_child_of(folder, [&](storage::work_progress&) {
    return storage::look_at_folder(folder, layout.version);
  });
}

result<folder_verdict>
verify_folder(const fs::path& folder, const storage::schema& layout, const progress_shown& shown) {
  folder_verdict x;
  auto set = in_child_of(
    folder, [&](storage::work_progress&) { return storage::verify_set(folder, layout.version); });
  if (!set && set.error().code != ec::corrupt_data)
    return set.error();
  if (set)
    x.set = *std::move(set);
  else
    x.set.damage.push_back({"", "", "", set.error().what});
  std::optional<storage::backup_manifest> manifest;
  if (x.set.backup)
    if (auto stated = storage::read_manifest(folder); stated)
      manifest = *std::move(stated);
  const bool typed = x.set.opened && x.set.mark.schema == layout.version;
  if (x.set.opened && !typed)
    x.set.notes.push_back(folder.string() + ": has schema " + std::to_string(x.set.mark.schema)
                          + ", this version reads " + std::to_string(layout.version)
                          + ": rows were read, not what is in them; sluice db migrate does that");
  for (size_t i = 0; i < storage::store_places.size(); ++i) {
    auto one = verify_one(folder, i, layout, typed, manifest, shown);
    if (!one)
      return one.error();
    x.stores.push_back(*std::move(one));
  }
  std::erase_if(x.set.damage, [&x](const auto& note) { // the store itself states it better
    return std::any_of(x.stores.begin(), x.stores.end(), [&note](const auto& store) {
      return std::any_of(store.damage.begin(), store.damage.end(),
                         [&note](const auto& other) { return other.what == note.what; });
    });
  });
  return x;
}

result<storage::folder_backup_report>
back_up(const storage::folder_backup_order& order, const progress_shown& shown) {
  auto report = in_child_of(
    order.data,
    [&](storage::work_progress& progress) { return storage::back_up_folder(order, progress); },
    shown);
  if (!report)
    storage::erase_unfinished_backups(order.to); // a child that was ended has not done it
  return report;
}

result<storage::folder_restore_report>
restore(const storage::folder_restore_order& order, const storage::schema& layout,
        const progress_shown& shown) {
  auto chosen = order;
  auto from = storage::backup_to_restore(order.from);
  if (!from)
    return from.error();
  chosen.from = *std::move(from);
  const auto verdict = verify_folder(chosen.from, layout, shown);
  if (!verdict)
    return verdict.error();
  if (!verdict->good())
    return first_damage(chosen.from, *verdict);
  return storage::restore_folder(chosen);
}

result<std::vector<storage::compacted_store>>
compact_folder(const fs::path& folder, const storage::schema& layout, const progress_shown& shown) {
  const auto mark = marker_there(folder, layout.version);
  if (!mark)
    return mark.error();
  storage::new_files made;
  const auto lock = storage::lock_file::take(folder, made);
  if (!lock)
    return lock.error();
  storage::drop_compacted(folder);
  auto stores = in_child_of(
    folder,
    [&](storage::work_progress& progress) -> result<compacted_stores> {
      auto all = storage::make_compacted(folder, layout.version, progress);
      if (!all)
        return all.error();
      return compacted_stores{*std::move(all)};
    },
    shown);
  if (stores)
    if (auto used = storage::use_compacted(folder); !used)
      stores = used.error();
  storage::drop_compacted(folder);
  if (!stores)
    return stores.error();
  return std::move(stores->all);
}

result<line_report>
export_folder(const export_order& order, const std::string& to, const progress_shown& shown) {
  return in_child_of(
    order.data,
    [&](storage::work_progress& progress) -> result<line_report> {
      auto file = io::output_file::open(to, 0600);
      if (!file)
        return file.error();
      auto report = export_lines(
        order, [&](std::string_view line) { return file->write(line); }, progress);
      if (!report)
        return report;
      if (auto whole = file->commit(); !whole)
        return whole.error();
      return report;
    },
    shown);
}

result<migration_report>
migrate_folder(const fs::path& data, bool dry_run, const storage::schema& layout,
               const std::function<double()>& now_ms, const progress_shown& shown) {
  if (!dry_run) {
    auto report = migrate_there(data, layout, now_ms);
    if (report && report->schema_before != report->schema_after)
      report->backup = (data / ("backup-schema-" + std::to_string(report->schema_before))).string();
    return report;
  }
  auto tried_on = data;
  if (!tried_on.has_filename())
    tried_on = tried_on.parent_path();
  tried_on += ".migrating";
  std::error_code failed;
  fs::remove_all(tried_on, failed);
  const auto copied = in_child_of(
    data,
    [&](storage::work_progress& progress) {
      return storage::copy_folder(data, tried_on, layout.version, progress);
    },
    shown);
  if (!copied)
    return copied.error();
  auto report = migrate_there(tried_on, layout, now_ms);
  fs::remove_all(tried_on, failed);
  if (report)
    report->tried_on = tried_on.string();
  return report;
}

} // namespace sluice::tools
