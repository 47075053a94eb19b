#include "actors/consensus/views.hpp"

#include "actors/consensus/explain.hpp"
#include "actors/consensus/task_views.hpp"
#include "rules/consensus/stats.hpp"
#include "storage/consensus/tables.hpp"

#include <algorithm>

namespace sluice {

namespace {

namespace tables = storage::tables;
using views::json;
using views::number;

constexpr size_t contradictions_shown = 100;

json moment_of_ms(uint64_t ms) {
  return ms == 0 ? json(nullptr) : views::time_of(ms / 1000);
}

json checks_json(const stored_book& x) {
  json checks = json::array();
  for (const auto& one : check_health(x.status.statistics, x.status.rules.health))
    checks.push_back({{"check", one.name},
                      {"healthy", one.healthy},
                      {"value", number(one.value)},
                      {"limit", number(one.limit)},
                      {"says", one.says}});
  return checks;
}

json trace_json(const signed_trace& x) {
  return {{"digest", x.digest},
          {"signature", x.signature},
          {"issued", moment_of_ms(x.issued_ms)},
          {"received", moment_of_ms(x.received_ms)}};
}

result<json> chosen(const storage::data_dir& disk, const admin::call& what) {
  const auto stored = read_stored_book(disk);
  if (!stored)
    return stored.error();
  const auto name = what.what->name;
  if (name == "consensus")
    return consensus_overview(*stored);
  if (name == "consensus miners")
    return consensus_miners(*stored);
  if (name == "consensus show")
    return explain_consensus(stored->book, what.argument_at(0), stored->status.now_ms);
  if (name == "consensus validators")
    return consensus_validators(*stored);
  if (name == "consensus conflicts")
    return consensus_conflicts(disk, *stored);
  return fault{ec::invalid_argument, std::string{name} + " is not answered from disk"};
}

} // namespace

result<std::string> consensus_view(const storage::data_dir& disk, const admin::call& what) {
  if (what.what->name.starts_with("tasks"))
    return task_view(disk, what);
  const auto shown = chosen(disk, what);
  return shown ? result<std::string>{views::text_of(*shown)} : shown.error();
}

json consensus_overview(const stored_book& x) {
  const auto& s = x.status.statistics;
  constexpr double us_in_a_ms = 1000;
  const auto ms = [&](double q) {
    return number(static_cast<double>(x.status.latency.quantile_us(q)) / us_in_a_ms);
  };
  return {{"now", moment_of_ms(x.status.now_ms)},
          {"mode", processing_mode(s)},
          {"miners", s.miners_reported},
          {"agreed", s.agreed},
          {"conflicted", s.conflicted},
          {"pending", s.pending},
          {"stale", s.stale},
          {"active_validators", s.active_validators},
          {"coverage", number(s.coverage)},
          {"conflict_rate", number(s.conflict_rate)},
          {"mean_confidence", number(s.mean_confidence)},
          {"reports", x.status.reports},
          {"items", x.status.items},
          {"skipped", x.status.skipped},
          {"contradictions", x.status.contradictions},
          {"refused", x.status.refused},
          {"latency_p50_ms", ms(0.5)},
          {"latency_p99_ms", ms(0.99)},
          {"checks", checks_json(x)}};
}

json consensus_miners(const stored_book& x) {
  json rows = json::array();
  for (const auto* record : x.book.records()) {
    const auto may = selectable(*record, x.status.now_ms, x.status.rules);
    rows.push_back(
      {{"uid", record->uid.value},
       {"hotkey", record->hotkey},
       {"state", name_of(record->state)},
       {"confidence", number(record->confidence)},
       {"serving", record->status.is_serving ? json(*record->status.is_serving) : json(nullptr)},
       {"availability", may ? number(availability_of(*may, x.status.rules)) : json(nullptr)},
       {"validators", record->validators.size()},
       {"conflicts", record->conflicts},
       {"newest", moment_of_ms(record->newest_ms)}});
  }
  return rows;
}

json consensus_validators(const stored_book& x) {
  json rows = json::array();
  for (const auto& [key, one] : x.book.histories()) {
    const bool is_stale = one.last_ms + x.status.rules.validator_stale_s * 1000 < x.status.now_ms;
    rows.push_back({{"hotkey", key},
                    {"uid", one.uid},
                    {"state", is_stale ? "stale" : "reports"},
                    {"reports", one.reports},
                    {"items", one.items},
                    {"last", moment_of_ms(one.last_ms)},
                    {"last_epoch", one.last_epoch},
                    {"agreed", one.agreed},
                    {"differed", one.differed},
                    {"contradictions", one.contradictions},
                    {"reputation", number(one.reputation)}});
  }
  return rows;
}

result<json> consensus_conflicts(const storage::data_dir& disk, const stored_book& x) {
  json fields = json::array();
  for (const auto* record : x.book.records()) {
    if (record->conflicts.empty())
      continue;
    for (const auto& field : x.book.explain(record->uid)) {
      if (!field.conflict)
        continue;
      json said = json::array();
      for (const auto& one : field.reports)
        said.push_back(std::to_string(one.validator_uid) + ": " + one.json);
      fields.push_back({{"uid", record->uid.value},
                        {"state", name_of(record->state)},
                        {"field", field.field},
                        {"value", field.json.empty() ? json(nullptr) : json_value(field.json)},
                        {"reported", std::move(said)},
                        {"conflict_ratio", number(record->conflict_ratio)}});
    }
  }
  json contradictions = json::array();
  auto read
    = tables::consensus_evidence.for_each(disk, [&](const auto&, const report_evidence& one) {
        contradictions.push_back({{"validator", one.validator_uid},
                                  {"hotkey", one.hotkey},
                                  {"epoch", one.epoch},
                                  {"first", trace_json(one.first)},
                                  {"second", trace_json(one.second)}});
        return contradictions.size() < contradictions_shown;
      });
  if (!read)
    return read.error();
  return json{{"fields", std::move(fields)}, {"contradictions", std::move(contradictions)}};
}

} // namespace sluice
