#include "actors/liquidity/report/round_table.hpp"
#include "io/text/text.hpp"
#include "tests/actors/liquidity/report/sample_run.hpp"
#include "tests/support/lines_of.hpp"

#include <gtest/gtest.h>

#include <limits>

namespace sluice::report {

using test::lines_of;
using test::without_colors;

constexpr auto unknown = std::numeric_limits<double>::quiet_NaN();

std::string drawn(const job_report& report, const page& on = {}) {
  return draw_job(report, test::started().labels, on);
}

// Widths, averages and notes of the whole dev network at the default width.
TEST(round_table, a_round_of_the_dev_network_on_a_hundred_columns) {
  const std::string expected = R"(
weth-usdc  round 1961  blocks 882450–882899  price 3000.00 → 3006.00 (+0.20 %)  214 swaps
winner uid 3 (narrow)  score +12.34 bp  +6.13 bp ahead of uid 2
#  uid  miner         strategy    score bp   USDC   IL %         range   eval   live  combined  elig
1    3  miner-narrow  narrow        +12.34  12.75  0.036          33.3  +3.00      0     +1.80  yes
2    2  miner-wide    wide           +6.21   8.50  0.024          50.0  +2.00  +3.30     +2.52  yes
3    1  miner-hold    hold           +5.00   0.00  0.012           0.0  +1.00      0    +0.600  yes
4    7  miner-…rbage  garbage        +5.00   0.00  0.084          14.3  +7.00      0     +4.20  no
        invalid: position 1: tick_lower 17 is no multiple of 10
5    4  miner-…ility  volatility    -0.770  17.00  0.048          25.0  +4.00      0     +2.40  yes
     5  miner-…fuser  refuser     refused: not quoting this pair today  +5.00      0     +3.00  no
     6  miner-silent  silent      no answer                             +6.00      0     +3.60  no
     8  miner-…asher  crasher     the miner is down                     +8.00      0     +4.80  no
live round 1961  uid 2 (wide)  score +11.00 bp  +36.00 USDC (+0.060 %) against hold  2 executions
)";
  EXPECT_EQ('\n' + drawn(test::report_of("weth-usdc", true)), expected);
}

TEST(round_table, in_ascii_the_columns_are_the_same) {
  const auto text = drawn(test::report_of("weth-usdc", true), {100, false, charset::ascii});
  EXPECT_TRUE(text.starts_with("weth-usdc  round 1961  blocks 882450-882899  price 3000.00 -> "
                               "3006.00 (+0.20 %)  214 swaps\n"))
    << text;
  EXPECT_NE(text.find("4    7  miner...bage  garbage        +5.00"), std::string::npos) << text;
  EXPECT_EQ(shown(text, charset::ascii), text);
  auto report = test::report_of("weth-usdc", true);
  report.job.value = report.evaluation->id.job.value = "größe";
  report.evaluation->note = "価格";
  report.evaluation->results[5].note = "価格価格価格価格価格価格価格価格";
  for (size_t columns = 20; columns < 160; ++columns)
    for (const auto& line : lines_of(drawn(report, {columns, false, charset::ascii}))) {
      EXPECT_LE(line.size(), columns) << line;
      EXPECT_EQ(shown(line, charset::ascii), line);
    }
}

TEST(round_table, a_wide_terminal_has_space_for_whole_titles) {
  const auto text = drawn(test::report_of("weth-usdc", false), {200, false});
  EXPECT_NE(text.find("fees USDC  imp. loss %  in range %  evaluation bp"), std::string::npos);
  EXPECT_NE(text.find("eligible  note"), std::string::npos);
}

TEST(round_table, a_staked_job_has_a_column_for_its_rewards) {
  auto report = test::report_of("weth-usdc", true);
  EXPECT_EQ(drawn(report).find("rew."), std::string::npos);
  report.evaluation->config.staked = true;
  for (auto& x : report.predictions)
    if (x.outcome)
      x.outcome->metrics.rewards = u256{1'234'500'000'000'000'000} * (x.uid.value + 1U);
  const auto text = drawn(report, {200, false});
  EXPECT_NE(text.find("fees USDC  rewards  imp. loss %"), std::string::npos) << text;
  EXPECT_NE(text.find("4.9380"), std::string::npos) << text; // the winner, uid 3
}

TEST(round_table, no_width_is_too_small) {
  auto report = test::report_of("weth-usdc", true);
  report.evaluation->results[4].note = "refused: " + std::string(400, 'x');
  report.evaluation->results[5].note = std::string("价格价格价格价格价格价格价格价格");
  for (size_t width = 1; width <= 180; ++width) {
    SCOPED_TRACE(width);
    for (const auto& line : lines_of(drawn(report, {width, false})))
      EXPECT_LE(shown_width(line), width) << line;
  }
}

TEST(round_table, colours_show_who_won_and_who_failed) {
  const auto report = test::report_of("weth-usdc", true);
  const auto colored = drawn(report, {100, true});
  EXPECT_EQ(without_colors(colored), drawn(report));
  for (const auto& line : lines_of(colored)) {
    if (line.find("miner-narrow") != std::string::npos) {
      EXPECT_TRUE(line.starts_with("\x1b[1;32m1")) << line;
    }
    if (line.find("refuser") != std::string::npos) {
      EXPECT_TRUE(line.starts_with("\x1b[2m")) << line;
    }
    if (line.find("no answer") != std::string::npos) {
      EXPECT_TRUE(line.starts_with("\x1b[31m")) << line;
    }
  }
}

TEST(round_table, what_is_missing_is_a_dash) {
  auto report = test::report_of("weth-usdc", false);
  report.predictions.clear();
  report.scores.clear();
  report.evaluation->results[2].score = unknown;
  const auto lines = lines_of(drawn(report));
  EXPECT_EQ(lines[0], "weth-usdc  round 1961  blocks 882450–882899  price 3000.00");
  ASSERT_TRUE(lines[3].starts_with("1    3  miner-narrow  narrow")) << lines[3];
  EXPECT_EQ(lines[3].find_first_of("0123456789", 9), std::string::npos) << lines[3];
}

TEST(round_table, averages_that_are_no_numbers_are_dashes) {
  auto report = test::report_of("weth-usdc", false);
  for (auto& [key, score] : report.scores)
    score.combined_score = unknown;
  const auto text = drawn(report);
  EXPECT_EQ(text.find("nan"), std::string::npos);
}

TEST(round_table, a_round_without_a_score_is_reported) {
  auto report = test::report_of("weth-usdc", false);
  std::erase_if(report.evaluation->results,
                [](const auto& x) { return x.verdict == miner_verdict::scored; });
  report.evaluation->ranking.clear();
  EXPECT_EQ(lines_of(drawn(report))[1], "nobody was scored");
  report.evaluation->results.clear();
  EXPECT_EQ(lines_of(drawn(report)).size(), 2u);
}

TEST(round_table, a_failed_round_states_why) {
  auto report = test::report_of("weth-usdc", true);
  report.evaluation->status = round_status::failed;
  report.evaluation->note = "given up after 3 attempts";
  report.live->status = round_status::failed;
  report.live->results.clear();
  const auto lines = lines_of(drawn(report));
  ASSERT_EQ(lines.size(), 3u);
  EXPECT_EQ(lines[1], "failed: given up after 3 attempts");
  EXPECT_EQ(lines[2], "live round 1961  failed: no reason given");
}

TEST(round_table, a_live_miner_that_refuses_is_named_with_its_reason) {
  auto report = test::report_of("weth-usdc", true);
  report.live->results
    = {{{2}, test::key_of("wide"), miner_verdict::refused, 0, 0, "refused: busy"}};
  report.live->ranking.clear();
  report.predictions.clear();
  report.live->note = "every execution failed: no score changes";
  EXPECT_EQ(
    lines_of(drawn(report, {120, false})).back(),
    "live round 1961  uid 2 (wide)  refused: busy  every execution failed: no score changes");
}

TEST(round_table, a_loss_against_hold_has_its_sign) {
  auto report = test::report_of("weth-usdc", true);
  report.predictions.back().outcome->metrics.net_pnl_vs_hodl = i256{-1'234'567};
  EXPECT_NE(drawn(report).find("-1.235 USDC (-0.002 %) against hold"), std::string::npos);
}

TEST(round_table, a_job_without_rounds_is_empty) {
  EXPECT_EQ(drawn(job_report{}), "");
}

} // namespace sluice::report
