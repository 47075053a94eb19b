#include "tools/replay/corpus_call.hpp"

#include <gtest/gtest.h>

namespace {

using namespace sluice;
using io::json;
using tools::call_kind;

const std::string account = "0x" + std::string(40, '1');

/// A line with everything an operation needs and a lie for an answer.
result<tools::corpus_operation>
parse(const std::string& op, const json& args, const json& actor = nullptr) {
  const json line{{"type", "op"}, {"op", op},    {"actor", actor},          {"from", account},
                  {"args", args}, {"ok", "lie"}, {"timestamp", 4294967297}, {"ret", 7}};
  return tools::parse_operation(line, "file", 3);
}

TEST(corpus_call, comes_from_the_actor_or_directly_from_the_account) {
  const json args{{"sqrtPriceX96", "5"}};
  const auto direct = parse("initialize", args);
  ASSERT_TRUE(direct) << direct.error().what;
  EXPECT_EQ(io::to_text(direct->sender), account);
  EXPECT_EQ(direct->now, 1u); // the contract keeps 32 bits of the time
  const auto actor = "0x" + std::string(40, '2');
  EXPECT_EQ(io::to_text(parse("initialize", args, actor)->sender), actor);
}

TEST(corpus_call, pays_as_its_kind_does) {
  json swap{{"recipient", account},
            {"zeroForOne", true},
            {"amountSpecified", "-5"},
            {"sqrtPriceLimitX96", "9"}};
  json mint{{"recipient", account}, {"tickLower", -5}, {"tickUpper", 5}, {"amount", "1"}};
  auto pay_of = [](const std::string& op, json args, const char* pay) {
    args["pay"] = pay;
    return parse(op, args)->call.pay;
  };
  EXPECT_FALSE(parse("swap", swap)->call.pay.short0);
  EXPECT_TRUE(pay_of("swap", swap, "short").short0 && pay_of("swap", swap, "short").short1);
  EXPECT_TRUE(pay_of("mint", mint, "short0").short0);
  EXPECT_FALSE(pay_of("mint", mint, "short0").short1);
  EXPECT_TRUE(pay_of("mint", mint, "short1").short1);
  EXPECT_TRUE(pay_of("mint", mint, "reenter").reenter);
  mint["pay"] = "later";
  EXPECT_FALSE(parse("mint", mint));
}

TEST(corpus_call, reads_every_kind) {
  const json range{{"recipient", account},    {"tickLower", -8388608},
                   {"tickUpper", 8388607},    {"amount", "340282366920938463463374607431768211455"},
                   {"amount0Requested", "1"}, {"amount1Requested", "2"}};
  for (const auto* name : {"mint", "burn", "collect"}) {
    const auto got = parse(name, range);
    ASSERT_TRUE(got) << got.error().what;
    EXPECT_EQ(tools::to_text(got->call.kind), name);
    EXPECT_EQ(got->call.tick_lower, -8388608);
    EXPECT_EQ(got->call.tick_upper, 8388607);
  }
  EXPECT_EQ(parse("mint", range)->call.liquidity, ~u128{0});
  EXPECT_EQ(parse("collect", range)->call.amount1, u256{2});
  EXPECT_EQ(parse("collectProtocol", range)->call.amount0, u256{1});
  EXPECT_EQ(parse("flash", {{"amount0", "3"}, {"amount1", "4"}})->call.amount1, u256{4});
  EXPECT_EQ(parse("setFeeProtocol", {{"feeProtocol0", 4}, {"feeProtocol1", 255}})->call.number1,
            255u);
  EXPECT_EQ(parse("increaseObservationCardinalityNext", {{"observationCardinalityNext", 65535}})
              ->call.number0,
            65535u);
  const json calls
    = json::array({{{"op", "burn"}, {"args", range}}, {{"op", "mint"}, {"args", range}}});
  const auto batch = parse("batch", {{"calls", calls}});
  ASSERT_TRUE(batch) << batch.error().what;
  ASSERT_EQ(batch->call.calls.size(), 2u);
  EXPECT_EQ(batch->call.calls[1].kind, call_kind::mint);
}

TEST(corpus_call, reads_every_kind_that_slipstream_adds) {
  json args{{"recipient", account},    {"owner", account},        {"tickLower", -5},
            {"tickUpper", 5},          {"amount", "7"},           {"positionUpdate", true},
            {"amount0Requested", "1"}, {"amount1Requested", "2"}, {"stakedLiquidityDelta", "-9"}};
  for (const auto* name : {"stake", "burnFor", "collectFor", "decreaseStaked",
                           "updateRewardsGrowthGlobal", "collectFees"}) {
    const auto got = parse(name, args);
    ASSERT_TRUE(got) << got.error().what;
    EXPECT_EQ(tools::to_text(got->call.kind), name);
  }
  EXPECT_EQ(parse("stake", args)->call.stake_delta, -9);
  EXPECT_TRUE(parse("stake", args)->call.move_position);
  EXPECT_EQ(io::to_text(parse("burnFor", args)->call.owner), account);
  EXPECT_EQ(parse("decreaseStaked", args)->call.liquidity, u128{7});
  EXPECT_EQ(parse("collectFor", args)->call.amount1, u256{2});
  const auto fees = parse("setFees", {{"fee", 70'000}, {"unstakedFee", 1'000'000}});
  EXPECT_EQ(fees->call.number0, 70'000u);
  EXPECT_EQ(fees->call.number1, 1'000'000u);
  const auto reward
    = parse("syncReward", {{"rewardRate", "1"}, {"rewardReserve", "2"}, {"periodFinish", "3"}});
  EXPECT_EQ(reward->call.amount0, u256{1});
  EXPECT_EQ(reward->call.amount1, u256{2});
  EXPECT_EQ(reward->call.extra0, u256{3});
  args["stakedLiquidityDelta"] = "170141183460469231731687303715884105728"; // 2^127
  EXPECT_FALSE(parse("stake", args));
}

TEST(corpus_call, bounds_a_batch) {
  json calls = json::array();
  for (size_t i = 0; i <= tools::batch_calls_max; ++i)
    calls.push_back({{"op", "initialize"}, {"args", {{"sqrtPriceX96", "5"}}}});
  EXPECT_FALSE(parse("batch", {{"calls", calls}}));
  calls.erase(calls.begin());
  EXPECT_TRUE(parse("batch", {{"calls", calls}}));
}

} // namespace
