#include "actors/trading/report.hpp"

#include "actors/report/json_event.hpp"
#include "actors/trading/trading.hpp"
#include "io/text/numbers.hpp"
#include "io/text/table.hpp"
#include "io/text/text.hpp"
#include "io/trading/rows.hpp"
#include "rules/trading/name.hpp"

#include <nlohmann/json.hpp>

#include <optional>
#include <set>

namespace sluice {

namespace {

constexpr size_t trader_width = 16;

const trading_detail* trading_detail_in(const step_report& x) {
  return dynamic_cast<const trading_detail*>(x.detail.get());
}

std::string head_of(const trading_detail& x) {
  const auto& step = x.step;
  return "trading  " + io::iso_time(step.now_us) + ", " + std::to_string(step.added)
         + " new stakes and unstakes, " + std::to_string(step.scored) + " of "
         + std::to_string(step.miners) + " miners with a score";
}

std::string table_of(const trading_detail& x, const report::page& on) {
  std::vector<report::table_row> rows;
  for (const auto& row : x.best)
    rows.push_back(
      {{std::to_string(row.uid), report::cut_middle(row.hotkey, trader_width, on.letters),
        report::fixed(row.score, 6), report::fixed(100 * row.weight, 2),
        report::signed_fixed(row.pnl_tao, 4), std::to_string(row.trades), std::to_string(row.open)},
       "",
       true,
       report::tone::normal});
  if (rows.empty())
    return {};
  return report::draw_table({{.title = "uid", .right = true},
                             {.title = "miner", .drop = 5, .shrink_to = 7},
                             {.title = "score", .right = true},
                             {.title = "share %", .right = true},
                             {.title = "P/L TAO", .right = true, .drop = 2},
                             {.title = "trades", .right = true, .drop = 3},
                             {.title = "open", .right = true, .drop = 4}},
                            std::move(rows), on.columns, on.color, on.letters);
}

class trading_report final : public report::mechanism_report {
public:
  void take(const step_report& x) override {
    const auto* detail = trading_detail_in(x);
    if (!detail)
      return;
    last_ = *detail;
    for (const auto& row : detail->best)
      seen_.insert(row.uid);
  }

  /// As mechanism_report has it.
  bool is_miner(miner_uid uid) const override {
    return seen_.contains(static_cast<uint16_t>(uid.value));
  }

  std::string draw_step(const step_report& x, const report::page& on) const override {
    const auto* detail = trading_detail_in(x);
    if (!detail)
      return {};
    return report::cut(head_of(*detail), on.columns, on.letters) + '\n' + table_of(*detail, on)
           + '\n';
  }

  std::string draw_summary(const report::page& on) const override {
    if (!last_)
      return {};
    return report::cut(head_of(*last_), on.columns, on.letters) + '\n' + table_of(*last_, on)
           + '\n';
  }

  std::string step_lines(const step_report& x) const override {
    const auto* detail = trading_detail_in(x);
    if (!detail)
      return {};
    const auto& step = detail->step;
    report::line line{trading_name};
    line.add("step", detail->number)
      .add("time", io::iso_time(step.now_us))
      .add("rows", step.rows)
      .add("added", step.added)
      .add("duplicates", step.duplicates)
      .add("rejected", step.rejected)
      .add("miners", step.miners)
      .add("scored", step.scored);
    if (!detail->best.empty())
      line.add("best", detail->best.front().uid)
        .add("best_score", report::shortest(detail->best.front().score));
    return line.end();
  }

  /// As mechanism_report has it.
  std::string step_json(uint64_t number, const step_report& x,
                        const report::json_extras& extras) const override {
    const auto* detail = trading_detail_in(x);
    if (!detail)
      return {};
    const auto& step = detail->step;
    auto out = report::json_event(trading_name, extras);
    out["step"] = number;
    out["now"] = io::iso_time(step.now_us);
    out["rows"] = step.rows;
    out["added"] = step.added;
    out["duplicates"] = step.duplicates;
    out["rejected"] = step.rejected;
    out["miners"] = step.miners;
    out["scored"] = step.scored;
    out["best"] = report::json::array();
    for (const auto& row : detail->best)
      out["best"].push_back({{"uid", row.uid},
                             {"hotkey", row.hotkey},
                             {"score", row.score},
                             {"weight", row.weight},
                             {"pnl_tao", row.pnl_tao},
                             {"trades", row.trades},
                             {"open", row.open}});
    return report::json_line(out);
  }

private:
  std::optional<trading_detail> last_;
  std::set<uint16_t> seen_;
};

} // namespace

std::unique_ptr<report::mechanism_report> make_trading_report() {
  return std::make_unique<trading_report>();
}

} // namespace sluice
