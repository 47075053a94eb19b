#include "tools/db/row_lines.hpp"

#include "io/text/hex.hpp"
#include "io/text/json_fields.hpp"
#include "io/text/lines.hpp"
#include "rules/json_text.hpp"
#include "storage/disk_fault.hpp"
#include "storage/files.hpp"
#include "storage/folder_set.hpp"
#include "storage/folder_swap.hpp"
#include "storage/key.hpp"
#include "storage/row_checksum.hpp"

#include <sys/stat.h>

#include <algorithm>
#include <cerrno>
#include <map>
#include <optional>
#include <utility>

namespace sluice::tools {

namespace fs = std::filesystem;

/// The names of the storage are at home in here only: other sources are compiled with this one.
namespace row_line_parts {

using namespace storage;

namespace {

constexpr int export_form = 1;
constexpr size_t row_line_bytes_max = size_t{512} << 20;
constexpr size_t value_bytes_max = size_t{255} << 20;
constexpr size_t key_bytes_max = 511;
constexpr uint64_t import_map_bytes_more = uint64_t{256} << 20;
constexpr uint64_t import_map_bytes_of_pipe = uint64_t{64} << 30;
constexpr uint64_t shown_every_rows = 1024;

/// Number and checksum of all rows of an export, in its order.
struct row_count {
  uint64_t rows = 0;
  uint64_t sum = 0;

  void add(std::string_view store, std::string_view table, std::string_view key,
           std::string_view value) {
    ++rows;
    for (const auto part : {store, table, key, value})
      sum = xxh64(part, sum);
  }
  std::string text() const {
    std::string bytes;
    append_key(bytes, sum);
    return to_hex(bytes);
  }
};

std::string heading_line(const marker& mark, uint64_t commit, bool checksums, bool whole) {
  return json_object{}
           .add("sluice_export", export_form)
           .add("folder", std::string_view{mark.folder})
           .add("schema", mark.schema)
           .add("version", std::string_view{mark.who.version})
           .add("seed", std::to_string(mark.who.seed)) // 64 bits: more than a double of JavaScript
           .add("config", std::string_view{mark.who.config_digest})
           .add("commit", commit)
           .add("checksums", checksums)
           .add("whole", whole)
           .text()
         + '\n';
}

std::string row_line(std::string_view store, std::string_view table, std::string_view key,
                     std::string_view value) {
  std::string line = "{\"store\":\"";
  line.append(store).append("\",\"table\":\"").append(table); // letters, digits, '_', '-', '.'
  line.append("\",\"key\":\"").append(to_hex(key));
  line.append("\",\"value\":\"").append(to_hex(value));
  return line.append("\"}\n");
}

std::string table_line(std::string_view store, std::string_view table) {
  return json_object{}.add("store", store).add("table", table).text() + '\n';
}

bool is_wanted(const std::string& asked, std::string_view there) {
  return asked.empty() || asked == there;
}

/// What was asked for must be there: a misspelt table is no empty export.
result<nothing> demand_known(folder_set& set, const export_order& order) {
  bool store = false;
  bool table = false;
  for (const auto& x : set.stores())
    if (is_wanted(order.store, x.store())) {
      store = true;
      for (const auto& y : x.tables())
        table = table || is_wanted(order.table, y.name);
    }
  if (!store)
    return fault{ec::no_such_key, order.data.string() + ": no store " + order.store
                                    + "; there are node, pool_events and devchain"};
  if (!table)
    return fault{ec::no_such_key,
                 order.data.string() + ": no table " + order.table + "; sluice db stat lists them"};
  return nothing{};
}

result<nothing> export_store(store_rows& store, const export_order& order, const line_sink& sink,
                             work_progress& progress, row_count& count) {
  const bool checksums = has_row_checksums(store);
  for (const auto& table : store.tables())
    if (is_wanted(order.table, table.name))
      if (auto named = sink(table_line(store.store(), table.name)); !named)
        return named;
  return store.walk(
    [&](std::string_view table, std::string_view key, std::string_view value) -> result<nothing> {
      progress.at(store.store(), table, key);
      progress.add_row();
      if (!is_wanted(order.table, table))
        return nothing{};
      const auto plain = plain_value(checksums, table, key, value);
      if (!plain)
        return fault{plain.error().code, store.path().string() + ": table " + std::string{table}
                                           + ", row " + to_hex(key) + ": " + plain.error().what};
      count.add(store.store(), table, key, *plain);
      return sink(row_line(store.store(), table, key, *plain));
    });
}

// ---- import -------------------------------------------------------------------------------------

std::optional<std::string> bytes_of_hex(std::string_view text, size_t bytes_max) {
  if (text.size() % 2 != 0 || text.size() / 2 > bytes_max)
    return {};
  std::string bytes(text.size() / 2, '\0');
  for (size_t i = 0; i < bytes.size(); ++i) {
    const int high = io::hex_digit(text[2 * i]);
    const int low = io::hex_digit(text[2 * i + 1]);
    if (high < 0 || low < 0)
      return {};
    bytes[i] = static_cast<char>(high * 16 + low);
  }
  return bytes;
}

/// Writes rows into the stores of a folder that grows.
class folder_writer {
public:
  folder_writer(fs::path folder, uint64_t map_bytes, bool checksums)
    : folder_(std::move(folder)), map_bytes_(map_bytes), checksums_(checksums) {}

  result<nothing> make_stores() {
    for (const auto& x : store_places) {
      const auto at = folder_ / x.folder;
      if (::mkdir(at.c_str(), 0700) != 0)
        return disk_fault(errno, at, "create the folder");
      auto made = store_rows_writer::create(at, map_bytes_, 0600);
      if (!made)
        return made.error();
      stores_.emplace(x.store, *std::move(made));
    }
    return nothing{};
  }

  bool has_store(std::string_view store) const { return stores_.contains(store); }

  result<nothing> begin_table(const std::string& store, const std::string& table) {
    at_ = {store, table};
    return stores_.find(store)->second.begin_table(table);
  }

  result<nothing> add(const std::string& store, const std::string& table, const std::string& key,
                      std::string value) {
    if (at_ != std::pair{store, table})
      if (auto begun = begin_table(store, table); !begun)
        return begun;
    if (checksums_) {
      const uint64_t sum = checksum_of_row(table_seed_of(table), key, value);
      value.append(reinterpret_cast<const char*>(&sum), sizeof sum); // as row_checksum.hpp reads it
    }
    return stores_.find(store)->second.add(key, value);
  }

  result<nothing> finish() {
    for (auto& [store, writer] : stores_)
      if (auto finished = writer.finish(); !finished)
        return finished;
    return nothing{};
  }

private:
  fs::path folder_;
  uint64_t map_bytes_;
  bool checksums_;
  std::map<std::string, store_rows_writer, std::less<>> stores_;
  std::pair<std::string, std::string> at_; // the table that is written to
};

fault wrong_line(const io::line_reader& lines, const std::string& what) {
  return {ec::bad_input, lines.path() + ':' + std::to_string(lines.number()) + ": " + what};
}

struct export_heading {
  marker mark;
  uint64_t commit = 0;
  bool checksums = false;
};

result<export_heading> read_heading(io::line_reader& lines, uint32_t schema_max) {
  const auto line = lines.next();
  if (!line)
    return line.error();
  if (!*line || (*line)->size() > limits::line_bytes_max
      || !(*line)->starts_with("{\"sluice_export\":"))
    return wrong_line(lines, "expected the first line of an export, {\"sluice_export\":1,...}; "
                             "sluice db export writes one");
  const auto object = io::parse_object(lines, **line);
  if (!object)
    return object.error();
  io::json_fields fields{*object, lines.path(), lines.number()};
  export_heading x;
  const auto form = fields.number("sluice_export", 1, 1000);
  x.mark.folder = fields.text("folder");
  x.mark.schema = static_cast<uint32_t>(fields.number("schema", 1, 1 << 20));
  x.mark.who.version = fields.text("version");
  x.mark.who.seed = static_cast<uint64_t>(fields.whole("seed", 64));
  x.mark.who.config_digest = fields.text("config");
  x.commit = static_cast<uint64_t>(fields.whole("commit", 64));
  x.checksums = fields.flag("checksums");
  const bool whole = fields.flag("whole");
  if (fields.failed())
    return fields.error();
  if (form != export_form || x.mark.schema > schema_max)
    return fault{ec::schema_mismatch, lines.path() + ": exported by a newer sluice ("
                                        + x.mark.who.version + ", schema "
                                        + std::to_string(x.mark.schema) + "; this one knows schema "
                                        + std::to_string(schema_max) + "); use that version"};
  if (!whole)
    return wrong_line(lines, "an export of some tables; a folder is made of a whole one, without "
                             "--store and --table");
  return x;
}

/// The last line: number and checksum of all rows.
result<nothing>
check_end(const io::line_reader& lines, std::string_view text, const row_count& count) {
  const auto object = io::parse_object(lines, text);
  if (!object)
    return object.error();
  io::json_fields fields{*object, lines.path(), lines.number()};
  const auto rows = static_cast<uint64_t>(fields.whole("rows", 64));
  const auto sum = fields.text("checksum");
  if (fields.failed())
    return fields.error();
  if (rows != count.rows || sum != count.text())
    return wrong_line(lines, "the rows are not those that were exported: " + std::to_string(rows)
                               + " with checksum " + sum + " were, " + std::to_string(count.rows)
                               + " with " + count.text() + " are here; export the folder again");
  return nothing{};
}

/// One row, or the name of a table.
result<nothing>
take_row(const io::line_reader& lines, std::string_view text, folder_writer& to, row_count& count) {
  const auto object = io::parse_object(lines, text);
  if (!object)
    return object.error();
  io::json_fields fields{*object, lines.path(), lines.number()};
  const auto store = fields.text("store");
  const auto table = fields.text("table");
  const bool row = fields.has("key");
  const auto key_text = row ? fields.text("key") : "";
  const auto value_text = row ? fields.text("value") : "";
  if (fields.failed())
    return fields.error();
  if (!to.has_store(store))
    return wrong_line(lines,
                      "store: expected node, pool_events or devchain, got " + io::quoted(store));
  if (table.empty() || table.size() > 128
      || table.find_first_not_of(
           "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-.")
           != table.npos)
    return wrong_line(lines, "table: expected a name, got " + io::quoted(table));
  if (!row)
    return to.begin_table(store, table);
  const auto key = bytes_of_hex(key_text, key_bytes_max);
  if (!key || key->empty())
    return wrong_line(lines, "key: expected 2 to 1022 hexadecimal digits");
  auto value = bytes_of_hex(value_text, value_bytes_max);
  if (!value)
    return wrong_line(lines, "value: expected hexadecimal digits, two for each byte");
  count.add(store, table, *key, *value);
  auto added = to.add(store, table, *key, *std::move(value));
  if (!added && added.error().code == ec::corrupt_data)
    return wrong_line(lines, "key: rows of a table must be in the order of their keys, each once");
  return added;
}

result<nothing>
take_rows(io::line_reader& lines, folder_writer& to, row_count& count, const bytes_shown& shown) {
  for (uint64_t n = 0;; ++n) {
    if (shown && n % shown_every_rows == 0)
      shown(lines.bytes_read(), lines.bytes_total());
    const auto line = lines.next();
    if (!line)
      return line.error();
    if (!*line)
      return fault{ec::bad_input, lines.path()
                                    + ": is cut short: its last line, with \"rows\", is "
                                      "missing; export the folder again"};
    if ((*line)->starts_with("{\"rows\":")) {
      if (auto right = check_end(lines, **line, count); !right)
        return right;
      const auto more = lines.next();
      return more && *more ? wrong_line(lines, "expected nothing behind the last line")
                           : result<nothing>{nothing{}};
    }
    if (auto taken = take_row(lines, **line, to, count); !taken)
      return taken;
  }
}

result<line_report> fill_from_lines(io::line_reader& lines, const fs::path& growing,
                                    const import_order& order, const bytes_shown& shown) {
  const auto heading = read_heading(lines, order.schema_max);
  if (!heading)
    return heading.error();
  const auto total = lines.bytes_total();
  folder_writer writer{growing,
                       total > 0 ? total * 2 + import_map_bytes_more : import_map_bytes_of_pipe,
                       heading->checksums};
  row_count count;
  auto made = writer.make_stores();
  if (made)
    made = take_rows(lines, writer, count, shown);
  if (made)
    made = writer.finish();
  if (made)
    made = write_marker(growing, heading->mark);
  if (!made)
    return made.error();
  return line_report{heading->mark, heading->commit, count.rows, count.text()};
}

result<line_report>
write_lines(const export_order& order, const line_sink& sink, work_progress& progress) {
  auto set = folder_set::open(order.data, order.schema_max);
  if (!set)
    return set.error();
  if (auto begun = set->begin(); !begun)
    return begun.error();
  const auto stamps = set->stamps();
  if (!stamps)
    return stamps.error();
  if (auto known = demand_known(*set, order); !known)
    return known.error();
  uint64_t total = 0;
  for (const auto& store : set->stores())
    for (const auto& table : store.tables())
      total += is_wanted(order.store, store.store()) ? table.rows : 0;
  progress.done(0, total);
  line_report report{set->mark(), last_commit_of(*stamps), 0, {}};
  const bool whole = order.store.empty() && order.table.empty();
  if (auto written = sink(heading_line(report.mark, report.commit, !stamps->empty(), whole));
      !written)
    return written.error();
  row_count count;
  for (auto& store : set->stores())
    if (is_wanted(order.store, store.store()))
      if (auto written = export_store(store, order, sink, progress, count); !written)
        return written.error();
  report.rows = count.rows;
  report.checksum = count.text();
  const auto end = json_object{}
                     .add("rows", report.rows)
                     .add("checksum", std::string_view{report.checksum})
                     .text();
  if (auto written = sink(end + '\n'); !written)
    return written.error();
  return report;
}

result<line_report> read_lines(const import_order& order, const bytes_shown& shown) {
  const auto from = order.from == "-" ? std::string{"/dev/stdin"} : order.from.string();
  auto lines = io::line_reader::open(from, row_line_bytes_max);
  if (!lines)
    return lines.error();
  std::error_code failed;
  const auto data = fs::weakly_canonical(order.data, failed);
  if (failed || !data.has_filename())
    return fault{ec::bad_input, order.data.string() + ": no name of a folder; choose another"};
  if (fs::exists(data, failed) && !(fs::is_directory(data, failed) && fs::is_empty(data, failed)))
    return fault{ec::refused, data.string()
                                + ": something is there; an import makes a new folder, "
                                  "choose another --data"};
  fs::create_directories(data.parent_path(), failed);
  auto growing = data;
  growing += ".importing";
  auto aside = data;
  aside += ".empty";
  fs::remove_all(growing, failed);
  if (::mkdir(growing.c_str(), 0700) != 0)
    return disk_fault(errno, growing, "create the folder");
  auto report = fill_from_lines(*lines, growing, order, shown);
  if (report)
    if (auto placed = put_in_place(growing, data, aside); !placed)
      report = placed.error();
  if (!report)
    fs::remove_all(growing, failed);
  fs::remove(aside, failed);
  return report;
}

} // namespace
} // namespace row_line_parts

result<line_report>
export_lines(const export_order& order, const line_sink& sink, storage::work_progress& progress) {
  return row_line_parts::write_lines(order, sink, progress);
}

result<line_report> import_lines(const import_order& order, const bytes_shown& shown) {
  return row_line_parts::read_lines(order, shown);
}

} // namespace sluice::tools
