#include "actors/liquidity/report/jobs_json.hpp"

#include "actors/report/json_event.hpp"
#include "io/liquidity/metrics_json.hpp"
#include "rules/liquidity/verdict_name.hpp"

#include <nlohmann/json.hpp>

namespace sluice::report {

namespace {

template <class T>
json or_null(const std::optional<T>& x) {
  return x ? json(*x) : json(nullptr);
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
  out["metrics"] = x.metrics ? io::metrics_json(*x.metrics, staked) : json(nullptr);
  out["averages"] = x.standing ? averages_of(*x.standing) : json(nullptr);
  out["eligible"] = x.standing && x.standing->eligible;
  out["invalid"] = x.invalid;
  out["note"] = x.note;
  return out;
}

std::string round_json(uint64_t number, const round_view& round, const json_extras& extras) {
  auto out = json_event("round", extras);
  out["lap"] = number;
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
  return json_line(out);
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

std::string ended_json(const job_report& x, const json_extras& extras) {
  auto out = json_event("ended", extras);
  out["job"] = x.job.value;
  out["rounds"] = x.completed;
  out["failed"] = x.failed;
  out["note"] = x.note;
  return json_line(out);
}

} // namespace

json configured_jobs_json(const jobs_memory& memory) {
  auto out = json::array();
  for (const auto& [id, x] : memory.configured()) {
    json job{{"job", id}, {"symbol0", x.symbol0}, {"symbol1", x.symbol1}};
    const auto terms = io::terms_json(x.terms);
    for (const auto* key : {"fee", "tick_spacing", "decimals0", "decimals1"})
      job[key] = terms.at(key);
    job["round_seconds"] = x.round_seconds;
    job["block_seconds"] = x.block_seconds;
    out.push_back(std::move(job));
  }
  return out;
}

std::string jobs_json(uint64_t number, const step_report& step, const jobs_memory& memory,
                      const json_extras& extras) {
  std::string text;
  for (const auto& x : jobs_of(step)) {
    if (x.evaluation)
      text += round_json(number, view_of(*x.evaluation, x, memory.labels()), extras);
    if (x.live)
      text += round_json(number, view_of(*x.live, x, memory.labels()), extras);
    if (memory.ended_now(x.job))
      text += ended_json(x, extras);
  }
  return text;
}

json jobs_summary_json(const jobs_memory& memory) {
  auto out = json::array();
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
    out.push_back(std::move(job));
  }
  return out;
}

} // namespace sluice::report
