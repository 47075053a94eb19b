#include "tests/support/data_file.hpp"
#include "tests/support/run_program.hpp"

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include <filesystem>
#include <fstream>
#include <unistd.h>

using namespace sluice;

namespace {

class score : public testing::Test {
protected:
  score() {
    std::ofstream(plan_) << R"({"inventory": {"amount0": "1000000000", "amount1": "5000000000"},
      "rebalances": [{"block": 3, "desired_positions": []}]})";
  }
  ~score() override { std::filesystem::remove(plan_); }

  std::string plan_ = (std::filesystem::temp_directory_path()
                       / ("sluice-score-bin-" + std::to_string(::getpid()) + ".json"))
                        .string();
};

} // namespace

TEST_F(score, prints_json_when_nobody_watches) {
  const auto run
    = test::run_sluice({"score", "--events", test::recording("bars.csv"), "--plan", plan_});
  EXPECT_EQ(run.code, 0) << run.err;
  const auto got = nlohmann::json::parse(run.out);
  EXPECT_EQ(got["fees0"], "0");
  EXPECT_EQ(got["rebalances"], 0);
  EXPECT_NE(run.err.find("note: rebalance at block 3: ignored"), std::string::npos) << run.err;
}

TEST_F(score, prints_a_table_when_asked) {
  const auto run = test::run_sluice({"score", "--events", test::recording("p1.jsonl"), "--plan",
                                     plan_, "--from", "24000030", "--to", "24000060", "--model",
                                     "replayed", "--output", "table"});
  EXPECT_EQ(run.code, 0) << run.err;
  EXPECT_NE(run.out.find("blocks 24000030..24000060"), std::string::npos) << run.out;
}

TEST_F(score, pool_terms_change_what_bars_pay) {
  const auto fee_of = [&](const std::string& pool) {
    std::ofstream(plan_) << R"({"inventory": {"amount0": "0", "amount1": "0"}, "positions":
      [{"tick_lower": 200000, "tick_upper": 202000, "liquidity": "1000000000000000000"}]})";
    const auto run = test::run_sluice(
      {"score", "--events", test::recording("bars.csv"), "--plan", plan_, "--pool", pool});
    EXPECT_EQ(run.code, 0) << run.err;
    return std::stod(nlohmann::json::parse(run.out)["fees1"].get<std::string>());
  };
  const double low = fee_of("fee=500,tick-spacing=10,decimals0=6,decimals1=18");
  EXPECT_GT(low, 0);
  EXPECT_NEAR(fee_of("fee=5000") / low, 10, 1e-6);
}

TEST_F(score, staked_plans_are_for_slipstream_pools) {
  const auto run = test::run_sluice({"score", "--events", test::recording("aero.jsonl"), "--plan",
                                     plan_, "--staked", "--output", "table"});
  EXPECT_EQ(run.code, 0) << run.err;
  EXPECT_NE(run.out.find("observed, staked"), std::string::npos) << run.out;
  EXPECT_NE(run.out.find("rewards"), std::string::npos) << run.out;
  const auto refused = test::run_sluice(
    {"score", "--events", test::recording("p1.jsonl"), "--plan", plan_, "--staked"});
  EXPECT_EQ(refused.code, 2);
  EXPECT_EQ(refused.err,
            "sluice score: --staked: p1 is of a Uniswap V3 pool, which has no gauge: leave it out, "
            "or give --pool kind=slipstream\n");
}

TEST_F(score, wrong_input_is_2_and_an_unreadable_file_is_3) {
  const auto code = [&](const std::vector<std::string>& arguments, const std::string& expected) {
    const auto run = test::run_sluice(arguments);
    EXPECT_NE(run.err.find(expected), std::string::npos) << run.err;
    EXPECT_TRUE(run.out.empty());
    return run.code;
  };
  const auto bars = test::recording("bars.csv");
  EXPECT_EQ(code({"score", "--events", "/nowhere", "--plan", plan_}, "/nowhere"), 3);
  EXPECT_EQ(code({"score", "--events", bars, "--plan", "/nowhere"}, "/nowhere"), 3);
  EXPECT_EQ(code({"score", "--events", bars, "--plan", bars}, "bars.csv:1:"), 2);
  EXPECT_EQ(code({"score", "--events", bars}, "--plan"), 2);
  EXPECT_EQ(code({"score", "--events", bars, "--plan", plan_, "--from", "x"}, "--from"), 2);
  EXPECT_EQ(code({"score", "--events", bars, "--plan", plan_, "--from", "-1"}, "--from"), 2);
  EXPECT_EQ(code({"score", "--events", bars, "--plan", plan_, "--model", "guessed"}, "--model"), 2);
  EXPECT_EQ(code({"score", "--events", bars, "--plan", plan_, "--model", "replayed"}, "bars"), 2);
  EXPECT_EQ(code({"score", "--events", bars, "--plan", plan_, "--pool", "fee=x"}, "--pool"), 2);
  EXPECT_EQ(
    code({"score", "--events", bars, "--plan", plan_, "--from", "99", "--to", "98"}, "--from"), 2);
}
