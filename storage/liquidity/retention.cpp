#include "storage/liquidity/retention.hpp"

#include "rules/liquidity/schedule.hpp"
#include "storage/liquidity/market_history.hpp"
#include "storage/liquidity/recall_rounds.hpp"
#include "storage/liquidity/tables.hpp"

#include <algorithm>
#include <tuple>
#include <utility>
#include <vector>

namespace sluice::storage {

namespace {

constexpr uint64_t seconds_per_day = 86'400;
constexpr uint32_t days_of_a_year = 366; // scoreboard_terms::eligibility_days is at most 365
constexpr uint32_t days_remembered = 31; // at least, should that be raised

/// Every key of a table below a prefix.
template <class Key, class Value, class Prefix>
result<nothing> erase_all(const data_dir& disk, const table<Key, Value>& rows, const Prefix& prefix,
                          batch& writes) {
  return rows.for_prefix(disk, prefix,
                         [&](const Key& key, const Value&) { rows.erase(writes, key); });
}

class rounds_removal {
public:
  rounds_removal(const data_dir& disk, const job_record& job, removed_rounds removed)
    : disk_(disk), job_(job), removed_(std::move(removed)), board_(board_of(job, removed_)) {}

  result<retention_portion> plan(uint64_t kept, uint64_t now_ms) {
    const auto end = std::min(kept, removed_.until + retention_rounds_max);
    retention_portion out;
    out.what = "rounds " + std::to_string(removed_.until) + " to " + std::to_string(end - 1)
               + " of " + job_.config.id.value;
    for (; removed_.until < end; ++removed_.until)
      for (const auto kind : {round_kind::evaluation, round_kind::live})
        if (auto gone = take_away({job_.config.id, kind, {removed_.until}}, out.writes); !gone)
          return gone.error();
    if (auto gone = take_market_away(end, out.writes); !gone)
      return gone.error();
    removed_.time_ms = now_ms;
    remember_board();
    if (auto gone = take_days_away(out.writes); !gone)
      return gone.error();
    tables::removed_rounds_of_jobs.put(out.writes, job_.config.id, removed_);
    out.more = end < kept;
    return out;
  }

private:
  /// In the order in which the job booked them.
  result<nothing> take_away(const round_id& id, batch& writes) {
    const auto row = tables::rounds.find(disk_, id);
    if (!row)
      return row.error();
    if (!*row)
      return nothing{};
    book_round(board_, id.kind, **row);
    removed_.completed += (*row)->status == round_status::completed ? 1 : 0;
    removed_.last_time = std::max(removed_.last_time, (*row)->end_time);
    tables::rounds.erase(writes, id);
    if (auto gone = erase_all(disk_, tables::predictions, id, writes); !gone)
      return gone;
    if (id.kind != round_kind::live)
      return nothing{};
    return erase_all(disk_, tables::live_executions, std::make_tuple(id.job, id.number), writes);
  }

  /// The first kept round is replayed from the last full checkpoint at its start or before it; what
  /// is before that goes. Without one nothing goes.
  result<nothing> take_market_away(uint64_t first_kept, batch& writes) {
    const auto bpr = blocks_per_round(job_.config.round_seconds, job_.config.block_seconds);
    const auto& id = job_.config.id;
    const auto found = find_start(disk_, id, round_by_number({first_kept}, bpr).start_block);
    if (!found && found.error().code == ec::no_such_key)
      return nothing{};
    if (!found)
      return found.error();
    const auto first_block = found->full.block + 1;
    size_t erased = 0;
    const auto before = [&](const auto& rows) {
      return rows.for_prefix(disk_, id, [&](const block_key& key, const auto&) {
        if (key.block >= first_block || ++erased > 20 * retention_erases_max)
          return false;
        rows.erase(writes, key);
        return true;
      });
    };
    if (auto gone = before(tables::checkpoints); !gone)
      return gone;
    if (auto gone = before(tables::feed_blocks); !gone)
      return gone;
    removed_.blocks_until = first_block;
    return before(tables::block_runs); // none goes over the end of a round
  }

  /// As it is behind the rounds that went, with the days that decide about eligibility.
  void remember_board() {
    removed_.scores.assign(board_.scores().begin(), board_.scores().end());
    removed_.days_from
      = std::max(removed_.days_from,
                 days_before(std::max(job_.config.board.eligibility_days, days_remembered)));
    removed_.days.clear();
    for (const auto& [key, counts] : board_.days())
      if (key.second >= removed_.days_from)
        removed_.days.push_back({key.first, key.second, counts});
  }

  /// Days that are too old to decide about anything.
  result<nothing> take_days_away(batch& writes) const {
    const auto first = days_before(days_of_a_year);
    for (const auto& entry : board_.scores()) {
      auto read
        = tables::participation.for_prefix(disk_, std::make_tuple(job_.config.id, entry.first),
                                           [&](const day_key& key, const participation_day&) {
                                             if (key.day < first)
                                               tables::participation.erase(writes, key);
                                             return key.day < first;
                                           });
      if (!read)
        return read;
    }
    return nothing{};
  }

  uint32_t days_before(uint32_t days) const {
    const auto today = static_cast<uint32_t>(removed_.last_time / seconds_per_day);
    return today - std::min(today, days);
  }

  const data_dir& disk_;
  const job_record& job_;
  removed_rounds removed_;
  scoreboard board_;
};

} // namespace

result<retention_portion>
plan_rounds_before(const data_dir& disk, const job_record& job, uint64_t kept, uint64_t now_ms) {
  auto removed = removed_of(disk, job);
  if (!removed)
    return removed.error();
  if (kept <= removed->until)
    return retention_portion{};
  auto portion = rounds_removal{disk, job, *std::move(removed)}.plan(kept, now_ms);
  if (portion)
    portion->more = true; // of this job, or of the next one
  return portion;
}

result<retention_portion>
plan_round_retention(const data_dir& disk, const storage_settings& settings, uint64_t now_ms) {
  retention_portion none;
  if (settings.keep_rounds == 0)
    return none;
  std::vector<job_record> jobs;
  auto read = tables::jobs.for_each(
    disk, [&](const job_id&, job_record x) { jobs.push_back(std::move(x)); });
  if (!read)
    return read.error();
  for (const auto& job : jobs) {
    if (!job.begun)
      continue;
    auto removed = removed_of(disk, job);
    if (!removed)
      return removed.error();
    if (first_kept_round(job.next_round, settings.keep_rounds, job.next_round) <= removed->until)
      continue;
    const auto needed = first_needed_round(disk, job);
    if (!needed)
      return needed.error();
    const auto kept = first_kept_round(job.next_round, settings.keep_rounds, *needed);
    if (kept <= removed->until)
      continue;
    return plan_rounds_before(disk, job, kept, now_ms);
  }
  return none;
}

} // namespace sluice::storage
