#include "actors/consensus/stored_book.hpp"

#include "rules/consensus/ranking.hpp"
#include "rules/consensus/task_scores.hpp"
#include "storage/consensus/recall.hpp"
#include "storage/consensus/steps.hpp"
#include "storage/consensus/tables.hpp"
#include "storage/consensus/task_tables.hpp"

#include <map>
#include <utility>
#include <vector>

namespace sluice {

namespace tables = storage::tables;

result<stored_book> read_stored_book(const storage::data_dir& disk) {
  auto status = tables::consensus_status.find(disk, tables::consensus_status_key);
  if (!status)
    return status.error();
  stored_book made;
  made.status = status->value_or(intake_status{});
  auto book = storage::recall_reports(disk, made.status.rules, made.status.validators);
  if (!book)
    return book.error();
  made.book = *std::move(book);
  (void)made.book.expire(made.status.now_ms);
  return made;
}

storage::schema_part all_consensus_tables() {
  auto all = storage::consensus_schema();
  for (const auto& more : {storage::task_tables(), storage::consensus_step_tables()})
    all.tables.insert(all.tables.end(), more.begin(), more.end());
  return all;
}

result<std::optional<uint64_t>> consensus_steps_done(const storage::data_dir& disk) {
  auto last = tables::consensus_steps.last(disk);
  if (!last)
    return last.error();
  return *last ? std::optional{(*last)->first} : std::nullopt;
}

std::string
why_no_consensus_scores(const storage::data_dir& disk, const consensus_settings& settings) {
  const auto stored = read_stored_book(disk);
  if (!stored)
    return stored.error().what;
  std::map<hotkey, miner_work> work;
  auto read = tables::consensus_task_work.for_each(
    disk, [&](const hotkey& key, miner_work x) { work[key] = std::move(x); });
  if (!read)
    return read.error().what;
  std::vector<ranked_status> miners;
  for (const auto& x : stored->book.selectable_miners(stored->status.now_ms))
    miners.push_back({x.uid, {x.hotkey}, x.stake, x.load, x.capacity});
  const auto ranking = rank_miners(miners, work, stored->status.now_ms, settings.tasks);
  for (const auto& x : ranking)
    if (x.score > 0)
      return {};
  return why_no_task_scores(ranking);
}

} // namespace sluice
