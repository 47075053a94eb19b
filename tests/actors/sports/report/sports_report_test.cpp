// One run's report of sports: a step as a line, as JSON, drawn; the run's sums.
#include "actors/sports/report/sports_report.hpp"

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

namespace {

using namespace sluice;

step_report sports_step_report(uint64_t attempt) {
  sports_step step;
  step.time_us = 1'767'600'000'000'000;
  step.games = 4;
  step.predictions = 7;
  step.accepted = 5;
  step.refused = {{"game_started", 2}};
  step.won = 2;
  step.lost = 1;
  step.moves = 1;
  step.scoring = 3;
  step.attempt = attempt;
  step.reason = attempt == 0 ? "" : "timer";
  auto scoring = std::make_shared<sports_scoring>();
  scoring->number = 3;
  for (const auto& [uid, weight] : {std::pair{60, 0.25}, std::pair{61, 0.75}}) {
    sports_standing one;
    one.uid.value = static_cast<uint16_t>(uid);
    one.key.value = "m" + std::to_string(uid);
    one.tier = 1;
    one.weight = weight;
    scoring->scores.miners.push_back(one);
  }
  return {"sports", step_outcome::played, false, "",
          std::make_shared<const sports_detail>(step, scoring)};
}

TEST(sports_report, has_a_line_per_step) {
  const report::sports_report x;
  const auto line = x.step_lines(sports_step_report(2));
  EXPECT_NE(line.find("predictions=7 accepted=5 refused=2"), std::string::npos) << line;
  EXPECT_NE(line.find("61:0.7500,60:0.2500"), std::string::npos) << line;
  EXPECT_NE(line.find("attempt=2"), std::string::npos) << line;
  EXPECT_EQ(x.step_lines(sports_step_report(0)).find("attempt"), std::string::npos);
}

TEST(sports_report, has_an_object_per_step) {
  const report::sports_report x;
  const auto json = nlohmann::json::parse(x.step_json(9, sports_step_report(2), {}));
  EXPECT_EQ(json["event"], "sports");
  EXPECT_EQ(json["lap"], 9);
  EXPECT_EQ(json["refused"]["game_started"], 2);
  EXPECT_EQ(json["weights"]["61"], 0.75);
  EXPECT_EQ(json["tiers"]["60"], 1);
  EXPECT_EQ(json["reason"], "timer");
}

TEST(sports_report, sums_up_a_run) {
  report::sports_report x;
  EXPECT_EQ(x.summary_lines(), "");
  x.take(sports_step_report(1));
  x.take(sports_step_report(0));
  const auto line = x.summary_lines();
  EXPECT_NE(line.find("predictions=14 accepted=10 won=4 lost=2"), std::string::npos) << line;
  EXPECT_NE(line.find("attempts=1"), std::string::npos) << line;
  report::page on{};
  EXPECT_NE(x.draw_summary(on).find("10 of 14 predictions taken"), std::string::npos)
    << x.draw_summary(on);
}

} // namespace
