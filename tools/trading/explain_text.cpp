#include "tools/trading/explain_text.hpp"

#include "io/text/numbers.hpp"
#include "io/text/paint.hpp"
#include "io/text/text.hpp"
#include "tools/shell/render.hpp"

#include <nlohmann/json.hpp>

#include <array>

namespace sluice::tools {

namespace {

using json = nlohmann::ordered_json;
using report::paint;
using report::tone;

constexpr std::array explained_columns{
  admin::column_look{"stake", 5, 10},   admin::column_look{"unstake", 5, 10},
  admin::column_look{"held_blocks", 6}, admin::column_look{"staked", 3},
  admin::column_look{"lot", 7},         admin::column_look{"legs_pnl", 8},
  admin::column_look{"lots", 9},
};

std::string text_at(const json& x, const char* key) {
  const auto at = x.find(key);
  return at == x.end() || !at->is_string() ? std::string{} : report::plain(at->get<std::string>());
}

std::string number_at(const json& x, const char* key, int digits) {
  const auto at = x.find(key);
  return at == x.end() || !at->is_number() ? report::no_number
                                           : report::fixed(at->get<double>(), digits);
}

std::string count_at(const json& x, const char* key) {
  const auto at = x.find(key);
  return at == x.end() || !at->is_number_integer() ? report::no_number
                                                   : std::to_string(at->get<int64_t>());
}

json rows_at(const json& x, const char* key) {
  const auto at = x.find(key);
  json all = json::array();
  if (at != x.end() && at->is_array())
    for (const auto& one : *at)
      if (one.is_object())
        all.push_back(one);
  return all;
}

class trading_explanation {
public:
  trading_explanation(const json& x, const render_style& style) : x_(x), style_(style) {}

  std::string all() const { return head() + weight() + score() + days() + legs(); }

private:
  std::string line(const std::string& text) const {
    return report::cut(text, style_.width, style_.letters) + '\n';
  }

  std::string head() const {
    const auto who = x_.contains("miner") && x_["miner"].is_number()
                       ? "uid " + count_at(x_, "miner")
                       : std::string{"not registered"};
    return paint(line(who + ", " + text_at(x_, "status") + ", at " + text_at(x_, "now")),
                 tone::strong, style_.color)
           + line("hotkey   " + text_at(x_, "hotkey")) + line("coldkey  " + text_at(x_, "coldkey"))
           + '\n';
  }

  std::string weight() const {
    auto out = paint("weight " + number_at(x_, "weight", 6), tone::strong, style_.color) + '\n';
    if (text_at(x_, "policy") == "proportional")
      out += line("  = score " + number_at(x_, "score", 9) + " / " + number_at(x_, "scores_sum", 9)
                  + ", the sum of the positive scores of " + count_at(x_, "positive_miners")
                  + " miners");
    else
      out += line("  the score between the lowest and the highest of "
                  + count_at(x_, "positive_miners") + " miners (legacy_minmax)");
    return out + '\n';
  }

  std::string score() const {
    auto out = paint("score " + number_at(x_, "score", 9), tone::strong, style_.color) + '\n';
    if (const auto why = text_at(x_, "withheld"); !why.empty())
      out += line("  withheld: " + why);
    const auto count = std::to_string(rows_at(x_, "days").size());
    if (count == "0")
      return out
             + line("  no position was closed within " + count_at(x_, "lookback_days") + " days")
             + '\n';
    return out
           + line("  = " + number_at(x_, "days_sum", 9) + ", the sum of \"adds\" below, / " + count
                  + (count == "1" ? " day" : " days") + " on which positions were closed")
           + '\n';
  }

  std::string days() const {
    const auto rows = rows_at(x_, "days");
    if (rows.empty())
      return {};
    const bool roi = text_at(x_, "value") == "roi";
    return line(std::string{"days: adds = "} + (roi ? "ROI in percent" : "P/L in TAO")
                + " x day weight, exp(-0.25 x 1.2386 x age)")
           + table_text(rows, style_) + '\n';
  }

  std::string legs() const {
    const auto rows = rows_at(x_, "legs");
    if (rows.empty())
      return {};
    auto out = line("legs of the positions that were closed on these days: P/L = TAO - cost; "
                    "scored when held "
                    + count_at(x_, "min_hold_blocks") + " blocks")
               + table_text(rows, style_);
    const auto more = x_.find("legs_left_out");
    if (more != x_.end() && more->is_number_integer() && *more != 0)
      out += line("and " + count_at(x_, "legs_left_out") + " legs more");
    return out;
  }

  const json& x_;
  const render_style& style_;
};

} // namespace

std::string trading_explain_text(std::string_view document, const admin::answer_style& style) {
  render_style drawn;
  drawn.width = style.width;
  drawn.color = style.color;
  drawn.letters = style.ascii ? report::charset::ascii : report::charset::utf8;
  drawn.columns = explained_columns;
  const auto x = json::parse(document, nullptr, false);
  if (!x.is_object() || !x.contains("days") || !x.contains("legs"))
    return render("trading explain", document, drawn);
  return trading_explanation{x, drawn}.all();
}

} // namespace sluice::tools
