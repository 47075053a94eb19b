#include "tools/trading/ledger.hpp"

#include "io/text/lines.hpp"
#include "io/trading/rows.hpp"
#include "storage/tables.hpp"
#include "storage/trading/tables.hpp"

#include <algorithm>
#include <filesystem>

namespace sluice::tools {

namespace {

/// A folder that is there goes on as whose it is; a new one is nobody's run.
result<storage::identity> identity_for(const ledger_folder_options& options) {
  storage::identity who{options.version, 0, ""};
  std::error_code error;
  if (!options.write || !std::filesystem::exists(options.path, error))
    return who;
  auto marker = storage::find_marker(options.path, storage::tables::schema_version);
  if (!marker)
    return marker.error();
  if (*marker)
    who = (*marker)->who;
  return who;
}

/// Percent of all files, by bytes: one half for reading them, the other for storing what was read.
class import_progress {
public:
  import_progress(const std::vector<std::string>& files, const std::function<void(int)>& show)
    : show_(show) {
    for (const auto& file : files) {
      std::error_code error;
      const auto bytes = std::filesystem::file_size(file, error);
      total_ += error ? 0 : bytes;
    }
  }
  void read(uint64_t bytes_of_file) {
    read_ = std::min(total_, before_ + bytes_of_file);
    show();
  }
  void finish_file(uint64_t bytes) { before_ += bytes; }
  /// Of what was read and is not stored yet, so much.
  void store(uint64_t done, uint64_t total) {
    storing_ = total == 0 ? 0 : static_cast<double>(done) / static_cast<double>(total);
    show();
  }
  void finish_pass() {
    stored_ = read_;
    storing_ = 0;
    show();
  }

private:
  void show() const {
    if (!show_ || total_ == 0)
      return;
    const auto done = static_cast<double>(read_) + static_cast<double>(stored_)
                      + storing_ * static_cast<double>(read_ - stored_);
    show_(static_cast<int>(50 * done / static_cast<double>(total_)));
  }

  const std::function<void(int)>& show_;
  uint64_t total_ = 0;
  uint64_t before_ = 0; // bytes of files that are done
  uint64_t read_ = 0;
  uint64_t stored_ = 0; // of those read
  double storing_ = 0;  // part of the rest
};

std::vector<std::pair<std::string, uint64_t>>
counts_between(const io::event_file_counts& before, const io::event_file_counts& after,
               const storage::plan_counts& plan) {
  std::vector<std::pair<std::string, uint64_t>> out{{"rows", after.rows - before.rows},
                                                    {"added", plan.added},
                                                    {"duplicate", plan.duplicates},
                                                    {"archived", plan.archived}};
  for (size_t i = 1; i < row_rejections; ++i)
    out.emplace_back("rejected." + std::string{name_of(static_cast<row_rejection>(i))},
                     after.rejected[i] - before.rejected[i]);
  return out;
}

} // namespace

result<storage::ledger_setup> ledger_setup_from(const trading_settings& settings, int64_t now_us) {
  storage::ledger_setup out;
  out.terms = {settings.ledger, settings.score, settings.now_us.value_or(now_us)};
  if (!settings.world_file.empty()) {
    auto file = io::read_world_file(settings.world_file);
    if (!file)
      return file.error();
    out.world = std::move(file->world);
    if (!settings.now_us && file->now_us)
      out.terms.now_us = *file->now_us;
  }
  out.world.blacklist.insert(settings.blacklist.begin(), settings.blacklist.end());
  return out;
}

result<ledger_folder> ledger_folder::open(const ledger_folder_options& options) {
  const auto own = storage::schema_with(std::vector{storage::trading_schema()});
  const auto who = identity_for(options);
  if (!who)
    return who.error();
  const auto mode
    = options.write ? storage::open_mode::create_or_continue : storage::open_mode::read_only;
  auto disk = storage::data_dir::open(options.path, *who, mode,
                                      {.layout = options.layout ? options.layout : &own});
  if (!disk && disk.error().code == ec::busy)
    return fault{ec::busy, disk.error().what
                             + "; stop the node, or let it read the file (a feed of kind file)"};
  if (!disk)
    return disk.error();
  ledger_folder out{*std::move(disk)};
  auto stored = storage::stored_setup(out.disk_);
  if (!stored)
    return stored.error();
  if (*stored)
    out.setup_ = **std::move(stored);
  return out;
}

result<nothing> ledger_folder::take_setup(const import_options& options) {
  auto next = setup_;
  if (options.settings) {
    auto made = ledger_setup_from(*options.settings, options.clock_us);
    if (!made)
      return made.error();
    if (options.settings->world_file.empty()) { // what is stored stays; the blacklist is a setting
      next.world.blacklist = made->world.blacklist;
      next.terms = made->terms;
    } else {
      next = *std::move(made);
    }
  } else {
    next.terms.now_us = std::max(next.terms.now_us, options.clock_us);
  }
  if (!options.world_file.empty()) {
    auto file = io::read_world_file(options.world_file);
    if (!file)
      return file.error();
    auto blacklist = std::move(next.world.blacklist);
    next.world = std::move(file->world);
    next.world.blacklist.merge(blacklist);
    if (file->now_us)
      next.terms.now_us = *file->now_us;
  }
  if (options.now_us)
    next.terms.now_us = *options.now_us;
  setup_ = std::move(next);
  return nothing{};
}

result<import_report>
ledger_folder::import(const import_options& options, const std::function<void(int)>& progress,
                      size_t pass_events) {
  if (options.files.empty() && options.pool_files.empty())
    return fault{ec::invalid_argument, "no file to import; name one or more"};
  if (auto taken = take_setup(options); !taken)
    return taken.error();
  const storage::batch_sink commit = [this](storage::batch&& x) { return disk_.commit(x); };
  import_report report;
  import_progress shown{options.files, progress};
  io::event_file_counts before; // those of the passes that are done
  const auto pass = [&](std::vector<trading_event>&& events,
                        const io::event_file_counts& rows) -> result<nothing> {
    auto stored = storage::store_events(
      disk_, setup_, std::move(events), commit,
      [&shown](uint64_t done, uint64_t total) { shown.store(done, total); });
    if (!stored)
      return stored.error();
    report.plan.add(*stored);
    storage::batch counts;
    const auto more = counts_between(before, rows, *stored);
    if (auto added = storage::add_counts(disk_, more, counts); !added)
      return added;
    before = rows;
    shown.finish_pass();
    return disk_.commit(counts);
  };
  std::vector<trading_event> events;
  for (const auto& path : options.files) {
    auto file = io::event_file::open(path, options.rows, options.strict);
    if (!file)
      return file.error();
    for (bool more = true; more;) {
      constexpr size_t events_at_once = 10'000;
      const auto read = file->read(events, std::min(events_at_once, pass_events));
      if (!read)
        return read.error();
      more = *read;
      shown.read(file->bytes_read());
      if (events.size() < pass_events)
        continue;
      auto rows = report.rows;
      rows.add(file->counts());
      if (auto done = pass(std::move(events), rows); !done)
        return done.error();
      events = {};
    }
    report.rows.add(file->counts());
    shown.finish_file(file->bytes_total());
    ++report.files;
  }
  if (auto done = pass(std::move(events), report.rows); !done)
    return done.error();
  if (auto done = take_pools(options, report); !done)
    return done.error();
  return report;
}

result<nothing> ledger_folder::take_pools(const import_options& options, import_report& report) {
  storage::batch writes;
  for (const auto& path : options.pool_files) {
    auto lines = io::line_reader::open(path, io::event_line_bytes_max);
    if (!lines)
      return lines.error();
    for (;;) {
      const auto line = lines->next();
      if (!line)
        return line.error();
      if (!*line)
        break;
      const auto pool = io::read_pool_data(**line, path + ':' + std::to_string(lines->number()),
                                           setup_.terms.now_us);
      if (!pool && options.strict)
        return fault{ec::bad_input, pool.error().what + " (stopped by strict)"};
      io::stake_row row;
      if (!pool) {
        row.rejected = row_rejection::json;
        row.why = pool.error().what;
        report.pool_rows.add(row);
        continue;
      }
      ++report.pool_rows.rows;
      ++report.pools;
      storage::tables::trading_pools.put(writes, pool->netuid, *pool);
    }
    ++report.files;
  }
  return disk_.commit(writes);
}

result<storage::plan_counts> ledger_folder::rebuild() {
  return storage::store_setup(disk_, setup_, true,
                              [this](storage::batch&& x) { return disk_.commit(x); });
}

result<uint64_t> ledger_folder::archive(const trading_retention& retention) {
  const auto ago = [this](uint64_t days) {
    return setup_.terms.now_us - static_cast<int64_t>(days) * us_per_day;
  };
  return storage::archive_events(disk_, setup_, ago(retention.retention_days),
                                 ago(retention.snapshot_days),
                                 [this](storage::batch&& x) { return disk_.commit(x); });
}

result<storage::integrity_report> ledger_folder::check() const {
  return storage::check_ledger(disk_, setup_);
}

result<uint64_t> export_events(const storage::data_dir& disk, const position_filter& filter,
                               const std::function<bool(std::string_view)>& write) {
  uint64_t count = 0;
  bool written = true;
  const auto walked = storage::for_each_event(
    disk, filter, [&](const storage::book_place&, const trading_event& x) {
      written = write(io::event_row_text(x) + '\n');
      count += written ? 1 : 0;
      return written;
    });
  if (!walked)
    return walked.error();
  if (!written)
    return fault{ec::unreachable, "the export could not be written: is the disk full?"};
  return count;
}

} // namespace sluice::tools
