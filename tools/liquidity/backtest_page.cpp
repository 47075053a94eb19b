#include "tools/liquidity/backtest_page.hpp"

#include "io/text/numbers.hpp"
#include "rules/pool/price.hpp"
#include "sim/math/tick_math.hpp"
#include "tools/liquidity/token_text.hpp"

#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <functional>
#include <optional>

namespace sluice::tools {

namespace {

constexpr size_t points_max = 1000; // of one line
constexpr size_t rows_max = 2000;   // rounds in the table
constexpr size_t drawn_max = 32;    // players

/// Nine significant digits: more than a page can show, half the bytes.
io::json number(double x) {
  if (!std::isfinite(x))
    return nullptr;
  char text[40];
  std::snprintf(text, sizeof text, "%.9g", x);
  const double rounded = std::strtod(text, nullptr);
  if (std::abs(rounded) < 1e15 && rounded == std::floor(rounded))
    return static_cast<int64_t>(rounded);
  return rounded;
}

class page_writer {
public:
  explicit page_writer(const backtest_report& of) : of_(of) {}

  io::json prices() const {
    io::json x = io::json::array(), low = io::json::array(), high = io::json::array(),
             last = io::json::array();
    for (const auto& slice : of_.prices) {
      x.push_back(number(at(slice.block)));
      low.push_back(number(slice.low));
      high.push_back(number(slice.high));
      last.push_back(number(slice.last));
    }
    x.push_back(number(at(of_.last().end_block + 1)));
    const auto end = number(whole_price(of_.last().end.sqrt_price_x96, of_.terms));
    for (auto* list : {&low, &high, &last})
      list->push_back(end);
    return {{"x", x}, {"low", low}, {"high", high}, {"last", last}};
  }

  io::json player(const backtest_player_sum& sum) const {
    const auto i = static_cast<size_t>(&sum - of_.players.data());
    auto out = sum_of(sum, of_.staked);
    const auto& t = sum.total;
    out["shown"] = {{"start0", number(whole_amount(sum.start.amount0, of_.terms.decimals0))},
                    {"start1", number(in1(sum.start.amount1))},
                    {"initial", number(in1(t.initial_value))},
                    {"value", number(in1(t.value))},
                    {"hodl", number(in1(t.hodl_value))},
                    {"net", number(net(t))},
                    {"fees", number(in1(t.fees_value))},
                    {"fees0", number(whole_amount(t.fees0, of_.terms.decimals0))},
                    {"fees1", number(in1(t.fees1))}};
    if (of_.staked)
      out["shown"]["rewards"] = number(whole_amount(t.rewards, reward_decimals));
    out["lines"] = lines(i, in1(t.initial_value));
    out["bands"] = bands(sum);
    out["cells"] = rows(i);
    return out;
  }

  /// What the rows of all players share.
  io::json rounds() const {
    io::json list = io::json::array();
    for (size_t r = first_row(); r < of_.rounds.size(); ++r) {
      const auto x = of_.rounds.head(r);
      const auto swaps = of_.rounds.cell(r, 0).metrics.swaps;
      list.push_back(
        io::json::array({x.number.value, x.start_block, x.end_block, number(at(x.start_block)),
                         number(whole_price(x.start.sqrt_price_x96, of_.terms)),
                         number(whole_price(x.end.sqrt_price_x96, of_.terms)), swaps}));
    }
    return list;
  }

private:
  size_t first_row() const { return of_.rounds.size() - std::min(of_.rounds.size(), rows_max); }
  double in1(const u256& amount) const { return whole_amount(amount, of_.terms.decimals1); }
  double net(const backtest_total& t) const {
    return report::whole_amount(t.net_pnl_vs_hodl, of_.terms.decimals1);
  }
  double percent(double part, const backtest_total& t) const {
    const auto hodl = in1(t.hodl_value);
    return hodl > 0 ? 100 * part / hodl : 0;
  }

  /// Where a block is on the time axis: between the times of its round, or the block itself.
  double at(uint64_t block) const {
    if (!of_.pace.known)
      return static_cast<double>(block);
    const auto from = of_.first().start_block;
    const auto past = block > from ? (block - from) / of_.round_blocks : 0;
    const auto round = of_.rounds.head(std::min<size_t>(past, of_.rounds.size() - 1));
    const auto part = static_cast<double>(std::max(block, round.start_block) - round.start_block)
                      / static_cast<double>(of_.round_blocks);
    const auto start = static_cast<double>(round.start_time);
    return start + part * (static_cast<double>(round.end_time) - start);
  }

  /// A line of a player: one value at the end of every round, where there is one.
  struct drawn_line {
    std::string_view name;
    std::optional<double> start; // before the first round
    std::function<double(const backtest_cell&)> value;
    std::vector<double> values{};
    std::vector<size_t> rounds{}; // where, behind the start
  };

  /// All lines of a player; few enough points, highs and lows kept.
  io::json lines(size_t player, double initial) const {
    const auto shown = number(initial); // as the page shows it
    const auto start = shown.is_null() ? std::nullopt : std::optional{shown.get<double>()};
    std::vector<drawn_line> all{
      {"net", 0, [&](const auto& x) { return percent(net(x.total), x.total); }},
      {"value", start, [&](const auto& x) { return in1(x.total.value); }},
      {"hodl", start, [&](const auto& x) { return in1(x.total.hodl_value); }},
      {"fees", 0, [&](const auto& x) { return in1(x.total.fees_value); }},
      {"il", 0, [](const auto& x) { return 100 * x.total.impermanent_loss; }},
      {"score", {}, [](const auto& x) { return x.rank ? x.score : NAN; }},
      {"average", 0, [](const auto& x) { return x.total.average; }}};
    if (of_.staked)
      all.push_back({"rewards", 0,
                     [](const auto& x) { return whole_amount(x.total.rewards, reward_decimals); }});
    for (size_t r = 0; r < of_.rounds.size(); ++r) {
      const auto cell = of_.rounds.cell(r, player);
      for (auto& line : all)
        if (const auto y = line.value(cell); std::isfinite(y)) {
          line.values.push_back(y);
          line.rounds.push_back(r);
        }
    }
    io::json out;
    for (auto& line : all)
      out[std::string{line.name}] = drawn(line);
    return out;
  }

  io::json drawn(drawn_line& line) const {
    const size_t before = line.start ? 1 : 0;
    if (line.start)
      line.values.insert(line.values.begin(), *line.start);
    io::json x = io::json::array(), y = io::json::array();
    for (const auto i : picked(line.values, points_max)) {
      const bool is_start = i < before;
      x.push_back(number(at(is_start ? of_.first().start_block
                                     : of_.rounds.head(line.rounds[i - before]).end_block + 1)));
      y.push_back(number(line.values[i]));
    }
    return {{"x", x}, {"y", y}};
  }

  io::json bands(const backtest_player_sum& sum) const {
    io::json list = io::json::array();
    for (const auto& x : sum.bands)
      list.push_back(io::json::array(
        {number(at(x.from)), number(at(x.to + 1)), price(x.lower), price(x.upper)}));
    return list;
  }

  io::json price(int32_t tick) const {
    return number(whole_price(sqrt_ratio_at_tick(tick), of_.terms));
  }

  io::json rows(size_t player) const {
    io::json list = io::json::array();
    for (size_t r = first_row(); r < of_.rounds.size(); ++r) {
      const auto x = of_.rounds.cell(r, player);
      const auto& m = x.metrics;
      auto row = io::json::array(
        {x.rank, x.rank == 0 ? io::json(nullptr) : number(x.score), number(in1(m.final_value)),
         number(report::whole_amount(m.net_pnl_vs_hodl, of_.terms.decimals1)),
         number(in1(m.fees_value)), number(100 * m.impermanent_loss),
         number(100 * m.in_range_ratio), m.rebalances});
      if (!x.note.empty() || of_.staked)
        row.push_back(x.note);
      if (of_.staked)
        row.push_back(number(whole_amount(m.rewards, reward_decimals)));
      list.push_back(std::move(row));
    }
    return list;
  }

  const backtest_report& of_;
};

/// The text with what stands in its places {{NAME}}; what is put in is not looked at again.
std::string
filled(std::string_view text, const std::function<std::string(std::string_view)>& with) {
  std::string out;
  for (;;) {
    const auto open = text.find("{{");
    const auto close = open == std::string_view::npos ? open : text.find("}}", open);
    out += text.substr(0, open);
    if (close == std::string_view::npos)
      return out;
    out += with(text.substr(open + 2, close - open - 2));
    text.remove_prefix(close + 2);
  }
}

} // namespace

io::json page_data(const backtest_report& of, std::string_view version) {
  const page_writer write(of);
  auto data = head_of(of);
  data["version"] = version;
  data["price"] = {whole_price(of.start.sqrt_price_x96, of.terms),
                   whole_price(of.last().end.sqrt_price_x96, of.terms)};
  data["prices"] = write.prices();
  data["rounds"] = write.rounds();
  data["players"] = io::json::array();
  for (const auto* x : of.ranked())
    if (data["players"].size() < drawn_max)
      data["players"].push_back(write.player(*x));
  if (of.players.size() > drawn_max)
    data["notes"].push_back("the page has the best " + std::to_string(drawn_max) + " of "
                            + std::to_string(of.players.size())
                            + " players; the answer and --csv have all of them");
  return data;
}

std::string html_text(std::string_view text) {
  std::string out;
  for (char c : text)
    out += c == '<'    ? "&lt;"
           : c == '>'  ? "&gt;"
           : c == '&'  ? "&amp;"
           : c == '"'  ? "&quot;"
           : c == '\'' ? "&#39;"
                       : std::string(1, c);
  return out;
}

std::string script_text(const io::json& x) {
  std::string out;
  const auto text = text_of(x, -1);
  for (size_t i = 0; i < text.size(); ++i)
    if (text[i] == '<') // inside a string, where it may be written like this
      out += "\\u003c";
    else if (text.compare(i, 3, "\u2028") == 0 || text.compare(i, 3, "\u2029") == 0)
      out += text[i + 2] == '\xA8' ? (i += 2, "\\u2028") : (i += 2, "\\u2029");
    else
      out += text[i];
  return out;
}

std::string to_html(const backtest_report& of, std::string_view version) {
  return filled(backtest_page_text(), [&](std::string_view place) {
    return place == "TITLE" ? html_text(of.market) : script_text(page_data(of, version));
  });
}

} // namespace sluice::tools
