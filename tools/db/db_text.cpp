#include "tools/db/db_text.hpp"

#include "io/text/table.hpp"
#include "rules/json_text.hpp"

#include <algorithm>
#include <array>
#include <chrono>
#include <cstdio>
#include <utility>

namespace sluice::tools {

namespace fs = std::filesystem;

namespace {

using report::table_row;

std::string counted_rows(uint64_t n) {
  return std::to_string(n) + (n == 1 ? " row" : " rows");
}

std::string of_whose(const storage::marker& x) {
  return (x.folder.empty() ? std::string{} : "folder " + x.folder + ", ") + "schema "
         + std::to_string(x.schema) + ", version " + x.who.version + ", seed "
         + std::to_string(x.who.seed)
         + (x.who.config_digest.empty() ? "" : ", configuration " + x.who.config_digest);
}

json_object identity_json(const fs::path& folder, const storage::marker& x) {
  json_object made;
  made.add("data", std::string_view{folder.native()})
    .add("folder", std::string_view{x.folder})
    .add("schema", x.schema)
    .add("version", std::string_view{x.who.version})
    .add("seed", std::to_string(x.who.seed))
    .add("config", std::string_view{x.who.config_digest});
  return made;
}

std::string commit_text(uint64_t commit) {
  return commit == 0 ? "" : std::to_string(commit);
}

std::string damage_text(const storage::damage_note& x) {
  std::string place;
  if (!x.table.empty())
    place
      = "store " + x.store + ", table " + x.table + (x.key.empty() ? "" : ", row " + x.key) + ": ";
  return "damaged: " + place + x.what + '\n';
}

std::string ms_text(double ms) {
  std::array<char, 64> text{};
  const int size = std::snprintf(text.data(), text.size(), ms < 1000 ? "%.1f ms" : "%.2f s",
                                 ms < 1000 ? ms : ms / 1000);
  return {text.data(), static_cast<size_t>(std::max(size, 0))};
}

std::string manifest_json(const storage::backup_manifest& x) {
  json_list stores;
  for (const auto& store : x.stores)
    stores.raw(json_of(store));
  return json_object{}
    .add("taken", x.taken_s)
    .add("commit", x.commit)
    .raw("mark", json_of(x.mark))
    .raw("stores", stores.text())
    .raw("files", json_of(x.files))
    .text();
}

} // namespace

std::string db_bytes_text(uint64_t bytes) {
  constexpr std::array<const char*, 6> units{"B", "kB", "MB", "GB", "TB", "PB"};
  auto x = static_cast<double>(bytes);
  size_t unit = 0;
  for (; x >= 999.5 && unit + 1 < units.size(); ++unit)
    x /= 1000;
  std::array<char, 64> text{};
  const char* form = unit == 0 || x >= 99.95 ? "%.0f %s" : x >= 9.995 ? "%.1f %s" : "%.2f %s";
  const int size = std::snprintf(text.data(), text.size(), form, x, units[unit]);
  return {text.data(), static_cast<size_t>(std::max(size, 0))};
}

std::string utc_text(int64_t s) {
  using namespace std::chrono;
  if (s <= 0)
    return {};
  const sys_seconds at{seconds{std::min<int64_t>(s, 253'402'300'799)}};
  const auto day = floor<days>(at);
  const year_month_day date{day};
  const hh_mm_ss time{at - day};
  std::array<char, 64> text{};
  const int size = std::snprintf(
    text.data(), text.size(), "%04d-%02u-%02u %02d:%02d:%02d UTC", static_cast<int>(date.year()),
    static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()),
    static_cast<int>(time.hours().count()), static_cast<int>(time.minutes().count()),
    static_cast<int>(time.seconds().count()));
  return {text.data(), static_cast<size_t>(std::max(size, 0))};
}

std::string stat_table(const fs::path& folder, const storage::set_figures& x, bool all_tables,
                       const db_style& style) {
  std::vector<table_row> rows;
  const auto add = [&rows](std::vector<std::string> cells, report::tone how) {
    rows.push_back({std::move(cells), {}, true, how});
  };
  for (const auto& store : x.stores) {
    add({store.store, std::to_string(store.rows), db_bytes_text(store.used_bytes),
         db_bytes_text(store.file_bytes), commit_text(store.commit), std::to_string(store.readers)},
        report::tone::strong);
    auto tables = store.tables;
    std::stable_sort(tables.begin(), tables.end(),
                     [](const auto& a, const auto& b) { return a.bytes > b.bytes; });
    for (const auto& table : tables)
      if (all_tables || table.rows > 0)
        add({"  " + table.name, std::to_string(table.rows), db_bytes_text(table.bytes), "", "", ""},
            report::tone::normal);
  }
  auto text = folder.string() + ": " + (x.backup ? "a backup" : "a data folder") + ", "
              + of_whose(x.mark) + '\n';
  if (x.backup)
    text += "taken " + utc_text(x.taken_s) + '\n';
  text += report::draw_table({{.title = "store, table", .shrink_to = 16},
                              {.title = "rows", .right = true},
                              {.title = "bytes", .right = true},
                              {.title = "file", .right = true, .drop = 1},
                              {.title = "commit", .right = true, .drop = 2},
                              {.title = "readers", .right = true, .drop = 3}},
                             std::move(rows), style.columns, false, style.letters);
  uint64_t bytes = 0;
  for (const auto& store : x.stores)
    bytes += store.file_bytes;
  return text + "in all " + db_bytes_text(bytes) + "; the disk has " + db_bytes_text(x.free_bytes)
         + " left\n";
}

std::string stat_json(const fs::path& folder, const storage::set_figures& x) {
  return identity_json(folder, x.mark)
           .add("backup", x.backup)
           .add("taken", x.taken_s)
           .add("commit", x.commit)
           .add("free_bytes", x.free_bytes)
           .raw("stores", json_of(x.stores))
           .text()
         + '\n';
}

std::string verdict_table(const fs::path& folder, const folder_verdict& x, const db_style& style) {
  std::vector<table_row> rows;
  for (const auto& store : x.stores)
    rows.push_back({{store.store, std::to_string(store.rows), std::to_string(store.decoded),
                     db_bytes_text(store.file_bytes), commit_text(store.commit),
                     store.damaged == 0 ? "good" : "damaged"},
                    {},
                    true,
                    store.damaged == 0 ? report::tone::normal : report::tone::alarm});
  auto text = folder.string() + ": " + (x.set.backup ? "a backup" : "a data folder")
              + (x.set.opened ? ", " + of_whose(x.set.mark) : std::string{}) + '\n';
  text += report::draw_table({{.title = "store"},
                              {.title = "rows read", .right = true},
                              {.title = "as their type", .right = true, .drop = 1},
                              {.title = "file", .right = true, .drop = 2},
                              {.title = "commit", .right = true, .drop = 3},
                              {.title = "verdict"}},
                             std::move(rows), style.columns, false, style.letters);
  for (const auto& note : x.set.damage)
    text += damage_text(note);
  for (const auto& store : x.stores) {
    for (const auto& note : store.damage)
      text += damage_text(note);
    if (store.damaged > store.damage.size())
      text += "damaged: store " + store.store + ": "
              + std::to_string(store.damaged - store.damage.size()) + " more\n";
  }
  for (const auto& name : x.set.foreign)
    text += "not ours: " + (folder / name).string() + '\n';
  for (const auto& note : x.set.notes)
    text += "note: " + note + '\n';
  for (const auto& store : x.stores)
    for (const auto& note : store.notes)
      text += "note: " + note + '\n';
  return text
         + (x.good() ? "good: " + counted_rows(x.rows()) + " read\n"
                     : std::to_string(x.damaged()) + " damaged; restore the set from a backup: "
                         + "sluice db restore --from BACKUP --data DIR --force\n");
}

std::string verdict_json(const fs::path& folder, const folder_verdict& x) {
  return identity_json(folder, x.set.mark)
           .add("good", x.good())
           .add("backup", x.set.backup)
           .add("taken", x.set.taken_s)
           .add("commit", x.set.commit)
           .add("rows", x.rows())
           .add("damaged", x.damaged())
           .raw("damage", json_of(x.set.damage))
           .raw("stores", json_of(x.stores))
           .raw("not_ours", json_of(x.set.foreign))
           .raw("notes", json_of(x.set.notes))
           .text()
         + '\n';
}

std::string backup_table(const storage::folder_backup_report& x) {
  uint64_t bytes = 0;
  uint64_t rows = 0;
  for (const auto& store : x.manifest.stores) {
    bytes += store.file.bytes;
    for (const auto& table : store.tables)
      rows += table.rows;
  }
  auto text = x.path + ": " + counted_rows(rows) + ", " + db_bytes_text(bytes) + ", verified";
  if (x.manifest.commit > 0)
    text += "; commit " + std::to_string(x.manifest.commit);
  text += '\n';
  for (const auto& path : x.erased)
    text += "erased: " + path + '\n';
  return text;
}

std::string backup_json(const storage::folder_backup_report& x) {
  return json_object{}
           .add("backup", std::string_view{x.path})
           .raw("manifest", manifest_json(x.manifest))
           .raw("erased", json_of(x.erased))
           .text()
         + '\n';
}

std::string restore_table(const fs::path& from, const storage::folder_restore_report& x) {
  auto text = x.data + ": restored from " + from.string() + ", taken "
              + utc_text(x.manifest.taken_s) + ", " + of_whose(x.manifest.mark) + '\n';
  if (!x.aside.empty())
    text += "what was there is kept as " + x.aside + '\n';
  return text;
}

std::string restore_json(const fs::path& from, const storage::folder_restore_report& x) {
  return identity_json(x.data, x.manifest.mark)
           .add("from", std::string_view{from.native()})
           .add("taken", x.manifest.taken_s)
           .add("commit", x.manifest.commit)
           .add("kept", std::string_view{x.aside})
           .text()
         + '\n';
}

std::string compact_table(const fs::path& folder, const std::vector<storage::compacted_store>& x,
                          const db_style& style) {
  std::vector<table_row> rows;
  for (const auto& store : x)
    rows.push_back(
      {{store.store, db_bytes_text(store.bytes_before), db_bytes_text(store.bytes_after)},
       {},
       true,
       report::tone::normal});
  return folder.string() + ":\n"
         + report::draw_table({{.title = "store"},
                               {.title = "before", .right = true},
                               {.title = "now", .right = true}},
                              std::move(rows), style.columns, false, style.letters);
}

std::string compact_json(const fs::path& folder, const std::vector<storage::compacted_store>& x) {
  return json_object{}
           .add("data", std::string_view{folder.native()})
           .raw("stores", json_of(x))
           .text()
         + '\n';
}

std::string lines_table(std::string_view what, const std::string& place, const line_report& x) {
  return place + ": " + std::string{what} + " " + counted_rows(x.rows) + ", checksum " + x.checksum
         + ", " + of_whose(x.mark) + '\n';
}

std::string lines_json(std::string_view what, const std::string& place, const line_report& x) {
  return identity_json(place, x.mark)
           .add("done", what)
           .add("commit", x.commit)
           .add("rows", x.rows)
           .add("checksum", std::string_view{x.checksum})
           .text()
         + '\n';
}

std::string migration_table(const fs::path& folder, const migration_report& x) {
  if (x.schema_before == x.schema_after)
    return folder.string() + ": has schema " + std::to_string(x.schema_before)
           + " already; there is nothing to migrate\n";
  auto text = folder.string() + ": schema " + std::to_string(x.schema_before) + " to "
              + std::to_string(x.schema_after) + " in " + ms_text(x.took_ms)
              + ", with a backup and all commits\n";
  for (const auto& step : x.steps)
    text += "  " + std::to_string(step.from) + " to " + std::to_string(step.from + 1) + ": "
            + step.what + " (" + ms_text(step.read_ms) + " to work out)\n";
  if (!x.tried_on.empty())
    return text + "tried on a copy, which is taken away again; " + folder.string()
           + " is as it was\n";
  return text + "what was there is kept as " + x.backup + '\n';
}

std::string migration_json(const fs::path& folder, const migration_report& x) {
  json_list steps;
  for (const auto& step : x.steps)
    steps.raw(json_object{}
                .add("from", step.from)
                .add("to", step.from + 1)
                .add("what", std::string_view{step.what})
                .add("read_ms", step.read_ms)
                .text());
  return json_object{}
           .add("data", std::string_view{folder.native()})
           .add("dry_run", !x.tried_on.empty())
           .add("schema_before", x.schema_before)
           .add("schema_after", x.schema_after)
           .add("took_ms", x.took_ms)
           .add("kept", std::string_view{x.backup})
           .raw("steps", steps.text())
           .text()
         + '\n';
}

} // namespace sluice::tools
