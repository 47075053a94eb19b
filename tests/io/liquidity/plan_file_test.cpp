#include "io/liquidity/plan_file.hpp"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <unistd.h>

using namespace sluice;

namespace {

std::string plan_error(std::string_view text) {
  const auto got = io::parse_plan(text, "plan.json");
  if (got)
    return "";
  EXPECT_EQ(got.error().code, ec::bad_input);
  return got.error().what;
}

constexpr std::string_view whole = R"({
  "inventory": {"amount0": "340282366920938463463374607431768211455",
                "amount1": 18446744073709551615},
  "positions": [{"tick_lower": -887270, "tick_upper": 10, "liquidity": "7"}],
  "rebalances": [
    {"block": 5, "desired_positions": []},
    {"block": 9, "desired_positions": [
      {"tick_lower": 0, "tick_upper": 20, "allocation0": "1", "allocation1": "0",
       "confidence": 0.5},
      {"tick_lower": -20, "tick_upper": 0, "allocation0": 2, "allocation1": 3}]}]
})";

} // namespace

TEST(plan_file, reads_all_that_a_plan_can_contain) {
  const auto got = io::parse_plan(whole, "plan.json");
  ASSERT_TRUE(got) << got.error().what;
  const plan expected{{u128_max, uint64_t{18'446'744'073'709'551'615U}},
                      {{-887270, 10, 7}},
                      {},
                      {{5, {}}, {9, {{0, 20, 1, 0, 0.5}, {-20, 0, 2, 3, {}}}}}};
  EXPECT_EQ(*got, expected);
}

TEST(plan_file, lists_may_be_missing) {
  const auto got = io::parse_plan(R"({"inventory":{"amount0":"1","amount1":"2"}})", "plan.json");
  ASSERT_TRUE(got) << got.error().what;
  EXPECT_EQ(*got, (plan{{1, 2}, {}, {}, {}}));
}

TEST(plan_file, names_line_column_and_field) {
  EXPECT_EQ(
    plan_error("{\n \"inventory\": {\"amount0\": \"1\", \"amount1\": -2}\n}"),
    "plan.json:2:43: inventory.amount1: expected a whole number from 0 to 2^128-1, in quotes, "
    "got -2; correct the plan");
  EXPECT_EQ(plan_error(R"({"inventory": {"amount0": "1", "amount1": "2"}, "size": 1})"),
            "plan.json:1:57: size: expected only the keys inventory, positions, rebalances, got "
            "\"size\"; remove it or correct its name");
  EXPECT_EQ(plan_error(R"({"inventory": {"amount0": "1"}})"),
            "plan.json:1:15: inventory: expected the key amount1, got nothing; add it");
  EXPECT_EQ(plan_error("{}"), "plan.json:1:1: expected the key inventory, got nothing; add it");
  EXPECT_EQ(plan_error("[]"), "plan.json:1:1: expected an object, got a list; correct the plan");
}

TEST(plan_file, refuses_wrong_values) {
  const auto with = [](const std::string& rest) {
    return plan_error(R"({"inventory": {"amount0": "1", "amount1": "2"}, )" + rest + "}");
  };
  const auto expect_fault = [&](const std::string& rest, const std::string& what) {
    const auto got = with(rest);
    EXPECT_NE(got.find(what), std::string::npos) << got;
  };
  expect_fault(R"("positions": {})", "positions: expected a list, got an object");
  expect_fault(R"("positions": [7])", "positions[0]: expected an object, got 7");
  expect_fault(R"("positions": [{"tick_lower": 0, "tick_upper": 887273, "liquidity": "1"}])",
               "positions[0].tick_upper: expected a tick from -887272 to 887272, got 887273");
  expect_fault(R"("positions": [{"tick_lower": 0.5, "tick_upper": 3, "liquidity": "1"}])",
               "positions[0].tick_lower: expected a tick");
  expect_fault(R"("positions": [{"tick_lower": 0, "tick_upper": 3, "liquidity": "0"}])",
               "positions[0].liquidity: expected more than 0, got \"0\"");
  expect_fault(R"("positions": [{"tick_lower": 0, "tick_upper": 3, "liquidity": "+1"}])",
               "positions[0].liquidity: expected a whole number");
  expect_fault(R"("positions": [{"tick_lower": 0, "tick_upper": 3, "liquidity": 1e30}])",
               "positions[0].liquidity: expected a whole number");
  expect_fault(R"("positions": [{"tick_lower": 0, "tick_upper": 3,
          "liquidity": "340282366920938463463374607431768211456"}])",
               "plan.json:2:24: positions[0].liquidity: expected a whole number from 0 to 2^128-1");
  expect_fault(R"("rebalances": [{"block": -1, "desired_positions": []}])",
               "rebalances[0].block: expected a block number, got -1");
  expect_fault(R"("rebalances": [{"block": 1}])",
               "rebalances[0]: expected the key desired_positions");
  expect_fault(
    R"("rebalances": [{"block": 2, "desired_positions": []},
                      {"block": 2, "desired_positions": []}])",
    "rebalances[1].block: expected a block after 2, got 2");
  expect_fault(
    R"("rebalances": [{"block": 2, "desired_positions": [{"tick_lower": 0, "tick_upper": 1,
          "allocation0": "0", "allocation1": "0", "confidence": 1.5}]}])",
    "rebalances[0].desired_positions[0].confidence: expected a number from 0 to 1, got 1.5");
  expect_fault(R"("rebalances": [{"block": 2, "desired_positions": [{"liquidity": "1"}]}])",
               "rebalances[0].desired_positions[0].liquidity: expected only the keys tick_lower");
}

TEST(plan_file, broken_json_is_distinguished_from_a_truncated_file) {
  EXPECT_EQ(plan_error("{\"inventory\":\n  {\"amount0\" 1}}"),
            "plan.json:2:14: expected JSON, got \"1}}\"; correct this place");
  EXPECT_EQ(plan_error("{\"inventory\": {\"amount0\":"),
            "plan.json:1:26: expected JSON, got the end of the file; the file is truncated");
  EXPECT_EQ(plan_error(R"({"inventory": {"amount0": "1", "amount0": "2", "amount1": "2"}})"),
            "plan.json:1:32: amount0: expected every key once, got it twice; remove one");
}

TEST(plan_file, reads_files) {
  const auto path = std::filesystem::temp_directory_path()
                    / ("sluice-plan-" + std::to_string(::getpid()) + ".json");
  std::ofstream(path) << "\n\n{\r\n\n\"inventory\": 3}\n";
  const auto wrong = io::read_plan(path.string());
  ASSERT_FALSE(wrong);
  EXPECT_EQ(wrong.error().what,
            path.string() + ":5:14: inventory: expected an object, got 3; correct the plan");
  std::ofstream(path) << whole;
  EXPECT_TRUE(io::read_plan(path.string()));
  std::ofstream(path, std::ios::trunc).close();
  const auto empty = io::read_plan(path.string());
  ASSERT_FALSE(empty);
  EXPECT_NE(empty.error().what.find("expected a plan, got an empty file"), std::string::npos);
  std::filesystem::remove(path);
  const auto missing = io::read_plan(path.string());
  ASSERT_FALSE(missing);
  EXPECT_EQ(missing.error().code, ec::unreachable);
}
