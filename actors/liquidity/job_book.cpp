#include "actors/liquidity/job_book.hpp"

#include "actors/liquidity/played_plans.hpp"
#include "actors/liquidity/stored_jobs.hpp"
#include "rules/liquidity/question.hpp"
#include "rules/liquidity/schedule.hpp"
#include "rules/liquidity/vault_owners.hpp"
#include "rules/pool/price.hpp"
#include "storage/liquidity/market_history.hpp"
#include "storage/liquidity/recall_rounds.hpp"
#include "storage/liquidity/tables.hpp"
#include "storage/tables.hpp"

#include <algorithm>
#include <numeric>

namespace sluice {

namespace tables = storage::tables;

namespace {

/// A round row's key.
round_key key_of(const round_record& row) {
  return {row.id.job, row.id.kind, row.id.number};
}

/// Why a round changes nobody's record; empty when it counts.
std::string uncounted(const round_outcome& outcome) {
  if (outcome.asked == 0)
    return "nobody could be asked: no score changes";
  if (outcome.executions == 0 && outcome.executions_failed > 0)
    return "every execution failed on the chain: no score changes";
  return {};
}

/// The hotkey that played a live round; "" when everybody refused it.
hotkey player_of(const round_outcome& live) {
  for (const auto& x : live.results)
    if (x.uid == live.winner)
      return x.key;
  return {};
}

} // namespace

std::vector<cluster_member> members_of(const std::vector<roster_entry>& roster) {
  std::vector<cluster_member> members;
  members.reserve(roster.size());
  for (const auto& x : roster)
    members.push_back({x.uid, x.key, x.coldkey});
  return members;
}

std::vector<roster_entry>
candidates_of(const open_round& round, const std::vector<roster_entry>& roster) {
  std::vector<roster_entry> may;
  for (const auto uid : round.live_candidates)
    if (const auto x = std::ranges::find(roster, uid, &roster_entry::uid); x != roster.end())
      may.push_back(*x);
  return may;
}

result<job_book> job_book::open(job_config config, uint64_t lookback_rounds,
                                std::shared_ptr<const storage::data_dir> disk) {
  job_book book;
  book.disk_ = std::move(disk);
  book.lookback_ = lookback_rounds;
  book.board_ = scoreboard{config.board};
  const auto id = config.id;
  auto stored = tables::jobs.get(*book.disk_, id);
  if (!stored && stored.error().code != ec::no_such_key)
    return stored.error();
  book.record_
    = stored && (stored->begun || stored->ended) ? *std::move(stored) : new_record(config);
  book.record_.config = std::move(config);
  auto scores = tables::miner_scores.for_prefix(
    *book.disk_, id, [&](const miner_key& key, miner_score x) { book.board_.restore(key.key, x); });
  if (!scores)
    return scores.error();
  auto days = tables::participation.for_prefix(
    *book.disk_, id,
    [&](const day_key& key, participation_day x) { book.board_.restore(key.key, key.day, x); });
  if (!days)
    return days.error();
  (void)book.board_.take_changes();
  if (auto recalled = recall_rounds(*book.disk_, book.record_, book.board_); !recalled)
    return recalled.error();
  auto plans = recall_plans(*book.disk_, book.record_);
  if (!plans)
    return plans.error();
  book.plans_ = *std::move(plans);
  return book;
}

result<open_round> job_book::next() const {
  const auto& job = record_.config;
  const auto bpr = blocks_per_round(job.round_seconds, job.block_seconds);
  const auto span = round_by_number({record_.next_round}, bpr);
  open_round round{span.number, span.start_block, span.end_block, {}, 1};
  auto in_flight = tables::rounds.get(*disk_, {job.id, round_kind::evaluation, span.number});
  if (in_flight)
    round.attempts = in_flight->attempts + 1;
  else if (in_flight.error().code != ec::no_such_key)
    return in_flight.error();
  if (record_.next_round == record_.first_round)
    return round;
  auto last = tables::rounds.get(
    *disk_, {job.id, round_kind::evaluation, round_no{record_.next_round - 1}});
  if (!last && last.error().code != ec::no_such_key)
    return last.error();
  if (last && last->status == round_status::completed)
    round.live_candidates = live_candidates(last->ranking, last->results, board_);
  return round;
}

job_config job_book::config_now() const {
  auto config = record_.config;
  config.start = record_.vault;
  config.start_positions = record_.vault_positions;
  return config;
}

plan job_book::idle() const {
  return {record_.vault, record_.vault_positions, {}, {}, record_.config.staked};
}

round_record
job_book::round_row(const open_round& round, round_kind kind, round_status status) const {
  round_record row;
  row.id = {record_.config.id, kind, round.number};
  row.status = status;
  row.start_block = round.start_block;
  row.end_block = round.end_block;
  row.attempts = round.attempts;
  row.config = config_now();
  row.start = record_.vault;
  row.rules = current_rules;
  row.incumbent = record_.incumbent;
  row.start_owners = record_.vault_owners;
  return row;
}

storage::batch job_book::started(const open_round& round, const feed_state& from) const {
  storage::batch out;
  if (storage::is_full(from.saved)) // of the first round; every other start is stored already
    tables::checkpoints.put(out, {record_.config.id, round.start_block}, from.saved);
  for (auto kind : {round_kind::evaluation, round_kind::live}) {
    if (kind == round_kind::live && round.live_candidates.empty())
      continue;
    auto row = round_row(round, kind, round_status::active);
    row.start_time = from.saved.time;
    row.price_at_start = from.price.sqrt_price_x96;
    row.tick_at_start = from.price.tick;
    row.terms = from.terms;
    tables::rounds.put(out, key_of(row), row);
  }
  put_job(out);
  return out;
}

storage::batch
job_book::finished(const open_round& round, const feed_state& from, const feed_state& to,
                   const round_outcome& evaluation, const std::optional<round_outcome>& live,
                   const plan_outcome& vault) {
  storage::batch out;
  const auto put = [&](round_kind kind, const round_outcome& outcome, std::string note) {
    auto row = round_row(round, kind, round_status::completed);
    row.counted = note.empty();
    row.start_time = from.saved.time;
    row.end_time = to.saved.time;
    row.price_at_start = from.price.sqrt_price_x96;
    row.tick_at_start = from.price.tick;
    row.terms = from.terms;
    row.ranking = outcome.ranking;
    row.winner = outcome.winner;
    row.results = outcome.results;
    row.note = std::move(note);
    tables::rounds.put(out, key_of(row), row);
    for (const auto& x : outcome.predictions)
      tables::predictions.put(out, {{row.id.job, kind, round.number}, x.uid}, x);
  };
  const auto why = uncounted(evaluation);
  put(round_kind::evaluation, evaluation, why);
  if (why.empty()) {
    board_.absorb(round_kind::evaluation, to.saved.time, evaluation.results, current_rules);
    book_plans(plans_, {round.number, round.start_block, round.end_block}, record_.vault_positions,
               evaluation.predictions);
  }
  if (live) {
    const auto why_live = uncounted(*live);
    put(round_kind::live, *live, why_live);
    if (why_live.empty())
      board_.absorb(round_kind::live, to.saved.time, live->results, current_rules);
    const auto& job = record_.config;
    record_.revenue.push_back(whole_amount(vault.metrics.fees_value, from.terms.decimals1)
                              * job.token1_value);
    if (record_.revenue.size() > lookback_)
      record_.revenue.erase(record_.revenue.begin());
  }
  const auto player = live ? player_of(*live) : hotkey{};
  if (!player.value.empty())
    record_.incumbent = player;
  record_.vault_owners = owners_at_end(vault, record_.vault_owners, record_.vault_positions.size(),
                                       player, round.end_block);
  auto next = carried_over(vault.end);
  record_.vault = next.start;
  record_.vault_positions = std::move(next.positions);
  record_.clusters = clusters_of(plans_, registered_);
  ++record_.next_round;
  ++record_.completed;
  tables::checkpoints.put(out, {record_.config.id, round.end_block + 1}, to.saved);
  put_scores(out);
  put_job(out);
  return out;
}

storage::batch
job_book::failed(const open_round& round, const feed_state& to, const std::string& why) {
  storage::batch out;
  for (auto kind : {round_kind::evaluation, round_kind::live}) {
    if (kind == round_kind::live && round.live_candidates.empty())
      continue;
    auto row = round_row(round, kind, round_status::failed);
    row.note = why;
    tables::rounds.put(out, key_of(row), row);
  }
  ++record_.next_round;
  ++record_.completed;
  tables::checkpoints.put(out, {record_.config.id, round.end_block + 1}, to.saved);
  put_job(out);
  return out;
}

storage::batch job_book::ended(const std::string& why, bool failed) {
  storage::batch out;
  if (record_.begun) {
    for (auto kind : {round_kind::evaluation, round_kind::live}) {
      auto row = tables::rounds.get(*disk_, {record_.config.id, kind, {record_.next_round}});
      if (!row || row->status != round_status::active)
        continue;
      row->status = round_status::failed;
      row->note = why;
      tables::rounds.put(out, key_of(*row), *row);
    }
  }
  record_.ended = true;
  record_.failed = failed;
  record_.status = why;
  put_job(out);
  return out;
}

void job_book::put_scores(storage::batch& out) {
  const auto changes = board_.take_changes();
  for (const auto& key : changes.scores)
    if (const auto* kept = board_.find(key))
      tables::miner_scores.put(out, {record_.config.id, key}, *kept);
  for (const auto& [key, day] : changes.days)
    tables::participation.put(out, {record_.config.id, key, day}, board_.days().at({key, day}));
}

void job_book::put_job(storage::batch& out) const {
  tables::jobs.put(out, record_.config.id, record_);
}

job_standing job_book::standing(const std::vector<cluster_member>& registered) const {
  std::map<miner_uid, hotkey> keys;
  for (const auto& x : registered)
    keys[x.uid] = x.key;
  return {record_.config.id, standing_of(board_, keys),
          std::accumulate(record_.revenue.begin(), record_.revenue.end(), 0.0),
          clusters_of(plans_, registered), record_.failed};
}

result<job_report> job_book::report(uint64_t step) const {
  const auto& id = record_.config.id;
  job_report report{
    id, record_.completed, record_.ended, record_.failed, record_.status, {}, {}, {}, {}};
  if (!record_.begun || step == 0 || step > record_.completed)
    return report;
  const round_no number{record_.first_round + step - 1};
  for (auto kind : {round_kind::evaluation, round_kind::live}) {
    auto row = tables::rounds.get(*disk_, {id, kind, number});
    if (!row && row.error().code != ec::no_such_key)
      return row.error();
    if (!row)
      continue;
    (kind == round_kind::live ? report.live : report.evaluation) = *std::move(row);
    auto read = tables::predictions.for_prefix(
      *disk_, std::make_tuple(id, kind, number),
      [&](const prediction_key&, prediction x) { report.predictions.push_back(std::move(x)); });
    if (!read)
      return read.error();
  }
  for (const auto& [key, kept] : board_.scores())
    report.scores.emplace_back(key, kept);
  return report;
}

} // namespace sluice
