#include "actors/liquidity/audit.hpp"

#include "actors/audit_check.hpp"
#include "actors/liquidity/round_check.hpp"
#include "actors/liquidity/views/stored_market.hpp"
#include "rules/liquidity/scoreboard.hpp"
#include "storage/liquidity/recall_rounds.hpp"
#include "storage/liquidity/tables.hpp"

#include <set>

namespace sluice {

namespace tables = storage::tables;

namespace {

/// Every round of a job up to `until` (not included) on a fresh board, in the order they were
/// booked; on the board that retention has left behind where it has removed some.
result<scoreboard> board_before(const storage::data_dir& disk, const job_record& job,
                                const removed_rounds& removed, uint64_t until) {
  auto board = board_of(job, removed);
  for (uint64_t n = removed.until; n < until; ++n)
    for (auto kind : {round_kind::evaluation, round_kind::live}) {
      auto row = tables::rounds.find(disk, {job.config.id, kind, {n}});
      if (!row)
        return row.error();
      if (*row)
        book_round(board, kind, **row);
    }
  return board;
}

/// A live plan holds only what was mined.
result<nothing>
check_executions(const storage::data_dir& disk, const prediction& stored, audit_check& check) {
  std::vector<uint64_t> in_plan;
  for (const auto& x : stored.what.rebalances)
    in_plan.push_back(x.block);
  std::vector<uint64_t> mined;
  auto read = tables::live_executions.for_prefix(
    disk, std::make_tuple(stored.round.job, stored.round.number),
    [&](const execution_key& key, const live_execution& x) {
      const bool opening = stored.what.opening && x.asked == *stored.what.opening && mined.empty()
                           && (in_plan.empty() || key.block < in_plan.front());
      if (x.status == execution_status::mined && !opening)
        mined.push_back(key.block);
    });
  if (!read)
    return read.error();
  check.same("live executions", mined, in_plan);
  return nothing{};
}

/// Why a round cannot be audited that has no row.
fault not_stored(const storage::data_dir& disk, const round_id& id) {
  fault why{ec::no_such_key, "round " + to_string(id) + " is not stored here"};
  const auto gone = tables::removed_rounds_of_jobs.find(disk, id.job);
  if (gone && *gone && id.number.value >= (*gone)->from && id.number.value < (*gone)->until)
    why.what += ": it was removed by retention (storage.keep_rounds), with all before round "
                + std::to_string((*gone)->until);
  return why;
}

} // namespace

std::optional<audit_finding> removal_finding(const job_id& id, const removed_rounds& removed) {
  if (removed.until <= removed.from)
    return std::nullopt;
  audit_finding found{"rounds " + std::to_string(removed.from) + " to "
                        + std::to_string(removed.until - 1) + " of " + id.value,
                      "", 0};
  found.note = "removed by retention (storage.keep_rounds), " + std::to_string(removed.completed)
               + " completed ones: not audited; records are verified from round "
               + std::to_string(removed.until) + " on";
  return found;
}

result<audit_finding> audit_round(const storage::data_dir& disk, const round_id& id) {
  auto row = tables::rounds.get(disk, id);
  if (!row && row.error().code == ec::no_such_key)
    return not_stored(disk, id);
  if (!row)
    return row.error();
  if (row->status != round_status::completed)
    return fault{ec::refused, "round " + to_string(id) + " is not completed"
                                + (row->note.empty() ? "" : ": " + row->note)};
  auto job = tables::jobs.get(disk, id.job);
  if (!job)
    return job.error();
  auto market = stored_market(disk, *row);
  if (!market)
    return fault{market.error().code, to_string(id) + ": " + market.error().what};
  const auto removed = removed_of(disk, *job);
  if (!removed)
    return removed.error();
  auto before = board_before(disk, *job, *removed, id.number.value);
  if (!before)
    return before.error();
  return audit_round_in(disk, id, *row, *market, *before);
}

result<audit_finding>
audit_round_in(const storage::data_dir& disk, const round_id& id, const round_record& row,
               const window& market, const scoreboard& before) {
  audit_check check{{to_string(id), "", 0}};
  check.same("price_at_start", row.price_at_start, market.start.sqrt_price_x96);
  check.same("tick_at_start", row.tick_at_start, market.start.tick);
  std::vector<prediction> stored;
  auto read = tables::predictions.for_prefix(
    disk, id, [&](const prediction_key&, prediction x) { stored.push_back(std::move(x)); });
  if (!read)
    return read.error();
  if (auto checked = check_round(row, stored, market, before, check); !checked)
    return checked.error();
  if (id.kind == round_kind::live)
    for (const auto& x : stored) {
      const bool played
        = row.rules == scoring_rules::original || x.verdict != miner_verdict::refused;
      if (!played)
        continue;
      if (auto checked = check_executions(disk, x, check); !checked)
        return checked.error();
    }
  return check.found;
}

result<audit_finding> audit_scores(const storage::data_dir& disk, const job_id& id) {
  auto job = tables::jobs.get(disk, id);
  if (!job)
    return job.error();
  const auto removed = removed_of(disk, *job);
  if (!removed)
    return removed.error();
  auto board = board_before(disk, *job, *removed, job->next_round);
  if (!board)
    return board.error();
  audit_check check{{"scores of " + id.value, "", 0}};
  std::set<hotkey> seen;
  auto scores = tables::miner_scores.for_prefix(disk, id, [&](const miner_key& key, miner_score x) {
    seen.insert(key.key);
    const auto* fresh = board->find(key.key);
    check.same(key.key.value, std::optional<miner_score>{x},
               fresh ? std::optional<miner_score>{*fresh} : std::nullopt);
  });
  if (!scores)
    return scores.error();
  check.same("miners", seen.size(), board->scores().size());
  size_t days = 0;
  auto rows
    = tables::participation.for_prefix(disk, id, [&](const day_key& key, participation_day x) {
        if (key.day < removed->days_from)
          return; // of rounds that were removed
        ++days;
        const auto i = board->days().find({key.key, key.day});
        check.same(
          key.key.value + " day " + std::to_string(key.day), std::optional<participation_day>{x},
          i == board->days().end() ? std::nullopt : std::optional<participation_day>{i->second});
      });
  if (!rows)
    return rows.error();
  check.same("participation days", days, board->days().size());
  return check.found;
}

} // namespace sluice
