#include "tests/support/lines_of.hpp"
#include "tests/tools/liquidity/sample_backtest.hpp"
#include "tools/liquidity/backtest_json.hpp"

#include <gtest/gtest.h>

namespace sluice::tools {

using report::test::lines_of;

TEST(backtest_json, holds_what_the_report_holds) {
  const auto report = test::sample_backtest();
  const auto got = io::json::parse(to_json(report));
  EXPECT_EQ(got["market"], "bars");
  EXPECT_EQ(got["model"], "observed");
  EXPECT_EQ(got["pool"]["token1"], "WETH");
  EXPECT_EQ(got["round_blocks"], 15);
  EXPECT_EQ(got["from_block"], report.first().start_block);
  EXPECT_EQ(got["to_time"], report.last().end_time);
  ASSERT_EQ(got["rounds"].size(), report.rounds.size());
  ASSERT_EQ(got["players"].size(), 4u);
  const auto ranked = report.ranked();
  for (size_t i = 0; i < ranked.size(); ++i) {
    const auto& x = got["players"][i];
    EXPECT_EQ(x["name"], ranked[i]->name);
    EXPECT_EQ(x["final_value"], to_string(ranked[i]->total.value));
    EXPECT_EQ(x["net_pnl_vs_hodl"], to_string(ranked[i]->total.net_pnl_vs_hodl));
    EXPECT_EQ(x["score_mean"].get<double>(), ranked[i]->score_mean);
    EXPECT_EQ(x["impermanent_loss"].get<double>(), ranked[i]->total.impermanent_loss);
  }
  EXPECT_TRUE(got["players"][3]["rank"].is_null()) << "who always refuses is not ranked";
  const auto& cell = got["rounds"][5]["players"][1];
  EXPECT_EQ(cell["player"], "narrow");
  EXPECT_EQ(cell["metrics"]["fees1"], to_string(report.rounds.cell(5, 1).metrics.fees1));
  EXPECT_EQ(got["rounds"][5]["players"][2]["verdict"], "refused");
  EXPECT_EQ(got["rounds"][5]["players"][2]["note"], "refused: not quoting this pair today");
}

TEST(backtest_csv, has_one_line_per_round_and_player) {
  auto report = test::sample_backtest({"narrow", "refuser"});
  report.players[0].name = "na,\"rrow";
  const auto lines = lines_of(to_csv(report));
  ASSERT_EQ(lines.size(), 1 + 2 * report.rounds.size());
  const auto commas = std::count(lines[0].begin(), lines[0].end(), ',');
  EXPECT_TRUE(lines[0].starts_with("round,start_block,end_block,start_time,end_time,"));
  EXPECT_TRUE(lines[1].starts_with("1879873,28198095,28198109,2023-08-13 00:15,2023-08-13 00:30,"));
  EXPECT_NE(lines[1].find(",\"na,\"\"rrow\",scored,1,"), std::string::npos) << lines[1];
  EXPECT_EQ(std::count(lines[2].begin(), lines[2].end(), ','), commas);
  EXPECT_NE(lines[2].find(",refuser,refused,,,"), std::string::npos) << lines[2];
  EXPECT_TRUE(lines[2].ends_with(",refused: not quoting this pair today"));
  EXPECT_NE(lines[3].find(to_string(report.rounds.cell(1, 0).metrics.final_value)),
            std::string::npos);
}

} // namespace sluice::tools
