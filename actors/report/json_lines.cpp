#include "actors/report/json_lines.hpp"

#include "actors/report/weights_text.hpp"
#include "io/text/numbers.hpp"
#include "rules/liquidity/verdict_word.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>

namespace sluice::report {

namespace {

using json = nlohmann::ordered_json;

json event(std::string_view name, const json_extras& extras) {
  json out;
  if (extras.time)
    out["time"] = *extras.time;
  out["event"] = name;
  return out;
}

/// Bytes that are not UTF-8 are replaced; numbers that are none are null.
std::string line_of(const json& x) {
  return x.dump(-1, ' ', false, json::error_handler_t::replace) + '\n';
}

template <class T>
json or_null(const std::optional<T>& x) {
  return x ? json(*x) : json(nullptr);
}

json metrics_of(const miner_row& x, bool staked) {
  if (!x.metrics)
    return nullptr;
  const auto& m = *x.metrics;
  json out{{"initial_value", to_string(m.initial_value)},
           {"final_value", to_string(m.final_value)},
           {"hodl_value", to_string(m.hodl_value)},
           {"fees0", to_string(m.fees0)},
           {"fees1", to_string(m.fees1)},
           {"fees_value", to_string(m.fees_value)},
           {"impermanent_loss", m.impermanent_loss},
           {"net_pnl_vs_hodl", to_string(m.net_pnl_vs_hodl)},
           {"in_range_ratio", m.in_range_ratio},
           {"rebalances", m.rebalances}};
  if (staked)
    out["rewards"] = to_string(m.rewards);
  return out;
}

json averages_of(const miner_score& x) {
  return {
    {"evaluation", x.evaluation_score}, {"live", x.live_score}, {"combined", x.combined_score}};
}

json miner_of(const miner_row& x, bool staked) {
  json out;
  out["uid"] = x.uid.value;
  out["hotkey"] = x.key;
  out["strategy"] = x.strategy;
  out["rank"] = x.rank ? json(x.rank) : json(nullptr);
  out["verdict"] = to_string(x.verdict);
  out["score"] = x.rank ? json(x.score) : json(nullptr);
  out["metrics"] = metrics_of(x, staked);
  out["averages"] = x.standing ? averages_of(*x.standing) : json(nullptr);
  out["eligible"] = x.standing && x.standing->eligible;
  out["invalid"] = x.invalid;
  out["note"] = x.note;
  return out;
}

std::string round_json(uint64_t lap, const round_view& round, const json_extras& extras) {
  auto out = event("round", extras);
  out["lap"] = lap;
  out["kind"] = to_string(round.id.kind);
  out["job"] = round.id.job.value;
  out["round"] = round.id.number.value;
  out["status"] = round.status == round_status::failed ? "failed" : "completed";
  out["start_block"] = round.start_block;
  out["end_block"] = round.end_block;
  out["start_time"] = round.start_time;
  out["end_time"] = round.end_time;
  out["price_start"] = or_null(round.price_start);
  out["price_end"] = or_null(round.price_end);
  out["swaps"] = or_null(round.swaps);
  const auto* first = round.winner();
  out["winner"] = first ? json(first->uid.value) : json(nullptr);
  out["note"] = round.note;
  out["miners"] = json::array();
  for (const auto& x : round.rows)
    out["miners"].push_back(miner_of(x, round.staked));
  return line_of(out);
}

json row_of(const weight_row& row) {
  auto out = json::array();
  for (const auto& [uid, value] : row)
    out.push_back({{"uid", uid}, {"weight", value}});
  return out;
}

json published_of(const publish_record& x) {
  json out;
  out["epoch"] = x.epoch.value;
  out["status"] = to_word(x.status);
  out["row"] = row_of(x.row);
  out["hash"] = x.hash;
  out["included_block"] = x.included_block;
  out["read_back"] = row_of(x.read_back);
  out["read_back_block"] = x.read_back_block;
  out["same"] = read_back_word(x) == "same";
  out["reason"] = x.reason;
  return out;
}

json standing_of(const standing_row& x) {
  json out;
  out["uid"] = x.score.uid.value;
  out["hotkey"] = x.key;
  out["strategy"] = x.strategy;
  out["averages"] = averages_of(x.score);
  out["eligible"] = x.score.eligible;
  out["evaluations"] = x.score.evaluations;
  out["live_rounds"] = x.score.live_rounds;
  out["refusals"] = x.score.refusals;
  out["failures"] = x.score.failures;
  out["invalid"] = x.score.invalid;
  return out;
}

} // namespace

std::string start_json(const run_started& first, const json_extras& extras) {
  auto out = event("start", extras);
  out["title"] = first.title;
  if (extras.data)
    out["data"] = first.data;
  out["laps_done"] = first.laps_done;
  out["jobs"] = json::array();
  for (const auto& [id, x] : first.jobs)
    out["jobs"].push_back({{"job", id},
                           {"symbol0", x.symbol0},
                           {"symbol1", x.symbol1},
                           {"fee", x.terms.fee},
                           {"tick_spacing", x.terms.tick_spacing},
                           {"decimals0", x.terms.decimals0},
                           {"decimals1", x.terms.decimals1},
                           {"round_seconds", x.round_seconds},
                           {"block_seconds", x.block_seconds}});
  out["feeds"] = first.feeds;
  out["miners"] = json::array();
  for (const auto& [key, strategy] : first.labels)
    out["miners"].push_back({{"hotkey", key}, {"strategy", strategy}});
  if (!first.serves.empty())
    out["serves"] = first.serves;
  return line_of(out);
}

std::string lap_json(const lap_done& lap, const lap_news& news, const run_memory& memory,
                     const json_extras& extras) {
  const auto& labels = memory.started().labels;
  std::string text;
  for (const auto& x : lap.jobs) {
    if (x.evaluation)
      text += round_json(lap.lap, view_of(*x.evaluation, x, labels), extras);
    if (x.live)
      text += round_json(lap.lap, view_of(*x.live, x, labels), extras);
    if (std::find(news.ended.begin(), news.ended.end(), x.job) != news.ended.end()) {
      auto out = event("ended", extras);
      out["job"] = x.job.value;
      out["rounds"] = x.completed;
      out["failed"] = x.failed;
      out["note"] = x.note;
      text += line_of(out);
    }
  }
  if (news.weights) {
    auto out = event("weights", extras);
    out["lap"] = lap.lap;
    out["block"] = lap.chain.block;
    out.update(published_of(*lap.published));
    text += line_of(out);
  }
  return text;
}

std::string over_json(const run_over& last, const run_memory& memory, const json_extras& extras) {
  auto out = event("over", extras);
  out["code"] = last.code;
  out["why"] = last.why;
  out["laps"] = last.laps;
  if (extras.data)
    out["data"] = memory.started().data;
  out["jobs"] = json::array();
  for (const auto& [id, x] : memory.jobs()) {
    json job;
    job["job"] = id.value;
    job["rounds"] = x.completed;
    job["ended"] = x.ended;
    job["failed"] = x.failed;
    job["note"] = x.note;
    const auto best = memory.leader(id);
    job["leader"] = best ? json(best->score.uid.value) : json(nullptr);
    job["miners"] = json::array();
    for (const auto& row : memory.standings(id))
      job["miners"].push_back(standing_of(row));
    out["jobs"].push_back(std::move(job));
  }
  const auto& published = memory.published();
  out["weights"] = published ? published_of(*published) : json(nullptr);
  return line_of(out);
}

} // namespace sluice::report
