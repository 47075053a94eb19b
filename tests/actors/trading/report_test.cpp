#include "actors/trading/report.hpp"
#include "actors/trading/trading.hpp"
#include "rules/trading/event.hpp"

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

namespace sluice::test {
namespace {

step_report trading_step_report() {
  auto detail = std::make_shared<trading_detail>();
  detail->number = 3;
  detail->step.now_us = 1'755'691'200 * us_per_second;
  detail->step.rows = 12;
  detail->step.added = 10;
  detail->step.duplicates = 1;
  detail->step.rejected = 1;
  detail->step.miners = 9;
  detail->step.scored = 2;
  detail->best = {{20, "5GrwvaEF5zXb26Fz9rcQpDWS57CtERHpNehXCPcNoHGKutQY", 1.5, 0.75, 12.5, 7, 2},
                  {31, "5FHneW46xGXgs5mUiveU4sbTyGBzmstUspZC92UhjJM694ty", 0.5, 0.25, -1, 3, 0}};
  return {"trading", step_outcome::played, false, "", std::move(detail)};
}

TEST(trading_report, is_a_line_for_grep) {
  const auto report = make_trading_report();
  EXPECT_EQ(report->step_lines(trading_step_report()),
            "trading step=3 time=2025-08-20T12:00:00Z rows=12 added=10 duplicates=1 rejected=1 "
            "miners=9 scored=2 best=20 best_score=1.5\n");
  EXPECT_EQ(report->step_lines({"trading", step_outcome::paused, false, "", nullptr}), "");
}

TEST(trading_report, is_an_event_for_programs) {
  const auto report = make_trading_report();
  const auto x = nlohmann::json::parse(report->step_json(3, trading_step_report(), {}));
  EXPECT_EQ(x["event"], "trading");
  EXPECT_EQ(x["step"], 3);
  EXPECT_EQ(x["now"], "2025-08-20T12:00:00Z");
  EXPECT_EQ(x["added"], 10);
  ASSERT_EQ(x["best"].size(), 2U);
  EXPECT_EQ(x["best"][0]["uid"], 20);
  EXPECT_EQ(x["best"][1]["weight"], 0.25);
}

TEST(trading_report, is_a_table_of_the_best_for_people) {
  const auto report = make_trading_report();
  const auto step = trading_step_report();
  report->take(step);
  const auto text = report->draw_step(step, {100, false, report::charset::utf8});
  EXPECT_NE(text.find("10 new stakes and unstakes, 2 of 9 miners with a score"), std::string::npos)
    << text;
  EXPECT_NE(text.find("75.00"), std::string::npos) << text;
  EXPECT_NE(text.find("+12.5000"), std::string::npos) << text;
  EXPECT_TRUE(report->is_miner({31}));
  EXPECT_FALSE(report->is_miner({1}));
  EXPECT_EQ(report->draw_summary({100, false, report::charset::utf8}), text);
  for (const size_t columns : {1U, 20U, 60U})
    EXPECT_FALSE(report->draw_step(step, {columns, false, report::charset::ascii}).empty());
}

} // namespace
} // namespace sluice::test
