#include "tools/leads/explain_text.hpp"

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

constexpr std::array lead_explain_columns{
  admin::column_look{"business", 5, 16},
  admin::column_look{"time", 6},
  admin::column_look{"place", 7},
  admin::column_look{"conversion_score", 4, 0, "score"},
};

std::string lead_cell(const json& x, const char* key) {
  const auto i = x.find(key);
  return i == x.end() ? std::string{} : cell_text(key, *i);
}

/// The leads of all documents, a row each.
json lead_rows_of(const json& document) {
  json rows = json::array();
  for (const auto& one : document.value("evidence", json::array())) {
    if (!one.is_object())
      continue;
    for (const auto& x : one.value("leads", json::array())) {
      if (!x.is_object())
        continue;
      json row{{"request", one.value("request", json(nullptr))}};
      row.update(x);
      rows.push_back(std::move(row));
    }
  }
  return rows;
}

std::string share_of_explanation(const json& x) {
  return "score " + lead_cell(x, "score") + " of " + lead_cell(x, "scores") + ": share "
         + lead_cell(x, "share") + '\n';
}

std::string passed_over_text(const json& x) {
  std::string text
    = lead_cell(x, "used") + " of " + lead_cell(x, "leads") + " leads that name it count";
  for (const auto& [key, what] : {std::pair{"out_of_window", "outside of the window"},
                                  {"duplicates", "duplicates"},
                                  {"skipped_bad_timestamp", "without a usable time"}})
    if (const auto n = lead_cell(x, key); !n.empty() && n != "0")
      text += ", " + n + ' ' + what;
  return text + '\n';
}

} // namespace

std::string lead_explain_text(std::string_view document, const admin::answer_style& style) {
  const auto letters = style.ascii ? report::charset::ascii : report::charset::utf8;
  const render_style drawn{style.width, style.color, letters, lead_explain_columns};
  const auto x = json::parse(document.begin(), document.end(), nullptr, false);
  if (!x.is_object() || !x.contains("terms") || !x.contains("evidence"))
    return render("leads explain", document, drawn);
  const auto title = [&](const std::string& text) {
    return paint(report::cut(report::shown(text, letters), style.width, letters), tone::strong,
                 style.color)
           + '\n';
  };
  auto out = title(lead_cell(x, "hotkey") + ": share " + lead_cell(x, "share") + ", rank "
                   + lead_cell(x, "rank") + " of " + lead_cell(x, "of") + ", by policy "
                   + lead_cell(x, "policy"));
  out += "window " + lead_cell(x, "window_start") + " to " + lead_cell(x, "window_end") + "\n\n";
  out += title("What the share is made of");
  out += table_text(x["terms"], drawn) + share_of_explanation(x) + '\n';
  out += title("The leads it comes from");
  out += passed_over_text(x);
  const auto rows = lead_rows_of(x);
  if (!rows.empty())
    out += table_text(rows, drawn);
  if (lead_cell(x, "shown") != lead_cell(x, "documents"))
    out += lead_cell(x, "shown") + " of " + lead_cell(x, "documents") + " requests are shown\n";
  return out;
}

} // namespace sluice::tools
