#include "actors/consensus/explain.hpp"

#include "rules/consensus/confidence.hpp"
#include "rules/consensus/explain.hpp"
#include "rules/nearest.hpp"

#include <algorithm>
#include <string>
#include <vector>

namespace sluice {

namespace {

using views::json;
using views::number;

json field_rows(const std::vector<field_explanation>& fields) {
  json rows = json::array();
  for (const auto& x : fields) {
    json reports = json::array();
    for (const auto& one : x.reports)
      reports.push_back({{"validator", one.validator_uid},
                         {"report", one.report},
                         {"received", views::time_of(one.received_ms / 1000)},
                         {"weight", number(one.weight)},
                         {"value", json_value(one.json)},
                         {"counts", one.counts}});
    rows.push_back({{"field", x.field},
                    {"value", x.json.empty() ? json(nullptr) : json_value(x.json)},
                    {"rule", name_of(x.rule)},
                    {"conflict", x.conflict},
                    {"reports", std::move(reports)}});
  }
  return rows;
}

json confidence_json(const consensus_record& x, const std::vector<field_explanation>& fields,
                     const consensus_settings& settings) {
  json out = json::object();
  if (const auto parts = confidence_parts_of(x, fields, settings)) {
    out["mean_of_reports"] = number(parts->mean);
    out["bonus_of_validators"] = number(parts->bonus);
    out["conflict_ratio"] = number(parts->penalty);
    out["sum"] = number(parts->sum);
  }
  out["confidence"] = number(x.confidence);
  out["band"] = confidence_band(x.confidence);
  return out;
}

json availability_json(const consensus_record& x, uint64_t now_ms,
                       const consensus_settings& settings) {
  const auto may = selectable(x, now_ms, settings);
  if (!may)
    return {{"selectable", false}};
  return {{"selectable", is_free(*may)},
          {"by", may->is_fallback ? "a single report" : "consensus"},
          {"performance", number(may->performance)},
          {"load", number(may->load)},
          {"capacity", number(may->capacity)},
          {"availability", number(availability_of(*may, settings))}};
}

fault no_such_miner(const report_book& book, std::string_view who) {
  std::vector<std::string> names;
  for (const auto* x : book.records()) {
    names.push_back(std::to_string(x->uid.value));
    if (!x->hotkey.empty())
      names.push_back(x->hotkey);
  }
  if (names.empty())
    return {ec::no_such_key, "nobody has reported a miner on this node yet"};
  const auto near = nearest(who, std::vector<std::string_view>(names.begin(), names.end()));
  return {ec::no_such_key, "no report about miner " + std::string{who} + " counts now"
                             + (near ? "; did you mean " + std::string{*near} + "?"
                                     : "; `consensus miners` lists those that there are")};
}

} // namespace

json json_value(std::string_view text) {
  auto read = json::parse(text.begin(), text.end(), nullptr, false);
  return read.is_discarded() ? json(std::string{text}) : read;
}

json explain_record(const report_book& book, const consensus_record& record, uint64_t now_ms) {
  const auto fields = book.explain(record.uid);
  json out{{"uid", record.uid.value},
           {"hotkey", record.hotkey.empty() ? json(nullptr) : json(record.hotkey)},
           {"state", name_of(record.state)},
           {"now", views::time_of(now_ms / 1000)},
           {"newest_report", views::time_of(record.newest_ms / 1000)},
           {"validators", record.validators},
           {"reports_used", record.reports_used},
           {"policy", name_of(book.settings().policy)},
           {"conflicts", record.conflicts},
           {"compared_fields", record.compared_fields},
           {"conflict_ratio", number(record.conflict_ratio)}};
  if (record.has_quorum())
    out["confidence"] = confidence_json(record, fields, book.settings());
  else
    out["fallback"] = record.fallback;
  out["availability"] = availability_json(record, now_ms, book.settings());
  out["fields"] = field_rows(fields);
  return out;
}

result<json> explain_consensus(const report_book& book, std::string_view who, uint64_t now_ms) {
  for (const auto* x : book.records())
    if (views::is_miner(who, x->uid, {x->hotkey}))
      return explain_record(book, *x, now_ms);
  return no_such_miner(book, who);
}

} // namespace sluice
