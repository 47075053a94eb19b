#include "tools/liquidity/explain_text.hpp"

#include "io/text/numbers.hpp"
#include "io/text/paint.hpp"
#include "io/text/text.hpp"
#include "tools/shell/cells.hpp"
#include "tools/shell/render.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdlib>
#include <vector>

namespace sluice::tools {

namespace {

using json = nlohmann::ordered_json;
using report::paint;
using report::tone;

constexpr std::array columns{
  admin::column_look{"model", 11},
  admin::column_look{"positions", 14},
  admin::column_look{"liquidity", 11},
  admin::column_look{"formula", 6, 16},
  admin::column_look{"what it is", 3, 12},
  admin::column_look{"asked for", 0, 20},
  admin::column_look{"asked", 0, 0, {}, true},
};

constexpr size_t swaps_shown = 8; // of a position; the JSON has all

std::string at_key(const json& x, const char* key) {
  const auto i = x.find(key);
  return i == x.end() ? std::string{} : cell_text(key, *i);
}

/// The value, or null: a node of another version may send less.
json field(const json& x, const std::string& key) {
  const auto i = x.find(key);
  return i == x.end() ? json(nullptr) : *i;
}

/// Text as it is, made safe.
std::string string_at(const json& x, const char* key) {
  const auto i = x.find(key);
  return i == x.end() || !i->is_string() ? std::string{} : report::plain(i->get<std::string>());
}

double decimal_at(const json& x, const char* key) {
  return std::strtod(string_at(x, key).c_str(), nullptr);
}

/// The objects of a list.
json list_at(const json& x, const char* key) {
  json all = json::array();
  for (const auto& one : field(x, key))
    if (one.is_object())
      all.push_back(one);
  return all;
}

class explanation_writer {
public:
  explanation_writer(const json& explanation, const render_style& style)
    : explanation_(explanation), style_(style) {}

  std::string all() const {
    auto out = head();
    if (explanation_.contains("why"))
      return out + string_at(explanation_, "why") + '\n' + entered() + record_now();
    return out + market() + answers() + positions() + values() + score() + verdict() + entered()
           + record_now();
  }

private:
  std::string title(const std::string& text) const {
    return '\n' + paint(text, tone::strong, style_.color) + '\n';
  }
  std::string token(const char* which) const {
    return at_key(field(explanation_, "market"), which);
  }

  std::string head() const {
    return paint("round " + at_key(explanation_, "round") + ", miner "
                   + at_key(explanation_, "miner") + " (" + at_key(explanation_, "hotkey")
                   + "): " + at_key(explanation_, "verdict") + ", score "
                   + at_key(explanation_, "stored_score"),
                 tone::strong, style_.color)
           + '\n';
  }

  std::string market() const {
    const auto m = field(explanation_, "market");
    return "blocks " + at_key(m, "from_block") + " to " + at_key(m, "to_block") + ", "
           + at_key(m, "swaps") + " swaps; price " + at_key(m, "price_at_start") + " to "
           + at_key(m, "price_at_end") + " " + token("token1") + "/" + token("token0") + "; model "
           + at_key(m, "model") + '\n';
  }

  std::string answers() const {
    json rows = json::array();
    for (const auto& x : list_at(explanation_, "answers")) {
      std::string wanted;
      for (const auto& p : list_at(x, "asked"))
        wanted += (wanted.empty() ? "[" : " [") + at_key(p, "tick_lower") + ", "
                  + at_key(p, "tick_upper") + ")";
      rows.push_back({{"block", field(x, "opening") == true ? json("opening") : field(x, "block")},
                      {"asked for", wanted.empty() ? "nothing" : wanted},
                      {"done", field(x, "executed") == true ? "yes" : "no"},
                      {"kept", field(x, "kept")},
                      {"burned", field(x, "burned")},
                      {"minted", field(x, "minted")},
                      {"price", field(x, "price")},
                      {"note", field(x, "note")}});
    }
    auto out = title("What it answered") + table_text(rows, style_);
    for (const auto& x : list_at(explanation_, "refused_proposals"))
      out += paint("block " + at_key(x, "block") + ": refused: " + at_key(x, "reason"), tone::alarm,
                   style_.color)
             + '\n';
    return out;
  }

  /// The swaps that paid most, and how many paid the rest.
  std::string earned(const json& swaps) const {
    if (swaps.empty())
      return "no swap paid it anything\n";
    std::vector<json> best(swaps.begin(), swaps.end());
    const auto paid = [](const json& x) { // in token1
      const auto price = field(x, "price_after");
      return decimal_at(x, "fees1")
             + decimal_at(x, "fees0") * (price.is_number() ? price.get<double>() : 0);
    };
    std::ranges::stable_sort(best, [&](const json& a, const json& b) { return paid(a) > paid(b); });
    best.resize(std::min(best.size(), swaps_shown));
    json rows = json::array();
    for (auto& x : best) {
      const auto share = field(x, "share");
      x["share_percent"] = share.is_number() ? json(100 * share.get<double>()) : json(nullptr);
      x.erase("share");
      rows.push_back(std::move(x));
    }
    auto out = table_text(rows, style_);
    if (swaps.size() > rows.size())
      out += paint("and " + std::to_string(swaps.size() - rows.size())
                     + " swaps that paid less; --output json has them all",
                   tone::faint, style_.color)
             + '\n';
    return out;
  }

  std::string positions() const {
    std::string out;
    for (const auto& p : list_at(explanation_, "positions")) {
      out += title("Position " + at_key(p, "position") + ": ticks [" + at_key(p, "tick_lower")
                   + ", " + at_key(p, "tick_upper") + "), price " + at_key(p, "price_lower")
                   + " to " + at_key(p, "price_upper"));
      out += "blocks " + at_key(p, "from_block") + " to " + at_key(p, "to_block") + ", liquidity "
             + at_key(p, "liquidity") + '\n';
      json rows = json::array();
      for (const char* what : {"spent", "returned", "fees"})
        rows.push_back({{"", what},
                        {token("token0"), field(p, std::string{what} + "0")},
                        {token("token1"), field(p, std::string{what} + "1")}});
      out += table_text(rows, style_) + earned(list_at(p, "earned_from"));
    }
    return out.empty() ? title("Positions") + "none\n" : out;
  }

  std::string values() const {
    json rows = json::array();
    for (const auto& x : list_at(explanation_, "values"))
      rows.push_back({{"value of", field(x, "name")},
                      {token("token0"), field(x, "amount0")},
                      {token("token1"), field(x, "amount1")},
                      {"at price", field(x, "price")},
                      {"in " + token("token1"), field(x, "value")},
                      {"what it is", field(x, "formula")}});
    return title("What it was worth") + table_text(rows, style_);
  }

  /// Formula and numbers on lines of their own: they are long.
  std::string score() const {
    auto out = title("Score (values in " + token("token1") + "'s smallest unit)");
    for (const auto& x : list_at(explanation_, "score")) {
      out += at_key(x, "name") + " = "
             + paint(field(x, "value").is_number() ? field(x, "value").dump() : at_key(x, "value"),
                     tone::strong, style_.color)
             + '\n';
      out += paint("  = " + at_key(x, "formula") + '\n', tone::faint, style_.color);
      out += paint("  = " + string_at(x, "numbers"), tone::faint, style_.color) + '\n';
    }
    return out;
  }

  /// What entered its average, and why; nothing when the node does not say.
  std::string entered() const {
    if (!field(explanation_, "entered").is_number())
      return {};
    auto out = title("What entered its average");
    if (field(explanation_, "baseline_score").is_number())
      out += "score " + in_points("stored_score") + " - score of the untouched vault "
             + in_points("baseline_score") + " = ";
    return out + paint(in_points("entered"), tone::strong, style_.color) + '\n';
  }

  /// A score in basis points; "" when it is none.
  static std::string points_of(const json& x) {
    return x.is_number() ? report::points_text(x.get<double>()) + " bp" : std::string{};
  }
  std::string in_points(const char* key) const { return points_of(field(explanation_, key)); }

  /// A share of 0 to 1 as whole percent; "" when it is none.
  static std::string percent_of(const json& x) {
    return x.is_number() ? std::to_string(std::lround(100 * x.get<double>())) + " %"
                         : std::string{};
  }

  /// What its record counts with today; nothing when the node does not say.
  std::string record_now() const {
    const auto x = field(explanation_, "record_now");
    if (!x.is_object())
      return {};
    const bool counts = field(x, "counts_with").is_number();
    auto out = title("Where it stands now")
               + (counts ? "counts with " + points_of(field(x, "counts_with")) : "does not count")
               + "; scored in " + percent_of(field(x, "active_share"))
               + " of the last evaluation rounds\n";
    if (field(x, "evidence_n") != 0)
      out += at_key(x, "evidence_n") + " values of the last week: mean "
             + points_of(field(x, "evidence_mean")) + ", deviation "
             + points_of(field(x, "evidence_deviation")) + '\n';
    if (const auto others = string_at(x, "one_with"); !others.empty())
      out += "one with " + others + ": " + string_at(x, "because") + '\n';
    return out;
  }

  std::string verdict() const {
    if (field(explanation_, "same") == true)
      return '\n'
             + paint("same as stored: " + at_key(explanation_, "numbers_compared")
                       + " numbers compared",
                     tone::winner, style_.color)
             + '\n';
    return '\n'
           + paint("not what is stored: " + string_at(explanation_, "difference")
                     + " (stored, recomputed)",
                   tone::alarm, style_.color)
           + '\n';
  }

  const json& explanation_;
  const render_style& style_;
};

} // namespace

std::string explain_text(std::string_view document, const admin::answer_style& how) {
  const auto letters = how.ascii ? report::charset::ascii : report::charset::utf8;
  const render_style style{how.width, how.color, letters, columns};
  const auto explanation = json::parse(document, nullptr, false);
  return explanation.is_object()
           ? report::shown(explanation_writer{explanation, style}.all(), letters)
           : render("explain", document, style);
}

} // namespace sluice::tools
