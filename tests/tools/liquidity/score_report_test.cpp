#include "io/text/json_fields.hpp"
#include "rules/liquidity/score.hpp"
#include "tests/support/data_file.hpp"
#include "tools/liquidity/score_report.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <unistd.h>

using namespace sluice;
using io::json;

namespace {

class score_report : public testing::Test {
protected:
  std::string plan_of(const json& plan) {
    std::ofstream(path_) << plan.dump();
    return path_.string();
  }
  ~score_report() override { std::filesystem::remove(path_); }

  std::filesystem::path path_ = std::filesystem::temp_directory_path()
                                / ("sluice-score-" + std::to_string(::getpid()) + ".json");
};

} // namespace

TEST_F(score_report, json_holds_what_the_second_model_computes) {
  const auto text = test::file_bytes(test::recording("cases.jsonl"));
  size_t count = 0;
  for (const auto line : test::lines_of(text)) {
    const auto row = json::parse(line);
    SCOPED_TRACE(row["seed"].get<std::string>());
    tools::score_request asked;
    asked.events = {test::recording(row["files"][0].get<std::string>().c_str())};
    asked.plan = plan_of(row["plan"]);
    asked.from = row["from"].get<uint64_t>();
    asked.to = row["to"].get<uint64_t>();
    const auto report = tools::make_score_report(asked);
    ASSERT_TRUE(report) << report.error().what;
    const auto got = json::parse(tools::to_json(*report));
    for (const char* key :
         {"initial_value", "final_value", "hodl_value", "fees0", "fees1", "fees_value",
          "impermanent_loss", "net_pnl_vs_hodl", "in_range_ratio", "rebalances"})
      EXPECT_EQ(got[key], row["outcome"][key]) << key;
    EXPECT_EQ(got["positions"].size(), row["positions"].size());
    EXPECT_EQ(got["rebalance_stories"].size(), row["rebalances"].size());
    const auto& parts = report->parts;
    if (!report->outcome.metrics.initial_value.is_zero()) {
      EXPECT_DOUBLE_EQ(
        got["score"].get<double>(),
        std::clamp((parts.gain >= 0 ? parts.gain * parts.penalty : parts.gain / parts.penalty)
                     * parts.range_factor,
                   -100.0, 10.0));
    } else {
      EXPECT_EQ(got["score"].get<double>(), -100);
    }
    ++count;
  }
  EXPECT_EQ(count, 90U);
}

TEST_F(score_report, staked_plans_have_their_rewards_beside) {
  const auto text = test::file_bytes(test::recording("aero-cases.jsonl"));
  size_t staked = 0;
  for (const auto line : test::lines_of(text)) {
    const auto row = json::parse(line);
    SCOPED_TRACE(row["seed"].get<std::string>());
    tools::score_request asked;
    asked.events = {test::recording("aero.jsonl")};
    asked.plan = plan_of(row["plan"]);
    asked.from = row["from"].get<uint64_t>();
    asked.to = row["to"].get<uint64_t>();
    asked.staked = row.contains("staked");
    const auto report = tools::make_score_report(asked);
    ASSERT_TRUE(report) << report.error().what;
    const auto got = json::parse(tools::to_json(*report));
    EXPECT_EQ(got["pool"]["kind"], "slipstream");
    EXPECT_EQ(got["final_value"], row["outcome"]["final_value"]);
    EXPECT_EQ(got["staked"], asked.staked);
    EXPECT_EQ(got["rewards"], asked.staked ? row["outcome"]["rewards"] : json("0"));
    EXPECT_EQ(tools::to_table(*report).find("rewards") != std::string::npos, asked.staked);
    for (size_t i = 0; asked.staked && i < row["positions"].size(); ++i)
      EXPECT_EQ(got["positions"][i]["rewards"], row["positions"][i].back());
    staked += asked.staked;
  }
  EXPECT_EQ(staked, 20U);
}

TEST_F(score_report, what_a_stream_does_not_report_of_the_gauge_is_noted) {
  tools::score_request asked;
  asked.events = {test::recording("p1.jsonl")};
  asked.plan = plan_of({{"inventory", {{"amount0", "1000000"}, {"amount1", "5"}}}});
  asked.staked = true;
  auto report = tools::make_score_report(asked);
  ASSERT_FALSE(report);
  EXPECT_TRUE(report.error().what.starts_with("--staked: p1 is of a Uniswap V3 pool"));
  asked.pool = *io::parse_pool_overrides("kind=slipstream,fee=500");
  report = tools::make_score_report(asked);
  ASSERT_TRUE(report) << report.error().what;
  ASSERT_EQ(report->notes.size(), 2u);
  EXPECT_TRUE(report->notes[0].starts_with("the stream reports no rewards"));
  EXPECT_TRUE(report->notes[1].starts_with("the stream reports no stakes"));
  asked.pool
    = *io::parse_pool_overrides("kind=slipstream,fee=500,reward-rate=1000,reward-until=4294967295");
  asked.plan = plan_of(
    {{"inventory", {{"amount0", "0"}, {"amount1", "0"}}},
     {"positions", {{{"tick_lower", -887'270}, {"tick_upper", 887'270}, {"liquidity", "9"}}}}});
  report = tools::make_score_report(asked);
  ASSERT_TRUE(report) << report.error().what;
  EXPECT_EQ(report->notes.size(), 1u);
  const auto cut = report->to; // 1000 a second, all of it, for as long as the window is
  EXPECT_GT(cut, report->from);
  EXPECT_FALSE(report->outcome.metrics.rewards.is_zero());
  EXPECT_TRUE((report->outcome.metrics.rewards % 1000).is_zero());
}

TEST_F(score_report, keys_come_in_the_promised_order) {
  tools::score_request asked;
  asked.events = {test::recording("bars.csv")};
  asked.plan = plan_of({{"inventory", {{"amount0", "1000000"}, {"amount1", "5"}}}});
  const auto report = tools::make_score_report(asked);
  ASSERT_TRUE(report) << report.error().what;
  const auto got = json::parse(tools::to_json(*report));
  std::vector<std::string> keys;
  for (const auto& [key, value] : got.items())
    keys.push_back(key);
  keys.resize(11);
  EXPECT_EQ(keys,
            (std::vector<std::string>{"initial_value", "final_value", "hodl_value", "fees0",
                                      "fees1", "fees_value", "impermanent_loss", "net_pnl_vs_hodl",
                                      "in_range_ratio", "rebalances", "score"}));
  EXPECT_EQ(got["net_pnl_vs_hodl"], "0");
  EXPECT_TRUE(got["impermanent_loss"].is_number());
  EXPECT_EQ(got["model"], "observed");
}

TEST_F(score_report, rebalances_outside_and_refused_ones_are_noted) {
  tools::score_request asked;
  asked.events = {test::recording("bars.csv")};
  asked.plan = plan_of(json::parse(R"({"inventory": {"amount0": "1000000", "amount1": "5"},
    "rebalances": [{"block": 7, "desired_positions": []}, {"block": 28198100, "desired_positions":
      [{"tick_lower": 5, "tick_upper": 10, "allocation0": "1", "allocation1": "0"}]}]})"));
  const auto report = tools::make_score_report(asked);
  ASSERT_TRUE(report) << report.error().what;
  ASSERT_EQ(report->notes.size(), 2U);
  EXPECT_NE(report->notes[0].find("rebalance at block 7: ignored, outside the window"),
            std::string::npos);
  EXPECT_NE(report->notes[1].find("refused: position 1: tick_lower 5 is not a multiple"),
            std::string::npos)
    << report->notes[1];
}

TEST_F(score_report, faults_name_the_file_that_is_wrong) {
  tools::score_request asked;
  asked.events = {test::recording("bars.csv")};
  asked.plan = "/nowhere/plan.json";
  const auto missing = tools::make_score_report(asked);
  ASSERT_FALSE(missing);
  EXPECT_EQ(missing.error().code, ec::unreachable);
  asked.plan = plan_of({{"inventory", {{"amount0", "1"}, {"amount1", "5"}}}});
  asked.model = pool_model::replayed;
  const auto bars = tools::make_score_report(asked);
  ASSERT_FALSE(bars);
  EXPECT_NE(bars.error().code, ec::unreachable);
  EXPECT_NE(bars.error().what.find("bars have none"), std::string::npos);
}
