#include "actors/trading/step_plan.hpp"

#include "rules/trading/run_time.hpp"
#include "storage/trading/queries.hpp"
#include "storage/trading/tables.hpp"
#include "tools/trading/dev_world.hpp"
#include "tools/trading/ledger.hpp"

#include <algorithm>
#include <iterator>

namespace sluice {

namespace {

namespace tables = storage::tables;

constexpr size_t best_in_step_row = 5;
const std::string at_step = "at_step."; // before the name of a count: as the last step left it

storage::batch_sink into(std::vector<storage::batch>& all) {
  return [&all](storage::batch&& x) {
    if (!x.writes.empty())
      all.push_back(std::move(x));
    return result<nothing>{nothing{}};
  };
}

void append(storage::batch& to, storage::batch&& more) {
  to.writes.insert(to.writes.end(), std::make_move_iterator(more.writes.begin()),
                   std::make_move_iterator(more.writes.end()));
}

int64_t days_us(uint64_t days) {
  return static_cast<int64_t>(days) * us_per_day;
}

/// Counts of miners and the best of them, as the row remembers them.
result<nothing> fill_standing(const storage::data_dir& disk, const storage::ledger_setup& setup,
                              trading_step& row) {
  auto miners = storage::all_performance(disk, setup);
  if (!miners)
    return miners.error();
  row.miners = static_cast<uint64_t>(
    std::count_if(miners->begin(), miners->end(), [](const auto& x) { return x.is_registered; }));
  std::erase_if(*miners, [](const auto& x) { return !(x.weight > 0); });
  std::stable_sort(miners->begin(), miners->end(),
                   [](const auto& a, const auto& b) { return a.weight > b.weight; });
  row.scored = miners->size();
  row.best.clear();
  for (size_t i = 0; i < std::min(miners->size(), best_in_step_row); ++i)
    row.best.emplace_back((*miners)[i].hotkey, (*miners)[i].weight);
  return nothing{};
}

} // namespace

result<std::vector<storage::batch>>
plan_setup(const storage::data_dir& disk, const storage::ledger_setup& setup,
           const trading_thresholds& limits) {
  std::vector<storage::batch> all;
  const auto planned = storage::store_setup(disk, setup, false, into(all));
  if (!planned)
    return planned.error();
  const auto stored = tables::trading_limits.find(disk, tables::trading_now_key);
  if (!stored)
    return stored.error();
  if (*stored != limits) {
    storage::batch noted;
    tables::trading_limits.put(noted, tables::trading_now_key, limits);
    all.push_back(std::move(noted));
  }
  return all;
}

result<std::vector<storage::batch>>
plan_rebuild(const storage::data_dir& disk, const storage::ledger_setup& setup) {
  std::vector<storage::batch> all;
  const auto planned = storage::store_setup(disk, setup, true, into(all));
  if (!planned)
    return planned.error();
  return all;
}

result<storage::batch> plan_rows(const storage::data_dir& disk, const storage::ledger_setup& setup,
                                 const taken_rows& rows) {
  auto plan = storage::plan_events(disk, setup, rows.events);
  if (!plan)
    return plan.error();
  for (const auto& [key, point] : rows.points)
    tables::trading_syncs.put(plan->writes, key, point);
  std::vector<std::pair<std::string, uint64_t>> more{{"rows", rows.rows},
                                                     {"added", plan->counts.added},
                                                     {"duplicate", plan->counts.duplicates},
                                                     {"archived", plan->counts.archived},
                                                     {"books", plan->counts.books}};
  for (const auto& [reason, n] : rows.rejected)
    more.emplace_back("rejected." + reason, n);
  std::erase_if(more, [](const auto& x) { return x.second == 0; });
  if (auto added = storage::add_counts(disk, more, plan->writes); !added)
    return added.error();
  return std::move(plan->writes);
}

result<bool> has_future_events(const storage::data_dir& disk) {
  bool found = false;
  const auto read
    = tables::trading_books.for_each(disk, [&found](const book_id&, const book_record& x) {
        found = x.next_future_us.has_value();
        return !found;
      });
  if (!read)
    return read.error();
  return found;
}

result<trading_step> taken_since_last_step(const storage::data_dir& disk) {
  const auto counts = storage::stored_counts(disk);
  if (!counts)
    return counts.error();
  const auto since = [&counts](const std::string& name) {
    const auto now = counts->find(name);
    const auto then = counts->find(at_step + name);
    const auto before = then == counts->end() ? 0 : then->second;
    return now == counts->end() || now->second < before ? 0 : now->second - before;
  };
  trading_step row;
  row.rows = since("rows");
  row.added = since("added");
  row.duplicates = since("duplicate");
  row.books = since("books");
  for (const auto& [name, n] : *counts)
    if (name.starts_with("rejected."))
      row.rejected += since(name);
  return row;
}

result<storage::batch>
plan_step_end(const storage::data_dir& disk, const storage::ledger_setup& setup,
              const trading_settings& settings, uint64_t number) {
  storage::batch out;
  auto row = taken_since_last_step(disk);
  const auto counts = storage::stored_counts(disk);
  if (!row || !counts)
    return row ? counts.error() : row.error();
  for (const auto& [name, n] : *counts)
    if (!name.starts_with(at_step))
      tables::trading_counts.put(out, at_step + name, n);
  const auto now = setup.terms.now_us;
  const auto taken = sync_point_of(disk, snapshots_taken);
  if (!taken)
    return taken.error();
  if (is_due(taken->synced_us, now, settings.snapshot_every_s)) {
    const auto window
      = static_cast<int64_t>(settings.snapshot_every_s) * us_per_second; // at most a year
    auto snapshots = storage::plan_snapshots(disk, setup, now - window, now);
    if (!snapshots)
      return snapshots.error();
    append(out, *std::move(snapshots));
    sync_point point = *taken;
    point.synced_us = now;
    ++point.pages;
    tables::trading_syncs.put(out, snapshots_taken, point);
  }
  if (auto filled = fill_standing(disk, setup, *row); !filled)
    return filled.error();
  row->now_us = now;
  row->scores_due = true;
  tables::trading_steps.put(out, number, *row);
  return out;
}

result<std::vector<storage::batch>>
plan_archive(const storage::data_dir& disk, const storage::ledger_setup& setup,
             const trading_retention& retention) {
  std::vector<storage::batch> all;
  const auto now = setup.terms.now_us;
  const auto done = sync_point_of(disk, archive_done);
  if (!done)
    return done.error();
  if (!is_due(done->synced_us, now, retention.archive_after_days * 86'400))
    return all;
  const auto archived
    = storage::archive_events(disk, setup, now - days_us(retention.retention_days),
                              now - days_us(retention.snapshot_days), into(all));
  if (!archived)
    return archived.error();
  storage::batch last;
  sync_point point = *done;
  point.synced_us = now;
  point.rows += *archived;
  ++point.pages;
  tables::trading_syncs.put(last, archive_done, point);
  all.push_back(std::move(last));
  return all;
}

result<storage::ledger_setup>
setup_of(const storage::data_dir& disk, const trading_settings& settings) {
  auto setup = tools::ledger_setup_from(settings, 0);
  if (!setup)
    return setup;
  auto stored = storage::stored_setup(disk);
  if (!stored)
    return stored.error();
  auto blacklist = std::move(setup->world.blacklist);
  if (tools::has_dev_world(settings)) {
    setup->world = tools::dev_trading_world(settings);
  } else if (settings.world_file.empty()) {
    if (*stored)
      setup->world = std::move((*stored)->world);
    setup->world.blacklist.clear();
  }
  setup->world.blacklist.merge(blacklist);
  if (*stored)
    setup->terms.now_us = (*stored)->terms.now_us;
  return setup;
}

result<sync_point> sync_point_of(const storage::data_dir& disk, const sync_key& key) {
  auto row = tables::trading_syncs.find(disk, key);
  if (!row)
    return row.error();
  return row->value_or(sync_point{});
}

} // namespace sluice
