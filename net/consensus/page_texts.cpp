#include "net/consensus/page_texts.hpp"

#include "rules/consensus/availability.hpp"
#include "rules/json_text.hpp"

#include <algorithm>
#include <array>
#include <chrono>
#include <cstdio>
#include <string_view>

namespace sluice::net {

namespace {

constexpr uint64_t ms_per_s = 1000;

/// What this program says of a record: a validator's own fields of these names are not shown.
constexpr std::array<std::string_view, 14> own_names{
  "conflict_ratio",  "conflicts_detected",         "consensus_confidence",
  "consensus_state", "consensus_timestamp",        "consensus_validators",
  "epoch",           "last_reported_by_validator", "last_updated",
  "miner_id",        "reported_by_validator",      "reports_used",
  "status_source",   "validator_reports_count"};

/// Every status has these: null where nobody reports it.
constexpr std::array<std::string_view, 13> known_names{"uid",
                                                       "hotkey",
                                                       "ip",
                                                       "port",
                                                       "external_ip",
                                                       "external_port",
                                                       "is_serving",
                                                       "stake",
                                                       "performance_score",
                                                       "current_load",
                                                       "max_capacity",
                                                       "last_seen",
                                                       "task_type_specialization"};

json_object status_object(const miner_status& x) {
  json_object all;
  const auto fields = fields_of(x);
  for (const auto& [name, json] : fields)
    if (std::ranges::find(own_names, name) == own_names.end())
      all.raw(name, json);
  for (const auto name : known_names)
    if (std::ranges::find(fields, name, [](const auto& y) -> std::string_view { return y.first; })
        == fields.end())
      all.raw(name, "null");
  return all;
}

std::string conflicts_text(const consensus_record& x) {
  return json_of(x.conflicts);
}

std::string miner_text(const shown_record& x, consensus_state state) {
  const auto& record = x.record;
  const bool merged = state == consensus_state::agreed || state == consensus_state::conflicted;
  auto all = status_object(record.status);
  all.add("last_updated", std::string_view{utc_text(record.newest_ms)});
  if (!merged && !record.validators.empty())
    all.add("reported_by_validator", record.validators.front());
  if (x.reporter)
    all.add("last_reported_by_validator", *x.reporter);
  if (x.epoch)
    all.add("epoch", *x.epoch);
  return all.add("validator_reports_count", record.reports_used)
    .add("miner_id", std::string_view{std::to_string(record.uid.value)})
    .add("status_source", merged ? "consensus" : "individual")
    .add("consensus_state", name_of(state))
    .add("consensus_confidence", record.confidence)
    .raw("conflicts_detected", conflicts_text(record))
    .text();
}

std::string statistics_object(const pages_view& x, const consensus_settings& settings) {
  const auto& now = x.statistics;
  return json_object{}
    .add("total_validator_reports", now.reports)
    .add("consensus_miners", now.agreed + now.conflicted)
    .add("active_validators", now.active_validators)
    .add("average_consensus_confidence", now.mean_confidence)
    .add("consensus_timeout_minutes", static_cast<double>(settings.window_s) / 60)
    .add("min_consensus_validators", settings.min_validators)
    .add("agreed_miners", now.agreed)
    .add("conflicted_miners", now.conflicted)
    .add("pending_miners", now.pending)
    .add("stale_miners", now.stale)
    .add("coverage", now.coverage)
    .add("conflict_rate", now.conflict_rate)
    .text();
}

json_object success() {
  return json_object{}.add("success", true);
}

std::string ended(const json_object& x) {
  return x.text() + '\n';
}

} // namespace

std::string utc_text(uint64_t unix_ms) {
  using namespace std::chrono;
  constexpr uint64_t last_ms = 253'402'300'799'999; // of the year 9999
  const sys_time<milliseconds> at{milliseconds{std::min(unix_ms, last_ms)}};
  const auto day = floor<days>(at);
  const year_month_day date{day};
  const hh_mm_ss time{at - day};
  std::array<char, 40> text{};
  const int bytes = std::snprintf(
    text.data(), text.size(), "%04d-%02u-%02uT%02d:%02d:%02d.%03d000Z",
    static_cast<int>(date.year()), static_cast<unsigned>(date.month()),
    static_cast<unsigned>(date.day()), static_cast<int>(time.hours().count()),
    static_cast<int>(time.minutes().count()), static_cast<int>(time.seconds().count()),
    static_cast<int>(time.subseconds().count()));
  return {text.data(), static_cast<size_t>(std::max(bytes, 0))};
}

consensus_state
state_at(const consensus_record& x, uint64_t now_ms, const consensus_settings& settings) {
  const bool old = now_ms > x.newest_ms + settings.window_s * ms_per_s;
  return old && x.state != consensus_state::none ? consensus_state::stale : x.state;
}

bool serves_at(const consensus_record& x, uint64_t now_ms, const consensus_settings& settings) {
  return x.state != consensus_state::none && now_ms <= x.newest_ms + settings.fallback_s * ms_per_s;
}

std::optional<uint64_t>
changes_after(const consensus_record& x, uint64_t now_ms, const consensus_settings& settings) {
  for (const auto seconds : {settings.window_s, settings.fallback_s})
    if (const auto at = x.newest_ms + seconds * ms_per_s + 1; at > now_ms)
      return at;
  return {};
}

std::string
consensus_text(const shown_record& x, uint64_t now_ms, const consensus_settings& settings) {
  const auto& record = x.record;
  const auto status = status_object(record.status)
                        .add("consensus_timestamp", std::string_view{utc_text(record.changed_ms)})
                        .raw("consensus_validators", json_of(record.validators))
                        .add("consensus_confidence", record.confidence)
                        .raw("conflicts_detected", conflicts_text(record))
                        .add("consensus_state", name_of(state_at(record, now_ms, settings)))
                        .add("conflict_ratio", record.conflict_ratio)
                        .add("reports_used", record.reports_used)
                        .text();
  return ended(success()
                 .add("miner_uid", record.uid.value)
                 .raw("consensus_status", status)
                 .add("timestamp", std::string_view{utc_text(now_ms)}));
}

std::string network_status_text(const pages_view& x, const consensus_settings& settings) {
  json_list miners;
  uint64_t total = 0, active = 0, filtered = x.vanished;
  double stake = 0;
  bool by_consensus = false;
  for (const auto& one : x.records) {
    const auto& record = one->record;
    if (!serves_at(record, x.now_ms, settings)) {
      ++filtered;
      continue;
    }
    const auto state = state_at(record, x.now_ms, settings);
    miners.raw(miner_text(*one, state));
    ++total;
    active += record.status.is_serving.value_or(false) ? 1 : 0;
    stake += record.status.stake.value_or(0);
    by_consensus = by_consensus || state == consensus_state::agreed;
  }
  const auto status = json_object{}
                        .add("total_miners", total)
                        .add("active_miners", active)
                        .add("total_stake", stake)
                        .add("average_consensus_confidence", x.statistics.mean_confidence)
                        .add("last_updated", std::string_view{utc_text(x.now_ms)})
                        .text();
  return ended(success()
                 .add("processing_mode", by_consensus ? "consensus" : "individual")
                 .raw("network_status", status)
                 .raw("consensus_stats", statistics_object(x, settings))
                 .add("stale_miners_filtered", filtered)
                 .add("version", x.version)
                 .raw("miners", miners.text()));
}

std::string consensus_stats_text(const pages_view& x, const consensus_settings& settings) {
  return ended(success()
                 .raw("consensus_statistics", statistics_object(x, settings))
                 .add("timestamp", std::string_view{utc_text(x.now_ms)}));
}

std::string selectable_text(const pages_view& x, const consensus_settings& settings) {
  json_list miners;
  uint64_t total = 0;
  for (const auto& one : x.records) {
    const auto miner = selectable(one->record, x.now_ms, settings);
    if (!miner)
      continue;
    ++total;
    miners.raw(json_object{}
                 .add("uid", miner->uid.value)
                 .add("hotkey", std::string_view{miner->hotkey})
                 .add("availability", availability_of(*miner, settings))
                 .add("current_load", miner->load)
                 .add("max_capacity", miner->capacity)
                 .add("stake", miner->stake)
                 .add("consensus_confidence", miner->confidence)
                 .add("status_source", miner->is_fallback ? "individual" : "consensus")
                 .raw("task_types", json_of(miner->task_types))
                 .text());
  }
  return ended(success()
                 .add("total", total)
                 .raw("miners", miners.text())
                 .add("timestamp", std::string_view{utc_text(x.now_ms)}));
}

std::string health_text(const pages_view& x, const consensus_settings& settings) {
  json_list checks;
  bool healthy = true;
  for (const auto& one : check_health(x.statistics, settings.health)) {
    healthy = healthy && one.healthy;
    checks.raw(json_of(one));
  }
  return ended(json_object{}
                 .add("status", healthy ? "healthy" : "degraded")
                 .raw("checks", checks.text())
                 .add("timestamp", std::string_view{utc_text(x.now_ms)}));
}

std::string change_text(const consensus_record& x, uint64_t version) {
  return json_object{}
    .add("type", "change")
    .add("version", version)
    .add("uid", x.uid.value)
    .add("hotkey", std::string_view{x.hotkey})
    .add("state", name_of(x.state))
    .add("fallback", x.fallback)
    .add("consensus_confidence", x.confidence)
    .add("conflict_ratio", x.conflict_ratio)
    .raw("conflicts_detected", conflicts_text(x))
    .raw("consensus_validators", json_of(x.validators))
    .add("changed_at", std::string_view{utc_text(x.changed_ms)})
    .text();
}

std::string snapshot_text(uint64_t version, size_t miners, uint64_t now_ms) {
  return json_object{}
    .add("type", "snapshot")
    .add("version", version)
    .add("miners", miners)
    .add("timestamp", std::string_view{utc_text(now_ms)})
    .text();
}

} // namespace sluice::net
