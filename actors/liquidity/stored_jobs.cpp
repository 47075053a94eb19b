#include "actors/liquidity/stored_jobs.hpp"

#include "rules/liquidity/job_change.hpp"
#include "storage/liquidity/tables.hpp"

#include <algorithm>
#include <utility>

namespace sluice {

namespace {

namespace tables = storage::tables;

template <class Key, class Value>
const Value* found_in(const std::map<Key, Value>& all, const Key& key) {
  const auto at = all.find(key);
  return at == all.end() ? nullptr : &at->second;
}

/// Is it a job that begins, or begins again, with the step that is planned?
bool begins_now(const stored_jobs& stored, const job_id& id) {
  const auto* record = found_in(stored.records, id);
  return !record || (!record->config.active && !stored.orders.contains(id));
}

/// Switched off, or gone, by the configuration: it is no longer waited for.
void switch_off(const stored_jobs& stored, const std::map<job_id, current_job>& now,
                storage::batch& writes) {
  for (const auto& [id, record] : stored.records) {
    if (now.contains(id) || stored.orders.contains(id) || !record.config.active)
      continue;
    auto off = record;
    off.config.active = false;
    tables::jobs.put(writes, id, off);
  }
}

} // namespace

job_progress
stored_jobs::progress_of(const job_id& id, uint64_t round_seconds, uint64_t steps_missed) const {
  job_progress x;
  x.round_seconds = round_seconds;
  const auto* pace = found_in(paces, id);
  x.pace = pace ? *pace : one_round_per_step(round_seconds, steps_missed);
  if (const auto* record = found_in(records, id)) {
    x.completed = record->completed;
    x.ended = record->ended;
    x.plays = record->config.active;
  }
  if (const auto* order = found_in(orders, id)) {
    x.plays = order->what == job_order_kind::run;
    x.stood_at = order->stood_at;
  }
  return x;
}

result<stored_jobs> read_stored_jobs(const storage::data_dir& disk) {
  stored_jobs all;
  auto read = tables::jobs.for_each(
    disk, [&](const job_id& id, job_record x) { all.records[id] = std::move(x); });
  if (read)
    read = tables::job_orders.for_each(
      disk, [&](const job_id& id, job_order x) { all.orders[id] = std::move(x); });
  if (read)
    read
      = tables::job_paces.for_each(disk, [&](const job_id& id, job_pace x) { all.paces[id] = x; });
  if (!read)
    return read.error();
  return all;
}

job_record new_record(const job_config& config) {
  job_record record;
  record.config = config;
  record.vault = config.start;
  record.vault_positions = config.start_positions;
  return record;
}

step_plan
plan_step(const stored_jobs& stored, const std::map<job_id, current_job>& now, uint64_t number) {
  step_plan plan;
  const auto last = number - std::min<uint64_t>(number, 1);
  std::map<job_id, job_progress> all;
  std::map<job_id, job_pace> changed;
  for (const auto& [id, job] : now) {
    auto x = stored.progress_of(id, job.config.round_seconds, job.steps_missed);
    const bool ordered = stored.orders.contains(id);
    if (!ordered && begins_now(stored, id) && last > 0)
      changed[id] = x.pace = {last, x.completed, 0, job.config.round_seconds};
    if (!stored.records.contains(id))
      tables::jobs.put(plan.writes, id, new_record(job.config));
    x.plays = !job.paused;
    all[id] = x;
  }
  for (const auto& [id, pace] : paces_that_change(all, number))
    changed[id] = all.at(id).pace = pace;
  for (const auto& [id, pace] : changed)
    tables::job_paces.put(plan.writes, id, pace);
  switch_off(stored, now, plan.writes);
  for (const auto& [id, x] : all) {
    if (!x.plays)
      continue;
    const auto rounds = rounds_due(x.pace, x.round_seconds, number);
    if (x.ended)
      plan.turns[id] = {std::max(rounds, x.completed + 1), true};
    else if (is_due(x.pace, x.round_seconds, number))
      plan.turns[id] = {rounds, true};
    else
      plan.turns[id] = {rounds + 1, false};
  }
  return plan;
}

storage::batch rows_of_going_on(const stored_jobs& stored, const job_config& config,
                                const std::optional<job_order>& before, uint64_t step) {
  storage::batch writes;
  const auto& id = config.id;
  const auto* record = found_in(stored.records, id);
  if (!record) {
    tables::jobs.put(writes, id, new_record(config));
    return writes;
  }
  if (record->failed) {
    auto again = *record;
    again.ended = again.failed = false;
    again.status.clear();
    tables::jobs.put(writes, id, again);
    tables::job_paces.put(writes, id, {step, record->completed, 0, config.round_seconds});
    return writes;
  }
  const auto* pace = found_in(stored.paces, id);
  if (pace && before && before->what != job_order_kind::run)
    tables::job_paces.put(writes, id, resumed(*pace, config.round_seconds, before->stood_at, step));
  return writes;
}

result<nothing> may_take_up(const job_record& stored, const job_config& added) {
  if (!stored.begun)
    return nothing{};
  const auto frozen = frozen_changes(stored.config, added);
  if (frozen.empty())
    return nothing{};
  std::string all;
  for (const auto& x : frozen)
    all += (all.empty() ? "" : ", ") + x.key + " was " + x.was + " and is " + x.is;
  return fault{ec::refused, "job " + added.id.value + " has played "
                              + std::to_string(stored.completed)
                              + " rounds here with other settings: " + all
                              + "; give it another id, or the same settings"};
}

} // namespace sluice
