#include "tools/sports/explain_text.hpp"

#include "io/text/charset.hpp"
#include "io/text/paint.hpp"
#include "io/text/text.hpp"
#include "tools/shell/cells.hpp"
#include "tools/shell/render.hpp"

#include <nlohmann/json.hpp>

#include <array>

namespace sluice::tools {

namespace {

using sports_json = nlohmann::ordered_json;
using report::paint;
using report::tone;

constexpr std::array sports_explain_columns{
  admin::column_look{.key = "how", .hidden = true},
  admin::column_look{.key = "fault", .hidden = true},
  admin::column_look{"prediction", 5, 12},
  admin::column_look{"game", 4, 16},
  admin::column_look{"roi_rule", 9},
  admin::column_look{"worst", 8},
  admin::column_look{"entropy", 7},
};

std::string sports_cell(const sports_json& x, const char* key) {
  const auto i = x.find(key);
  return i == x.end() ? std::string{} : cell_text(key, *i);
}

std::string sports_text(const sports_json& x, const char* key) {
  const auto i = x.find(key);
  return i != x.end() && i->is_string() ? report::plain(i->get<std::string>()) : std::string{};
}

/// "2026-01-05: 0.3 * 1.03 + ... = 0.41", a line per row that states how.
std::string lines_of_how(const sports_json& rows, const char* name) {
  std::string text;
  for (const auto& row : rows)
    if (row.is_object())
      text += "  " + sports_text(row, name) + ": " + sports_text(row, "how") + '\n';
  return text;
}

std::string lines_of_faults(const sports_json& tiers) {
  std::string text;
  for (const auto& row : tiers)
    if (row.is_object() && !sports_text(row, "fault").empty())
      text += "  tier " + sports_cell(row, "tier") + ": " + sports_text(row, "fault") + '\n';
  return text;
}

} // namespace

std::string sports_explain_text(std::string_view document, const admin::answer_style& style) {
  const auto letters = style.ascii ? report::charset::ascii : report::charset::utf8;
  const render_style drawn{style.width, style.color, letters, sports_explain_columns};
  const auto x = sports_json::parse(document.begin(), document.end(), nullptr, false);
  const auto is_list = [&x](const char* key) { return x.contains(key) && x[key].is_array(); };
  if (!x.is_object() || !is_list("days") || !is_list("tiers") || !is_list("evidence")
      || !x.contains("weight_terms") || !x["weight_terms"].is_object())
    return render("sports explain", document, drawn);
  const auto plain_line = [&](const std::string& text) { return report::shown(text, letters); };
  const auto title = [&](const std::string& text) {
    return paint(report::cut(plain_line(text), style.width, letters), tone::strong, style.color)
           + '\n';
  };
  auto out = title("uid " + sports_cell(x, "uid") + ", " + sports_text(x, "hotkey") + ": weight "
                   + sports_cell(x, "weight") + ", rank " + sports_cell(x, "rank") + " of "
                   + sports_cell(x, "of") + ", tier " + sports_cell(x, "tier"));
  out += "scoring " + sports_cell(x, "scoring") + " of " + sports_text(x, "time") + '\n';
  out += sports_cell(x, "predictions") + " predictions: " + sports_cell(x, "wins") + " won, "
         + sports_cell(x, "losses") + " lost, " + sports_cell(x, "voids") + " void, "
         + sports_cell(x, "open") + " open; wagered " + sports_text(x, "lifetime_wager")
         + ", earned " + sports_text(x, "lifetime_earnings") + ", ROI "
         + sports_cell(x, "lifetime_roi") + "\n\n";
  out += title("Where the weight comes from");
  out += "  " + sports_text(x["weight_terms"], "how") + "\n\n";
  out += title("Why it is in no higher tier");
  out += "  " + plain_line(sports_text(x, "why_not_higher")) + "\n\n";
  out += title("How it stands to each tier");
  out += table_text(x["tiers"], drawn) + lines_of_faults(x["tiers"]) + '\n';
  out += title("Its days");
  if (x["days"].empty())
    out += "  no game that it predicted is decided\n\n";
  else
    out += table_text(x["days"], drawn) + lines_of_how(x["days"], "day") + '\n';
  out += title("Its predictions, the newest first");
  if (!x["evidence"].empty())
    out += table_text(x["evidence"], drawn) + plain_line(lines_of_how(x["evidence"], "prediction"));
  if (sports_cell(x, "shown") != sports_cell(x, "stored"))
    out += sports_cell(x, "shown") + " of " + sports_cell(x, "stored") + " are shown\n";
  return out;
}

} // namespace sluice::tools
