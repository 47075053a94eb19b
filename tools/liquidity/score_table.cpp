#include "rules/liquidity/score.hpp"
#include "tools/liquidity/score_report.hpp"
#include "tools/liquidity/token_text.hpp"

#include <algorithm>
#include <cstdio>

namespace sluice::tools {

namespace {

using row = std::vector<std::string>;

/// Columns as wide as their widest cell. To the left go the first `left` ones and what has no
/// heading.
std::string aligned(const std::vector<row>& rows, size_t left) {
  std::vector<size_t> widths;
  for (const auto& cells : rows)
    for (size_t i = 0; i < cells.size(); ++i) {
      widths.resize(std::max(widths.size(), i + 1));
      widths[i] = std::max(widths[i], cells[i].size());
    }
  std::string text;
  for (const auto& cells : rows) {
    std::string line;
    for (size_t i = 0; i < cells.size(); ++i) {
      const std::string space(widths[i] - cells[i].size(), ' ');
      line += "  " + (i < left || i >= rows.front().size() ? cells[i] + space : space + cells[i]);
    }
    line.erase(line.find_last_not_of(' ') + 1);
    text += line + "\n";
  }
  return text;
}

std::string printed(const char* format, double x) {
  char text[64];
  std::snprintf(text, sizeof text, format, x);
  return text;
}

std::string percent(double x) {
  return printed("%.4f %%", 100 * x);
}

std::string range(int32_t lower, int32_t upper) {
  return std::to_string(lower) + ".." + std::to_string(upper);
}

std::string worth(const score_report& report) {
  const auto& m = report.outcome.metrics;
  const auto in1 = [&](const u256& x) { return token_text(x, report.terms.decimals1); };
  const bool loss = m.net_pnl_vs_hodl.is_negative();
  std::vector<row> rows{
    {"value in token1", ""},
    {"start", in1(m.initial_value)},
    {"start's tokens at the end", in1(m.hodl_value)},
    {"end", in1(m.final_value)},
    {"against holding", (loss ? "-" : "+") + in1(m.net_pnl_vs_hodl.magnitude())},
    {"fees", in1(m.fees_value)},
    {"  token0", token_text(m.fees0, report.terms.decimals0)},
    {"  token1", in1(m.fees1)},
    {"impermanent loss", percent(m.impermanent_loss)},
    {"in range", percent(m.in_range_ratio)},
    {"rebalances", std::to_string(m.rebalances)}};
  if (report.staked) // no value, whatever the reward token is worth
    rows.push_back({"rewards", token_text(m.rewards, reward_decimals)});
  return aligned(rows, 1);
}

std::string positions(const score_report& report) {
  const auto in0 = [&](const u256& x) { return token_text(x, report.terms.decimals0); };
  const auto in1 = [&](const u256& x) { return token_text(x, report.terms.decimals1); };
  std::vector<row> rows{{"range", "blocks", "liquidity", "spent0", "spent1", "returned0",
                         "returned1", "fees0", "fees1"}};
  if (report.staked)
    rows.front().push_back("rewards");
  for (const auto& x : report.outcome.positions)
    rows.push_back({range(x.tick_lower, x.tick_upper),
                    std::to_string(x.from_block) + ".." + std::to_string(x.to_block),
                    to_string(u256{x.liquidity}), in0(x.spent0), in1(x.spent1), in0(x.returned0),
                    in1(x.returned1), in0(x.fees0), in1(x.fees1)});
  if (report.staked)
    for (size_t i = 0; i < report.outcome.positions.size(); ++i)
      rows[i + 1].push_back(token_text(report.outcome.positions[i].rewards, reward_decimals));
  return rows.size() == 1 ? "  none\n" : aligned(rows, 2);
}

std::string rebalances(const score_report& report) {
  std::vector<row> rows{{"block", "kept", "burned", "minted", "free0", "free1"}};
  for (const auto& x : report.outcome.rebalances)
    rows.push_back({std::to_string(x.block), std::to_string(x.kept), std::to_string(x.burned),
                    std::to_string(x.minted), token_text(x.after.amount0, report.terms.decimals0),
                    token_text(x.after.amount1, report.terms.decimals1),
                    x.executed         ? x.note
                    : x.note == "kept" ? x.note
                                       : "refused: " + x.note});
  return rows.size() == 1 ? "  none\n" : aligned(rows, 0);
}

} // namespace

std::string to_table(const score_report& report) {
  const auto& m = report.outcome.metrics;
  const auto& parts = report.parts;
  std::string text = report.market + ", blocks " + std::to_string(report.from) + ".."
                     + std::to_string(report.to) + ", " + std::to_string(m.swaps) + " swaps, "
                     + (report.model == pool_model::replayed ? "replayed" : "observed")
                     + (report.staked ? ", staked" : "") + "\n";
  text += "tick " + std::to_string(report.start.tick) + " -> " + std::to_string(report.outcome.tick)
          + "\n\n";
  text += worth(report);
  text += "\nscore " + printed("%.9g", parts.score) + " = return " + printed("%.9g", parts.gain)
          + (parts.gain < 0 ? " / " : " * ") + "penalty " + printed("%.6g", parts.penalty)
          + " * range factor " + printed("%.6g", parts.range_factor) + "\n";
  text += "\npositions\n" + positions(report);
  text += "\nrebalances\n" + rebalances(report);
  return text;
}

} // namespace sluice::tools
