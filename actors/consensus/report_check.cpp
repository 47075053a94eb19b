#include "actors/consensus/report_check.hpp"

#include "actors/consensus/explain.hpp"
#include "rules/consensus/confidence.hpp"
#include "rules/consensus/report_book.hpp"
#include "rules/consensus/status_list.hpp"
#include "tools/consensus/explain_text.hpp"
#include "tools/shell/render.hpp"

#include <algorithm>
#include <set>
#include <utility>

namespace sluice {

namespace {

using views::json;
using views::number;

constexpr size_t checked_reports_max = 64;

fault no_report(const std::string& name, const std::string& what) {
  return {ec::bad_input, name + ": " + what
                           + "; expected a list of statuses, [{\"uid\": 49, ...}], or "
                             "{\"validator_uid\", \"epoch\", \"miner_statuses\"}, or a list of "
                             "such reports"};
}

bool is_report(const json& x) {
  return x.is_object() && x.contains("miner_statuses");
}

/// The list may be a text, as in a form.
result<checked_report> report_of(const json& x, const std::string& name) {
  checked_report made;
  const auto number_at = [&](const char* key, uint64_t most) -> result<uint64_t> {
    const auto at = x.find(key);
    if (at == x.end())
      return uint64_t{0};
    if (!at->is_number_unsigned() || at->get<uint64_t>() > most)
      return no_report(name,
                       std::string{key} + " is no whole number from 0 to " + std::to_string(most));
    return at->get<uint64_t>();
  };
  const auto uid = number_at("validator_uid", UINT16_MAX);
  if (!uid)
    return uid.error();
  const auto epoch = number_at("epoch", INT64_MAX);
  if (!epoch)
    return epoch.error();
  made.validator_uid = static_cast<uint16_t>(*uid);
  made.epoch = *epoch;
  const auto& list = x.at("miner_statuses");
  made.statuses = list.is_string() ? list.get<std::string>() : list.dump();
  return made;
}

/// Names of fields that stand in the item and are not in what was taken of it.
std::vector<std::string> removed_fields(const json& item, const miner_status& taken) {
  std::set<std::string> kept;
  for (const auto& [name, value] : fields_of(taken))
    kept.insert(name);
  std::vector<std::string> removed;
  if (item.is_object())
    for (const auto& [name, value] : item.items())
      if (!kept.contains(name))
        removed.push_back(name);
  return removed;
}

/// The rows of one report; its statuses with their confidence.
void add_items(json& rows, const status_report& report, const std::string& list) {
  const auto raw = json::parse(list, nullptr, false);
  for (const auto& status : report.statuses) {
    json item;
    for (const auto& x : raw)
      if (x.is_object() && x.value("uid", json(nullptr)) == json(status.uid.value))
        item = x;
    const auto removed = removed_fields(item, status);
    rows.push_back({{"validator", report.validator_uid},
                    {"uid", status.uid.value},
                    {"hotkey", status.hotkey},
                    {"confidence", number(status.confidence)},
                    {"band", confidence_band(status.confidence)},
                    {"removed", removed}});
  }
}

} // namespace

result<std::vector<checked_report>>
read_checked_reports(std::string_view text, const std::string& name) {
  json read;
  try {
    read = json::parse(text.begin(), text.end());
  } catch (const json::parse_error& why) {
    return no_report(name, "byte " + std::to_string(why.byte) + " is no JSON");
  }
  std::vector<checked_report> made;
  const bool many
    = read.is_array() && !read.empty() && std::all_of(read.begin(), read.end(), is_report);
  if (many && read.size() > checked_reports_max)
    return no_report(name, "more than " + std::to_string(checked_reports_max) + " reports");
  if (!many && !is_report(read)) {
    if (!read.is_array())
      return no_report(name, "neither a list nor a report");
    made.push_back({0, 0, std::string{text}});
    return made;
  }
  const auto all = many ? read : json::array({read});
  for (const auto& x : all) {
    auto one = report_of(x, name);
    if (!one)
      return one.error();
    made.push_back(*std::move(one));
  }
  return made;
}

result<json> check_reports(const std::vector<checked_report>& reports, uint64_t now_ms,
                           const consensus_settings& settings) {
  report_book book{settings};
  json items = json::array();
  json taken = json::array();
  for (const auto& x : reports) {
    const auto whose = "validator " + std::to_string(x.validator_uid) + ": ";
    auto list = read_status_list(x.statuses);
    if (!list)
      return fault{list.error().code, whose + list.error().what};
    if (!list->is_list)
      return fault{ec::bad_input, whose + "miner_statuses must be a list"};
    status_report report;
    report.validator_uid = x.validator_uid;
    report.epoch = x.epoch;
    report.received_ms = now_ms;
    report.proof = report_proof::local;
    report.skipped = list->skipped;
    report.statuses = std::move(list->statuses);
    book.prepare(report);
    add_items(items, report, x.statuses);
    const auto skipped = report.skipped;
    const auto put = book.put(std::move(report));
    if (!put)
      return put.error();
    taken.push_back({{"validator", x.validator_uid},
                     {"epoch", x.epoch},
                     {"miners_processed", put->miners_processed},
                     {"consensus_updated", put->consensus_updated},
                     {"skipped", skipped}});
  }
  json miners = json::array();
  for (const auto* record : book.records())
    miners.push_back(explain_record(book, *record, now_ms));
  return json{
    {"reports", std::move(taken)}, {"items", std::move(items)}, {"miners", std::move(miners)}};
}

std::string checked_reports_text(const json& document, size_t columns, bool color, bool ascii) {
  const auto letters = ascii ? report::charset::ascii : report::charset::utf8;
  const tools::render_style drawn{columns, color, letters, {}};
  auto text = tools::table_text(document.at("reports"), drawn) + '\n';
  if (!document.at("items").empty())
    text += tools::table_text(document.at("items"), drawn);
  for (const auto& miner : document.at("miners"))
    text += '\n' + tools::consensus_explain_text(views::text_of(miner), {columns, color, ascii});
  return text;
}

} // namespace sluice
