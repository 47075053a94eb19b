// Jobs, rounds and miners.
#include "actors/liquidity/views/parts.hpp"
#include "actors/liquidity/views/record_now.hpp"
#include "rules/admin/line_tokens.hpp"
#include "rules/liquidity/board_order.hpp"
#include "rules/liquidity/schedule.hpp"
#include "rules/liquidity/verdict_name.hpp"
#include "rules/pool/price.hpp"
#include "storage/liquidity/tables.hpp"
#include "storage/tables.hpp"

#include <algorithm>
#include <map>
#include <tuple>
#include <vector>

namespace sluice::views {

namespace tables = storage::tables;

namespace {

constexpr size_t rounds_shown = 20;
constexpr size_t miner_rounds_shown = 20;
constexpr size_t miner_rounds_seen_max = 500; // rounds looked through for them
constexpr size_t days_shown = 30;
constexpr std::string_view burned = "burn"; // whose slot it is where the configuration names nobody

std::string state_of(const job_record& job, const std::optional<job_order>& order) {
  if (job.failed)
    return "failed";
  if (job.ended)
    return "ended";
  if (order && order->what == job_order_kind::remove)
    return "removed";
  if (order && order->what == job_order_kind::pause)
    return "paused";
  if (!job.config.active)
    return "inactive";
  return job.begun ? "active" : "waiting"; // for its first round
}

std::string_view feed_text(feed_kind x) {
  constexpr std::string_view names[] = {"market", "events", "bars"};
  return names[static_cast<size_t>(x)];
}

std::string_view model_text(pool_model x) {
  return x == pool_model::replayed ? "replayed" : "observed";
}

/// A job's board as it is stored, in the order of every board.
result<std::vector<std::pair<hotkey, miner_score>>>
stored_scores(const storage::data_dir& disk, const job_id& job) {
  std::vector<std::pair<hotkey, miner_score>> all;
  auto read = tables::miner_scores.for_prefix(
    disk, job, [&](const miner_key& key, const miner_score& x) { all.emplace_back(key.key, x); });
  if (!read)
    return read.error();
  std::ranges::sort(all, [](const auto& a, const auto& b) {
    return stands_above(a.first, a.second, b.first, b.second);
  });
  return all;
}

json score_row(const hotkey& key, const miner_score& x) {
  return {{"miner", x.uid.value},
          {"hotkey", key.value},
          {"combined", number(x.combined_score)},
          {"evaluation", number(x.evaluation_score)},
          {"live", number(x.live_score)},
          {"eligible", x.eligible},
          {"evaluations", x.evaluations},
          {"live_rounds", x.live_rounds},
          {"scored", x.successes},
          {"refused", x.refusals},
          {"failed", x.failures},
          {"invalid", x.invalid},
          {"first_seen", time_of(x.first_seen)},
          {"last_active", time_of(x.last_active)}};
}

/// The rank of a miner among those that were scored, from 1; null when it was not.
json rank_of(const round_record& row, miner_uid uid) {
  const auto at = std::ranges::find(row.ranking, uid);
  return at == row.ranking.end() ? json(nullptr) : json(at - row.ranking.begin() + 1);
}

const miner_result* best_of(const round_record& row) {
  if (row.ranking.empty())
    return nullptr;
  const auto at = std::ranges::find(row.results, row.ranking.front(), &miner_result::uid);
  return at == row.results.end() ? nullptr : &*at;
}

json round_row(const round_record& x) {
  const auto* best = best_of(x);
  return {{"round", to_string(x.id)},
          {"state", name_of(x.status)},
          {"start_block", x.start_block},
          {"end_block", x.end_block},
          {"end", time_of(x.end_time)},
          {"miners", x.results.size()},
          {"scored", x.ranking.size()},
          {"winner", x.winner ? json(x.winner->value) : json(nullptr)},
          {"best_score", best ? number(best->score) : json(nullptr)},
          {"attempts", x.attempts},
          {"note", x.note}};
}

json price_of(const u256& sqrt_price_x96, const pool_terms& terms) {
  return sqrt_price_x96.is_zero() ? json(nullptr) : number(whole_price(sqrt_price_x96, terms));
}

/// Newest first, both kinds in turn: by end block, then live before evaluation.
void newest_first(std::vector<round_record>& all) {
  std::ranges::stable_sort(all, [](const round_record& a, const round_record& b) {
    return std::tuple{a.start_block, a.id} > std::tuple{b.start_block, b.id};
  });
}

result<nothing>
add_newest(const storage::data_dir& disk, const job_id& job, std::vector<round_record>& to) {
  for (auto kind : {round_kind::evaluation, round_kind::live}) {
    size_t seen = 0;
    auto read = tables::rounds.for_prefix_back(disk, std::make_tuple(job, kind),
                                               [&](const round_key&, round_record x) {
                                                 to.push_back(std::move(x));
                                                 return ++seen < rounds_shown;
                                               });
    if (!read)
      return read.error();
  }
  return nothing{};
}

/// What is added up of one hotkey over all jobs.
struct sums {
  std::map<std::string, miner_score> jobs;
  uint64_t last_active = 0;
  miner_uid uid;
  bool known = false; // its uid
};

result<std::map<hotkey, sums>> everybody(const storage::data_dir& disk) {
  std::map<hotkey, sums> all;
  auto read = tables::miner_scores.for_each(disk, [&](const miner_key& key, const miner_score& x) {
    auto& mine = all[key.key];
    if (mine.jobs.empty() || x.last_active >= mine.last_active)
      mine.uid = x.uid;
    mine.last_active = std::max(mine.last_active, x.last_active);
    mine.jobs[key.job.value] = x;
    mine.known = true;
  });
  if (!read)
    return read.error();
  return all;
}

/// Before the first round is over: who is registered without a validator's permit, and who has been
/// connected.
result<std::map<hotkey, sums>> everybody_known(const storage::data_dir& disk) {
  auto all = everybody(disk);
  if (!all || !all->empty())
    return all;
  const auto chain = tables::chain_state.find(disk, tables::chain_key);
  if (!chain)
    return chain.error();
  if (*chain)
    for (const auto& x : (*chain)->neurons)
      if (!x.permit && x.key.value != burned)
        all->try_emplace(x.key, sums{{}, 0, x.uid, true});
  auto read = tables::connected_miners.for_each(disk, [&](const hotkey& key, miner_uid uid) {
    all->try_emplace(key, sums{{}, 0, uid, true});
  });
  if (!read)
    return read.error();
  return all;
}

/// A ban without a reason is one all the same.
json ban_text(const ban_record& x) {
  return x.reason.empty() ? "no reason was given" : x.reason;
}

result<json> days_of(const storage::data_dir& disk, const job_id& job, const hotkey& key) {
  json days = json::array();
  auto read = tables::participation.for_prefix_back(
    disk, std::make_tuple(job, key), [&](const day_key& at, const participation_day& x) {
      days.push_back({{"job", job.value},
                      {"day", time_of(uint64_t{at.day} * 86'400).get<std::string>().substr(0, 10)},
                      {"participated", x.participated},
                      {"refused", x.refused},
                      {"counts", x.participated > x.refused}});
      return days.size() < days_shown;
    });
  if (!read)
    return read.error();
  return days;
}

/// The last rounds of a job in which the hotkey was asked.
result<nothing>
add_rounds_of(const storage::data_dir& disk, const job_id& job, const hotkey& key, json& to) {
  for (auto kind : {round_kind::evaluation, round_kind::live}) {
    size_t seen = 0;
    size_t found = 0;
    auto read = tables::rounds.for_prefix_back(
      disk, std::make_tuple(job, kind), [&](const round_key& id, const round_record& x) {
        const auto mine = std::ranges::find(x.results, key, &miner_result::key);
        if (mine != x.results.end()) {
          ++found;
          to.push_back({{"round", to_string(id)},
                        {"end", time_of(x.end_time)},
                        {"verdict", to_string(mine->verdict)},
                        {"score", number(mine->score)},
                        {"rank", rank_of(x, mine->uid)},
                        {"of", x.ranking.size()},
                        {"invalid", mine->invalid},
                        {"note", mine->note}});
        }
        return ++seen < miner_rounds_seen_max && found < miner_rounds_shown;
      });
    if (!read)
      return read.error();
  }
  return nothing{};
}

} // namespace

result<json> jobs(const storage::data_dir& disk) {
  json all = json::array();
  std::vector<job_record> records;
  auto read = tables::jobs.for_each(
    disk, [&](const job_id&, job_record x) { records.push_back(std::move(x)); });
  if (!read)
    return read.error();
  for (const auto& x : records) {
    const auto& job = x.config;
    auto order = tables::job_orders.find(disk, job.id);
    if (!order)
      return order.error();
    auto board = stored_scores(disk, job.id);
    if (!board)
      return board.error();
    const auto leader = std::ranges::find_if(
      *board, [](const auto& one) { return one.second.eligible && one.second.combined_score > 0; });
    const bool led = leader != board->end();
    all.push_back({{"job", job.id.value},
                   {"state", state_of(x, *order)},
                   {"pair", job.symbol0 + "/" + job.symbol1},
                   {"feed", feed_text(job.feed.kind)},
                   {"model", model_text(job.model)},
                   {"next_round", x.begun ? json(x.next_round) : json(nullptr)},
                   {"completed", x.completed},
                   {"miners", board->size()},
                   {"leader", led ? json(leader->second.uid.value) : json(nullptr)},
                   {"leader_score", led ? number(leader->second.combined_score) : json(nullptr)},
                   {"vault0", exact(x.vault.amount0, job.terms.decimals0)},
                   {"vault1", exact(x.vault.amount1, job.terms.decimals1)},
                   {"positions", x.vault_positions.size()},
                   {"round_s", job.round_seconds},
                   {"note", x.status}});
  }
  return all;
}

result<json> rounds(const storage::data_dir& disk, std::string_view job) {
  std::vector<job_id> ids;
  std::string none; // why there is none
  if (!job.empty()) {
    auto one = job_named(disk, job);
    if (!one)
      return one.error();
    ids.push_back(one->config.id);
    none = one->ended ? "it has ended" : "it waits for its first one";
  } else {
    auto read = tables::jobs.for_each(
      disk, [&](const job_id& id, const job_record&) { ids.push_back(id); });
    if (!read)
      return read.error();
  }
  std::vector<round_record> all;
  for (const auto& id : ids)
    if (auto added = add_newest(disk, id, all); !added)
      return added.error();
  newest_first(all);
  if (all.empty() && !job.empty())
    return fault{ec::no_such_key, "no round of job " + std::string{job} + ": " + none};
  json shown = json::array();
  for (size_t i = 0; i < std::min(all.size(), rounds_shown); ++i)
    shown.push_back(round_row(all[i]));
  return shown;
}

result<json> round(const storage::data_dir& disk, std::string_view id) {
  auto row = round_named(disk, id);
  if (!row)
    return row.error();
  auto shown = round_row(*row);
  shown["start"] = time_of(row->start_time);
  shown["model"] = model_text(row->config.model);
  shown["price_at_start"] = price_of(row->price_at_start, row->terms);
  shown["tick_at_start"] = row->tick_at_start;
  shown["start0"] = exact(row->start.amount0, row->terms.decimals0);
  shown["start1"] = exact(row->start.amount1, row->terms.decimals1);
  shown["token0"] = row->config.symbol0;
  shown["token1"] = row->config.symbol1;
  std::vector<std::pair<std::tuple<board_part, size_t>, json>> results; // by verdict and rank
  std::optional<u256> end_price;
  auto read = tables::predictions.for_prefix(
    disk, row->id, [&](const prediction_key&, const prediction& x) {
      if (x.outcome)
        end_price = x.outcome->sqrt_price_x96;
      const auto* m = x.outcome ? &x.outcome->metrics : nullptr;
      const auto place = std::ranges::find(row->ranking, x.uid) - row->ranking.begin();
      json shown{{"rank", rank_of(*row, x.uid)},
                 {"miner", x.uid.value},
                 {"hotkey", x.key.value},
                 {"verdict", to_string(x.verdict)},
                 {"score", number(x.score)},
                 {"fees", m ? json(exact(m->fees_value, row->terms.decimals1)) : json()},
                 {"impermanent_loss", m ? number(m->impermanent_loss) : json()},
                 {"in_range", m ? number(m->in_range_ratio) : json()},
                 {"rebalances", m ? json(m->rebalances) : json()},
                 {"invalid", x.invalid.size()},
                 {"response_ms", static_cast<double>(x.response_us) / 1000},
                 {"note", x.note}};
      results.emplace_back(std::tuple{part_of(x.verdict), static_cast<size_t>(place)},
                           std::move(shown));
    });
  if (!read)
    return read.error();
  std::stable_sort(results.begin(), results.end(),
                   [](const auto& a, const auto& b) { return a.first < b.first; });
  shown["price_at_end"] = end_price ? price_of(*end_price, row->terms) : json(nullptr);
  shown["results"] = json::array();
  for (auto& x : results)
    shown["results"].push_back(std::move(x.second));
  return shown;
}

result<json> scores(const storage::data_dir& disk, std::string_view job) {
  auto record = job_named(disk, job);
  if (!record)
    return record.error();
  auto board = stored_scores(disk, record->config.id);
  if (!board)
    return board.error();
  auto now = board_now::of(disk, *std::move(record));
  if (!now)
    return now.error();
  json all = json::array();
  for (const auto& [key, x] : *board) {
    json row{{"rank", all.size() + 1}};
    row.update(score_row(key, x));
    row.update(now->record_of(key));
    all.push_back(std::move(row));
  }
  return all;
}

result<json> miners(const storage::data_dir& disk) {
  auto all = everybody_known(disk);
  if (!all)
    return all.error();
  std::map<hotkey, ban_record> banned;
  auto read = tables::bans.for_each(
    disk, [&](const hotkey& key, ban_record x) { banned.emplace(key, std::move(x)); });
  if (!read)
    return read.error();
  for (const auto& [key, ban] : banned)
    (*all)[key]; // banned before it was ever asked
  json shown = json::array();
  for (const auto& [key, mine] : *all) {
    miner_score sum;
    uint64_t eligible = 0;
    for (const auto& [job, x] : mine.jobs) {
      sum.combined_score += x.combined_score;
      sum.evaluations += x.evaluations;
      sum.live_rounds += x.live_rounds;
      sum.successes += x.successes;
      sum.refusals += x.refusals;
      sum.failures += x.failures;
      sum.invalid += x.invalid;
      eligible += x.eligible ? 1 : 0;
    }
    const auto ban = banned.find(key);
    shown.push_back({{"miner", mine.known ? json(mine.uid.value) : json(nullptr)},
                     {"hotkey", key.value},
                     {"jobs", mine.jobs.size()},
                     {"eligible_in", eligible},
                     {"combined", number(sum.combined_score)},
                     {"evaluations", sum.evaluations},
                     {"live_rounds", sum.live_rounds},
                     {"scored", sum.successes},
                     {"refused", sum.refusals},
                     {"failed", sum.failures},
                     {"invalid", sum.invalid},
                     {"last_active", time_of(mine.last_active)},
                     {"banned", ban == banned.end() ? json(nullptr) : ban_text(ban->second)}});
  }
  std::stable_sort(shown.begin(), shown.end(), [](const json& a, const json& b) {
    return (a["miner"].is_null() ? 1 << 20 : a["miner"].get<int>())
           < (b["miner"].is_null() ? 1 << 20 : b["miner"].get<int>());
  });
  return shown;
}

result<json> miner(const storage::data_dir& disk, std::string_view who) {
  auto all = everybody_known(disk);
  if (!all)
    return all.error();
  std::vector<hotkey> named;
  for (const auto& [key, mine] : *all)
    if (is_miner(who, mine.uid, key))
      named.push_back(key);
  if (named.empty())
    return fault{ec::no_such_key, "no miner " + admin::quoted_token(who) + " was ever scored here; "
                                    + std::to_string(all->size()) + " were, see miners"};
  if (named.size() > 1) // a slot of several hotkeys: the one that was seen last
    std::ranges::sort(named, [&](const hotkey& a, const hotkey& b) {
      return all->at(a).last_active > all->at(b).last_active;
    });
  const auto& key = named.front();
  const auto& mine = all->at(key);
  json shown{{"miner", mine.uid.value}, {"hotkey", key.value}};
  auto ban = tables::bans.find(disk, key);
  if (!ban)
    return ban.error();
  shown["banned"] = *ban ? ban_text(**ban) : json(nullptr);
  json earlier = json::array();
  for (size_t i = 1; i < named.size(); ++i)
    earlier.push_back(named[i].value);
  shown["earlier_hotkeys"] = std::move(earlier);
  shown["jobs"] = json::array();
  shown["rounds"] = json::array();
  shown["days"] = json::array();
  for (const auto& [job, x] : mine.jobs) {
    auto row = score_row(key, x);
    row.erase("miner");
    row.erase("hotkey");
    json with_job{{"job", job}};
    with_job.update(row);
    shown["jobs"].push_back(std::move(with_job));
    auto days = days_of(disk, {job}, key);
    if (!days)
      return days.error();
    shown["days"].insert(shown["days"].end(), days->begin(), days->end());
    if (auto added = add_rounds_of(disk, {job}, key, shown["rounds"]); !added)
      return added.error();
  }
  return shown;
}

} // namespace sluice::views
