#include "io/text/text.hpp"
#include "tests/support/lines_of.hpp"
#include "tests/tools/liquidity/sample_backtest.hpp"
#include "tools/liquidity/backtest.hpp"

#include <gtest/gtest.h>

namespace sluice::tools {

using report::test::line_with;
using report::test::lines_of;

TEST(backtest_table, states_what_was_run_and_ranks_the_players) {
  const auto report = test::sample_backtest();
  const auto text = to_table(report, 160, false, report::charset::utf8);
  const auto lines = lines_of(text);
  EXPECT_EQ(lines[0], "bars, 2023-08-13 00:15 to 2023-08-13 09:45 UTC, blocks 28198095..28198664");
  EXPECT_EQ(lines[1], "38 rounds of 15 blocks, asked every 3, observed, fee 0.05 %");
  EXPECT_TRUE(lines[2].ends_with(" %)")) << lines[2];
  EXPECT_NE(lines[2].find("WETH per USDC"), std::string::npos);
  const auto ranked = report.ranked();
  EXPECT_TRUE(lines[5].starts_with("1  " + ranked[0]->name)) << text;
  for (const char* title : {"value WETH", "HODL WETH", "net vs HODL", "fees WETH", "IL %",
                            "in range %", "rebalances", "score mean", "min", "max", "wins"})
    EXPECT_NE(lines[4].find(title), std::string::npos) << title;
  EXPECT_NE(text.find("38 refused"), std::string::npos) << text;
  EXPECT_NE(text.find("invalid"), std::string::npos) << text;
}

TEST(backtest_table, rewards_have_a_column_where_somebody_stakes) {
  auto report = test::sample_staked_backtest();
  report.players[1].total.rewards = u256{1'234'500'000'000'000'000u};
  const auto lines = lines_of(to_table(report, 160, false, report::charset::utf8));
  EXPECT_TRUE(lines[1].ends_with("observed, staked, Slipstream, fee at first 0.05 %")) << lines[1];
  EXPECT_LT(lines[4].find("fees token1"), lines[4].find("rewards")) << lines[4];
  EXPECT_LT(lines[4].find("rewards"), lines[4].find("IL %")) << lines[4];
  EXPECT_NE(to_table(report, 160, false, report::charset::utf8).find(" 1.2345 "),
            std::string::npos);
  EXPECT_EQ(to_table(test::sample_backtest(), 160, false, report::charset::utf8).find("rewards"),
            std::string::npos);
}

TEST(backtest_table, fits_the_terminal) {
  const auto report = test::sample_backtest();
  for (const size_t width : {80, 100, 120, 160}) {
    const auto lines = lines_of(to_table(report, width, false, report::charset::utf8));
    for (size_t i = 4; i < lines.size(); ++i)
      EXPECT_LE(report::shown_width(lines[i]), width) << lines[i];
    EXPECT_FALSE(line_with(to_table(report, width, false, report::charset::utf8), "1  ").empty());
  }
}

TEST(backtest_table, colours_are_only_for_terminals) {
  const auto report = test::sample_backtest();
  EXPECT_EQ(to_table(report, 120, false, report::charset::utf8).find('\x1b'), std::string::npos);
  EXPECT_EQ(report::test::without_colors(to_table(report, 120, true, report::charset::utf8)),
            to_table(report, 120, false, report::charset::utf8));
}

TEST(backtest_table, is_ascii_where_nothing_else_can_be_shown) {
  auto report = test::sample_backtest();
  report.players[0].name = "größte";
  const auto text = to_table(report, 160, false, report::charset::ascii);
  EXPECT_NE(text.find("gr\\u{f6}\\u{df}te"), std::string::npos) << text;
  EXPECT_EQ(report::shown(text, report::charset::ascii), text);
}

} // namespace sluice::tools
