#include "tools/consensus/explain_text.hpp"

#include "io/text/paint.hpp"
#include "io/text/text.hpp"
#include "tools/shell/cells.hpp"
#include "tools/shell/render.hpp"

#include <nlohmann/json.hpp>

#include <array>

namespace sluice::tools {

namespace {

using json = nlohmann::ordered_json;
using report::paint;
using report::tone;

constexpr std::array consensus_explain_columns{
  admin::column_look{"received", 6},
  admin::column_look{"report", 5},
  admin::column_look{"value", 0, 24},
};

std::string consensus_cell(const json& x, const char* key) {
  const auto i = x.find(key);
  return i == x.end() || i->is_null() ? std::string{} : cell_text(key, *i);
}

/// A row for each report of each field.
json report_rows(const json& fields) {
  json rows = json::array();
  for (const auto& field : fields)
    for (const auto& one : field.value("reports", json::array()))
      rows.push_back({{"field", field.value("field", "")},
                      {"validator", one.value("validator", json(nullptr))},
                      {"value", one.value("value", json(nullptr))},
                      {"weight", one.value("weight", json(nullptr))},
                      {"counts", one.value("counts", false) ? "yes" : "no"},
                      {"report", one.value("report", json(nullptr))},
                      {"received", one.value("received", json(nullptr))}});
  return rows;
}

json field_table(const json& fields) {
  json rows = json::array();
  for (const auto& x : fields)
    rows.push_back({{"field", x.value("field", "")},
                    {"value", x.value("value", json(nullptr))},
                    {"rule", x.value("rule", "")},
                    {"conflict", x.value("conflict", false) ? "yes" : "no"},
                    {"of_reports", x.value("reports", json::array()).size()}});
  return rows;
}

std::string confidence_text(const json& x) {
  const auto confidence = x.find("confidence");
  if (confidence == x.end() || !confidence->is_object())
    return x.value("fallback", false)
             ? "no consensus: the newest single report serves, without a boost\n"
             : "no consensus, and no single report is new enough to serve\n";
  const auto& c = *confidence;
  std::string text
    = "confidence " + consensus_cell(c, "confidence") + " (" + consensus_cell(c, "band") + ")";
  if (c.contains("sum"))
    text += " = mean of the reports " + consensus_cell(c, "mean_of_reports")
            + " + bonus of the validators " + consensus_cell(c, "bonus_of_validators")
            + " - conflict ratio " + consensus_cell(c, "conflict_ratio") + " = "
            + consensus_cell(c, "sum") + ", from 0 to 1";
  return text + '\n';
}

std::string availability_text(const json& x) {
  const auto a = x.find("availability");
  if (a == x.end() || !a->is_object())
    return {};
  if (!a->contains("availability"))
    return "it is given no tasks\n";
  return std::string{a->value("selectable", false) ? "" : "it has no capacity left; "}
         + "availability " + consensus_cell(*a, "availability") + ", by " + consensus_cell(*a, "by")
         + ": performance " + consensus_cell(*a, "performance") + ", load "
         + consensus_cell(*a, "load") + " of " + consensus_cell(*a, "capacity") + '\n';
}

} // namespace

std::string consensus_explain_text(std::string_view document, const admin::answer_style& style) {
  const auto letters = style.ascii ? report::charset::ascii : report::charset::utf8;
  const render_style drawn{style.width, style.color, letters, consensus_explain_columns};
  const auto x = json::parse(document.begin(), document.end(), nullptr, false);
  if (!x.is_object() || !x.contains("fields") || !x["fields"].is_array())
    return render("consensus show", document, drawn);
  const auto title = [&](const std::string& text) {
    return paint(report::cut(report::shown(text, letters), style.width, letters), tone::strong,
                 style.color)
           + '\n';
  };
  const auto hotkey = consensus_cell(x, "hotkey");
  auto out = title("miner " + consensus_cell(x, "uid") + (hotkey.empty() ? "" : " (" + hotkey + ")")
                   + ": " + consensus_cell(x, "state"));
  out += consensus_cell(x, "reports_used") + " reports of the validators "
         + consensus_cell(x, "validators") + ", the newest of " + consensus_cell(x, "newest_report")
         + "; policy " + consensus_cell(x, "policy") + "\n";
  out += confidence_text(x);
  if (x.contains("conflicts") && !x["conflicts"].empty())
    out += "in conflict: " + consensus_cell(x, "conflicts") + ", of "
           + consensus_cell(x, "compared_fields") + " fields that two or more report\n";
  out += availability_text(x) + '\n';
  if (x["fields"].empty())
    return out;
  out += title("What the record is made of");
  out += table_text(field_table(x["fields"]), drawn) + '\n';
  out += title("The reports of each field");
  return out + table_text(report_rows(x["fields"]), drawn);
}

} // namespace sluice::tools
