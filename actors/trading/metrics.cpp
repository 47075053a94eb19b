#include "actors/trading/metrics.hpp"

#include "rules/trading/event.hpp"
#include "storage/sizes.hpp"
#include "storage/trading/queries.hpp"
#include "storage/trading/tables.hpp"

#include <sys/resource.h>
#include <sys/sysinfo.h>

#include <filesystem>
#include <fstream>
#include <map>
#include <string>
#include <string_view>
#include <unistd.h>

namespace sluice {

namespace {

namespace tables = storage::tables;

double seconds_of(int64_t time_us) {
  return static_cast<double>(time_us) / static_cast<double>(us_per_second);
}

double whole_coins(i128 units) {
  return static_cast<double>(units) / static_cast<double>(rao_per_tao);
}

void add_counts_of_rows(metric_list& out, const storage::data_dir& disk) {
  const auto counts = storage::stored_counts(disk);
  if (!counts)
    return;
  const auto of = [&counts](const char* name) {
    const auto at = counts->find(name);
    return at == counts->end() ? 0.0 : static_cast<double>(at->second);
  };
  out.counter("sluice_trading_rows_total", "Rows that feeds and imports brought", of("rows"));
  out.counter("sluice_trading_duplicate_rows_total", "Rows whose event was there already",
              of("duplicate"));
  out.counter("sluice_trading_archived_rows_total", "Rows of a time that is archived",
              of("archived"));
  for (const auto& [name, n] : *counts) {
    if (name.starts_with("rejected."))
      out.counter("sluice_trading_rejected_rows_total", "Rows that are no event, by reason",
                  static_cast<double>(n), {{"reason", name.substr(9)}});
  }
}

void add_books(metric_list& out, const storage::data_dir& disk) {
  const auto books = storage::all_books(disk);
  if (!books)
    return;
  std::array<uint64_t, event_outcomes> outcomes{};
  book_totals totals;
  for (const auto& x : *books) {
    for (size_t i = 0; i < outcomes.size(); ++i)
      outcomes[i] += x.outcomes[i];
    totals.add(x.totals);
  }
  for (size_t i = 0; i < outcomes.size(); ++i)
    out.gauge("sluice_trading_events", "Stored events, by what became of them",
              static_cast<double>(outcomes[i]),
              {{"outcome", std::string{name_of(static_cast<event_outcome>(i))}}});
  const char* lots = "Positions, by status";
  out.gauge("sluice_trading_positions", lots, static_cast<double>(totals.open),
            {{"status", "open"}});
  out.gauge("sluice_trading_positions", lots, static_cast<double>(totals.partial),
            {{"status", "partial"}});
  out.gauge("sluice_trading_positions", lots, static_cast<double>(totals.closed),
            {{"status", "closed"}});
  out.gauge("sluice_trading_unmatched_alpha", "Alpha that was sold and had never been bought",
            whole_coins(totals.unmatched_alpha));
  out.gauge("sluice_trading_ignored_unstakes", "Unstakes that found no position",
            static_cast<double>(totals.ignored_unstakes + totals.refused_unstakes));
}

void add_traders(metric_list& out, const storage::data_dir& disk,
                 const storage::ledger_setup& setup) {
  const auto miners = storage::all_performance(disk, setup);
  if (!miners)
    return;
  for (const auto& x : *miners) {
    if (!x.uid)
      continue;
    const metric_list::labels who{{"uid", std::to_string(*x.uid)}, {"hotkey", x.hotkey}};
    out.gauge("sluice_trading_pnl_tao", "Scored profit, TAO", x.pnl_tao, who);
    out.gauge("sluice_trading_score", "Score", x.score.score, who);
    out.gauge("sluice_trading_weight", "Share of the mechanism's weight, 0 to 1", x.weight, who);
    out.counter("sluice_trading_trades_total", "Unstakes that closed something",
                static_cast<double>(x.totals.trades), who);
  }
}

/// Each feed by the coldkey that is furthest behind; what no feed brings has its own.
void add_syncs(metric_list& out, const storage::data_dir& disk) {
  std::map<std::string, int64_t> oldest;
  std::map<std::string, uint64_t> rows;
  (void)tables::trading_syncs.for_each(disk, [&](const sync_key& key, const sync_point& x) {
    if (!key.feed.starts_with('('))
      rows[key.feed] += x.rows;
    const auto [at, fresh] = oldest.emplace(key.feed, x.synced_us);
    if (!fresh)
      at->second = std::min(at->second, x.synced_us);
  });
  for (const auto& [feed, time_us] : oldest)
    if (feed == "(snapshots)")
      out.gauge("sluice_trading_snapshot_timestamp_seconds",
                "When performance was last noted, unix seconds", seconds_of(time_us));
    else if (feed == "(archive)")
      out.gauge("sluice_trading_archive_timestamp_seconds",
                "When old rows were last archived, unix seconds", seconds_of(time_us));
    else
      out.gauge("sluice_trading_feed_synced_timestamp_seconds",
                "Until when everything of a feed was taken, unix seconds", seconds_of(time_us),
                {{"feed", feed}});
  for (const auto& [feed, n] : rows)
    out.counter("sluice_trading_feed_rows_total", "Rows that a feed brought, over all runs",
                static_cast<double>(n), {{"feed", feed}});
  if (const auto last = tables::trading_steps.last(disk); last && *last)
    out.gauge("sluice_trading_scored_timestamp_seconds",
              "Moment of the last step that was played, unix seconds",
              seconds_of((*last)->second.now_us));
}

uint64_t open_files() {
  uint64_t n = 0;
  std::error_code error;
  for (std::filesystem::directory_iterator i{"/proc/self/fd", error}, end; !error && i != end;
       i.increment(error))
    ++n;
  return n;
}

/// Physical memory of this process as a part of the machine's.
double memory_use() {
  struct sysinfo machine {};
  uint64_t pages = 0;
  uint64_t in_memory = 0;
  std::ifstream in{"/proc/self/statm"};
  if (!(in >> pages >> in_memory) || ::sysinfo(&machine) != 0 || machine.totalram == 0)
    return 0;
  const auto page = static_cast<double>(::sysconf(_SC_PAGESIZE));
  return static_cast<double>(in_memory) * page
         / (static_cast<double>(machine.totalram) * machine.mem_unit);
}

void add_process(metric_list& out, const storage::data_dir& disk) {
  rusage used{};
  if (::getrusage(RUSAGE_SELF, &used) == 0) {
    const auto of = [](const timeval& x) {
      return static_cast<double>(x.tv_sec) + static_cast<double>(x.tv_usec) / 1e6;
    };
    out.counter("sluice_trading_cpu_seconds_total", "CPU time of this process, seconds",
                of(used.ru_utime) + of(used.ru_stime));
  }
  out.gauge("sluice_trading_open_files", "Open files of this process",
            static_cast<double>(open_files()));
  out.gauge("sluice_trading_memory_use",
            "Physical memory of this process, as a part of the machine's", memory_use());
  if (const auto size = disk.node().size(); size && size->map_bytes != 0)
    out.gauge("sluice_trading_pool_use", "Used part of the map of the node's tables",
              static_cast<double>(size->used_bytes) / static_cast<double>(size->map_bytes));
  std::error_code error;
  const auto space = std::filesystem::space(disk.path(), error);
  if (!error && space.capacity != 0)
    out.gauge("sluice_trading_disk_use", "Used part of the disk of the data folder",
              1 - static_cast<double>(space.available) / static_cast<double>(space.capacity));
}

void add_limits(metric_list& out, const storage::data_dir& disk) {
  const auto stored = tables::trading_limits.find(disk, tables::trading_now_key);
  if (!stored || !*stored)
    return;
  const auto put = [&out](const char* name, double limit) {
    out.gauge("sluice_trading_threshold", "Configured limits that alert rules compare with", limit,
              {{"name", name}});
  };
  const auto& x = **stored;
  put("pool_use", x.pool_use);
  put("query_s", x.query_s);
  put("failed_queries_per_hour", static_cast<double>(x.failed_queries_per_hour));
  put("cpu", x.cpu);
  put("memory", x.memory);
  put("disk", x.disk);
  put("open_files", static_cast<double>(x.open_files));
  put("failed_operations_per_hour", static_cast<double>(x.failed_operations_per_hour));
  put("snapshot_delay_s", static_cast<double>(x.snapshot_delay_s));
  put("processing_delay_s", static_cast<double>(x.processing_delay_s));
  put("recovery_attempts", static_cast<double>(x.recovery_attempts));
  put("recovery_cooldown_s", static_cast<double>(x.recovery_cooldown_s));
}

} // namespace

void add_trading_metrics(metric_list& out, const storage::data_dir& disk) {
  const auto setup = storage::stored_setup(disk);
  if (!setup || !*setup)
    return;
  add_counts_of_rows(out, disk);
  add_books(out, disk);
  add_traders(out, disk, **setup);
  add_syncs(out, disk);
  add_process(out, disk);
  add_limits(out, disk);
}

} // namespace sluice
