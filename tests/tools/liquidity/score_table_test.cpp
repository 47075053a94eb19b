#include "tools/liquidity/score_report.hpp"

#include <gtest/gtest.h>

using namespace sluice;

namespace {

/// A little of everything; amounts of 6 and 18 decimals.
tools::score_report a_report() {
  tools::score_report report;
  report.market = "some-pool";
  report.terms = {500, 10, 6, 3};
  report.from = 7;
  report.to = 99;
  report.start.tick = 100;
  auto& out = report.outcome;
  out.tick = -5;
  out.metrics.initial_value = 2'000;
  out.metrics.final_value = 1'500;
  out.metrics.hodl_value = 1'750;
  out.metrics.net_pnl_vs_hodl = -250;
  out.metrics.fees0 = 12'345'678;
  out.metrics.impermanent_loss = 0.125;
  out.metrics.in_range_ratio = 0.75;
  out.metrics.rebalances = 1;
  out.metrics.swaps = 40;
  out.positions = {{-10, 20, 777, 7, 50, 1'000'000, 2, 3, 4, 5, 6}};
  out.rebalances = {{50, true, "", 0, 1, 0, 1, {9'000'000, 0}},
                    {60, false, "kept", 1, 0, 0, 1, {9'000'000, 0}},
                    {70, false, "too much", 1, 0, 0, 1, {9'000'000, 0}}};
  report.parts = {-0.25, 0.5, 0.98, -0.49};
  return report;
}

} // namespace

TEST(score_table, shows_everything_in_whole_tokens) {
  EXPECT_EQ(tools::to_table(a_report()), R"(some-pool, blocks 7..99, 40 swaps, observed
tick 100 -> -5

  value in token1
  start                              2
  start's tokens at the end       1.75
  end                              1.5
  against holding                -0.25
  fees                               0
    token0                   12.345678
    token1                           0
  impermanent loss           12.5000 %
  in range                   75.0000 %
  rebalances                         1

score -0.49 = return -0.25 / penalty 0.5 * range factor 0.98

positions
  range    blocks  liquidity  spent0  spent1  returned0  returned1     fees0  fees1
  -10..20  7..50         777       1   0.002   0.000003      0.004  0.000005  0.006

rebalances
  block  kept  burned  minted  free0  free1
     50     0       1       0      9      0
     60     1       0       0      9      0  kept
     70     1       0       0      9      0  refused: too much
)");
}

TEST(score_table, an_empty_plan_has_a_table_too) {
  auto report = a_report();
  report.model = pool_model::replayed;
  report.outcome = {};
  const auto text = tools::to_table(report);
  EXPECT_NE(text.find("replayed"), std::string::npos);
  EXPECT_NE(text.find("positions\n  none\n\nrebalances\n  none\n"), std::string::npos) << text;
}
