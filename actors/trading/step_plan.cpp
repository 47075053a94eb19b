#include "actors/trading/step_plan.hpp"

#include "rules/trading/run_time.hpp"
#include "storage/trading/queries.hpp"
#include "storage/trading/tables.hpp"

#include <algorithm>
#include <iterator>

namespace sluice {

namespace {

namespace tables = storage::tables;

constexpr size_t best_in_step_row = 5;

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
  row.miners = static_cast<uint64_t>(std::count_if(
    miners->begin(), miners->end(), [](const auto& x) { return x.is_registered; }));
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
plan_setup(const storage::data_dir& disk, const storage::ledger_setup& setup) {
  std::vector<storage::batch> all;
  const auto planned = storage::store_setup(disk, setup, false, into(all));
  if (!planned)
    return planned.error();
  return all;
}

result<storage::batch> plan_rows(const storage::data_dir& disk, const storage::ledger_setup& setup,
                                 const taken_rows& rows, storage::plan_counts* counted) {
  auto plan = storage::plan_events(disk, setup, rows.events);
  if (!plan)
    return plan.error();
  const sync_key key{rows.feed, rows.coldkey};
  auto point = sync_point_of(disk, key);
  if (!point)
    return point.error();
  auto next = rows.until;
  next.pages += point->pages;
  next.rows = point->rows + rows.rows;
  tables::trading_syncs.put(plan->writes, key, next);
  std::vector<std::pair<std::string, uint64_t>> more{{"rows", rows.rows}};
  for (const auto& [reason, n] : rows.rejected)
    more.emplace_back("rejected." + reason, n);
  if (auto added = storage::add_counts(disk, more, plan->writes); !added)
    return added.error();
  if (counted)
    *counted = plan->counts;
  return std::move(plan->writes);
}

void begin_step_row(storage::batch& out, uint64_t number, trading_step row) {
  row.scores_due = false;
  tables::trading_steps.put(out, number, row);
}

result<storage::batch>
plan_step_end(const storage::data_dir& disk, const storage::ledger_setup& setup,
              const trading_settings& settings, uint64_t number, trading_step row) {
  storage::batch out;
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
  if (auto filled = fill_standing(disk, setup, row); !filled)
    return filled.error();
  row.scores_due = true;
  tables::trading_steps.put(out, number, row);
  return out;
}

result<std::vector<storage::batch>> plan_archive(const storage::data_dir& disk,
                                                 const storage::ledger_setup& setup,
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

result<sync_point> sync_point_of(const storage::data_dir& disk, const sync_key& key) {
  auto row = tables::trading_syncs.find(disk, key);
  if (!row)
    return row.error();
  return row->value_or(sync_point{});
}

} // namespace sluice
