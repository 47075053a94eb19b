#include "tools/replay/replay_report.hpp"

#include <gtest/gtest.h>

namespace {

using namespace sluice;

tools::replay_report checked() {
  tools::replay_report report;
  report.file = "f";
  report.corpus = report.compared = true;
  report.operations = report.agree = 12;
  return report;
}

TEST(replay_report, states_how_much_agrees) {
  EXPECT_EQ(tools::as_text(checked()), "f: 12 operations, 12 agree, 0 differ\n");
  auto stream = checked();
  stream.corpus = false;
  stream.swaps = 6;
  stream.exact_input = 3;
  stream.exact_output = 2;
  stream.at_limit = 1;
  EXPECT_EQ(tools::as_text(stream),
            "f: 12 events, 6 swaps: 3 exact input, 2 exact output, 1 stopped "
            "at their limit; 0 differ\n");
}

TEST(replay_report, states_where_the_first_difference_is) {
  auto report = checked();
  report.first = tools::replay_difference{7, "state.tick", "5", "6"};
  EXPECT_EQ(tools::as_text(report), "f:7: state.tick: expected 5, got 6\n");
  const auto json = tools::as_json(report);
  EXPECT_EQ(json["differ"], 1);
  EXPECT_EQ(json["first_difference"].dump(),
            R"({"line":7,"field":"state.tick","expected":"5","got":"6"})");
}

TEST(replay_report, sums_up_what_was_only_executed) {
  auto report = checked();
  report.compared = false;
  report.name = "p";
  report.fee = 500;
  report.tick_spacing = 10;
  report.kinds = {{"burn", 4}, {"swap", 8}};
  report.reverts = {{"swap SPL", 1}, {"burn LS", 2}};
  report.tick = -7;
  const auto text = tools::as_text(report);
  for (const auto* part : {"f: 12 operations on p (fee 500, tick spacing 10)", "swap 8, burn 4",
                           "3: burn LS 2, swap SPL 1", "tick -7"})
    EXPECT_NE(text.find(part), std::string::npos) << text;
  EXPECT_FALSE(tools::as_json(report).contains("agree"));
}

} // namespace
