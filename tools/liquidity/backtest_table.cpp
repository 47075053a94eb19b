#include "io/text/numbers.hpp"
#include "io/text/table.hpp"
#include "rules/pool/price.hpp"
#include "tools/liquidity/backtest.hpp"
#include "tools/liquidity/token_text.hpp"

namespace sluice::tools {

namespace {

using report::fixed;
using report::signed_fixed;

double in_token1(const u256& amount, const backtest_report& of) {
  return whole_amount(amount, of.terms.decimals1);
}

std::string window_line(const backtest_report& of) {
  const auto blocks = "blocks " + std::to_string(of.first().start_block) + ".."
                      + std::to_string(of.last().end_block);
  if (!of.pace.known)
    return of.market + ", " + blocks;
  return of.market + ", " + time_text(of.first().start_time) + " to "
         + time_text(of.last().end_time) + " UTC, " + blocks;
}

std::string rounds_line(const backtest_report& of) {
  const auto every = of.checkpoint_blocks < of.round_blocks
                       ? "asked every " + std::to_string(of.checkpoint_blocks)
                       : std::string{"asked once a round"};
  return std::to_string(of.rounds.size()) + (of.rounds.size() == 1 ? " round" : " rounds") + " of "
         + std::to_string(of.round_blocks) + (of.round_blocks == 1 ? " block, " : " blocks, ")
         + every + ", " + (of.model == pool_model::replayed ? "replayed" : "observed")
         + (of.staked ? ", staked" : "")
         + (of.terms.kind == pool_kind::slipstream ? ", Slipstream, fee at first " : ", fee ")
         + report::shortest(of.terms.fee / 10'000.0) + " %";
}

std::string price_line(const backtest_report& of) {
  const auto start = whole_price(of.start.sqrt_price_x96, of.terms);
  const auto end = whole_price(of.last().end.sqrt_price_x96, of.terms);
  return "price " + report::price_text(start) + " -> " + report::price_text(end) + " "
         + of.names.name1 + " per " + of.names.name0 + " ("
         + signed_fixed(start > 0 ? 100 * (end / start - 1) : 0, 2) + " %)";
}

/// Percent of `part` in `whole`, with its sign.
std::string share(double part, double whole) {
  return whole > 0 ? signed_fixed(100 * part / whole, 3) : report::no_number;
}

constexpr ptrdiff_t rewards_place = 7; // behind the fees

/// Digits after the point.
struct precision {
  int values = 2;
  int gains = 2;
};

report::table_row
row_of(const backtest_player_sum& x, const backtest_report& of, const precision& digits) {
  const auto& t = x.total;
  const auto net = report::whole_amount(t.net_pnl_vs_hodl, of.terms.decimals1);
  const auto range
    = t.swaps == 0 ? 0 : 100 * static_cast<double>(t.swaps_in_range) / static_cast<double>(t.swaps);
  report::table_row row;
  const auto score = [&](double value) {
    return x.scored + x.failed == 0 ? report::no_number : report::score_text(value);
  };
  row.cells = {x.rank == 0 ? "" : std::to_string(x.rank),
               x.name,
               fixed(in_token1(t.value, of), digits.values),
               fixed(in_token1(t.hodl_value, of), digits.values),
               signed_fixed(net, digits.gains),
               share(net, in_token1(t.hodl_value, of)),
               fixed(in_token1(t.fees_value, of), digits.gains),
               fixed(100 * t.impermanent_loss, 3),
               fixed(range, 1),
               std::to_string(t.rebalances),
               score(x.score_mean),
               score(x.score_min),
               score(x.score_max),
               std::to_string(x.wins),
               std::to_string(x.scored)};
  if (of.staked)
    row.cells.insert(row.cells.begin() + rewards_place,
                     fixed(whole_amount(t.rewards, reward_decimals), 4));
  if (x.refused + x.failed > 0)
    row.note = (x.refused > 0 ? std::to_string(x.refused) + " refused" : "")
               + std::string{x.refused > 0 && x.failed > 0 ? ", " : ""}
               + (x.failed > 0 ? std::to_string(x.failed) + " failed" : "");
  if (x.invalid > 0)
    row.note += (row.note.empty() ? "" : ", ") + std::to_string(x.invalid) + " invalid";
  if (x.rank == 1)
    row.how = report::tone::winner;
  else if (x.rank == 0)
    row.how = report::tone::faint;
  return row;
}

} // namespace

std::string
to_table(const backtest_report& of, size_t columns, bool color, report::charset letters) {
  const auto& t1 = of.names.name1;
  std::vector<report::table_column> heads{
    {.title = "#", .right = true},
    {.title = "player", .shrink_to = 10},
    {.title = "value " + t1, .short_title = "value", .right = true},
    {.title = "HODL " + t1, .short_title = "HODL", .right = true, .drop = 3},
    {.title = "net vs HODL", .short_title = "net", .right = true},
    {.title = "net %", .right = true, .drop = 5},
    {.title = "fees " + t1, .short_title = "fees", .right = true},
    {.title = "IL %", .right = true},
    {.title = "in range %", .short_title = "range", .right = true},
    {.title = "rebalances", .short_title = "rebal", .right = true, .drop = 4},
    {.title = "score mean", .short_title = "score", .right = true},
    {.title = "min", .right = true, .drop = 7},
    {.title = "max", .right = true, .drop = 8},
    {.title = "wins", .right = true, .drop = 6},
    {.title = "rounds", .right = true, .drop = 9},
  };
  if (of.staked)
    heads.insert(heads.begin() + rewards_place,
                 {.title = "rewards", .short_title = "rew.", .right = true});
  double value = 0, fees = 0;
  for (const auto& x : of.players) {
    value = std::max(value, in_token1(x.total.value, of));
    fees = std::max(fees, in_token1(x.total.fees_value, of));
  }
  const precision digits{report::decimals_for(value), report::decimals_for(fees)};
  std::vector<report::table_row> rows;
  for (const auto* x : of.ranked())
    rows.push_back(row_of(*x, of, digits));
  return window_line(of) + "\n" + rounds_line(of) + "\n" + price_line(of) + "\n\n"
         + report::draw_table(std::move(heads), std::move(rows), columns, color, letters);
}

} // namespace sluice::tools
