#include "tools/replay/corpus_json.hpp"

#include <gtest/gtest.h>

namespace {

using namespace sluice;

TEST(corpus_json, writes_a_state_in_the_recorders_order) {
  pool at(3000, 60);
  ASSERT_TRUE(at.initialize(*u256::parse("4339505179874779489431521"), 1735689704));
  // Line 6 of ../shared/vectors/uniswap-v3/p1-weth-usdc-500.jsonl.
  EXPECT_EQ(tools::state_json(at).dump(),
            R"({"sqrtPriceX96":"4339505179874779489431521","tick":-196257,"liquidity":"0",)"
            R"("feeGrowthGlobal0X128":"0","feeGrowthGlobal1X128":"0","protocolFees0":"0",)"
            R"("protocolFees1":"0","feeProtocol":0,"unlocked":true,"balance0":"0","balance1":"0",)"
            R"("observationIndex":0,"observationCardinality":1,"observationCardinalityNext":1,)"
            R"("obsTimestamp":1735689704,"obsTickCumulative":"0",)"
            R"("obsSecondsPerLiquidityCumulativeX128":"0"})");
}

TEST(corpus_json, writes_extreme_ticks_and_positions) {
  tick_info info;
  info.liquidity_gross = ~u128{0};
  info.liquidity_net = -(i128{1} << 126) * 2;
  info.fee_growth_outside0_x128 = u256::max();
  info.tick_cumulative_outside = -36028797018963968; // the least int56
  info.seconds_outside = ~uint32_t{0};
  info.initialized = true;
  EXPECT_EQ(tools::tick_json(-887272, info).dump(),
            R"({"tick":-887272,"liquidityGross":"340282366920938463463374607431768211455",)"
            R"("liquidityNet":"-170141183460469231731687303715884105728",)"
            R"("feeGrowthOutside0X128":"115792089237316195423570985008687907853269984665640564039)"
            R"(457584007913129639935","feeGrowthOutside1X128":"0",)"
            R"("tickCumulativeOutside":"-36028797018963968","secondsPerLiquidityOutsideX128":"0",)"
            R"("secondsOutside":4294967295,"initialized":true})");
  EXPECT_EQ(tools::position_json({address{0xab}, -60, 60}, {}).dump(),
            R"({"owner":"0xab00000000000000000000000000000000000000","tickLower":-60,)"
            R"("tickUpper":60,"liquidity":"0","feeGrowthInside0LastX128":"0",)"
            R"("feeGrowthInside1LastX128":"0","tokensOwed0":"0","tokensOwed1":"0"})");
}

TEST(corpus_json, writes_what_is_staked_where_the_recorder_does) {
  const address gauge{1};
  pool at(slipstream_terms{3000, 100'000, 60, gauge, {2}});
  ASSERT_TRUE(at.initialize(*u256::parse("255973311431586396528129062412"), 1735689702));
  // Line 6 of ../shared/vectors/slipstream/s3-torture-cl200.jsonl.
  EXPECT_EQ(tools::state_json(at).dump(),
            R"({"sqrtPriceX96":"255973311431586396528129062412","tick":23456,"liquidity":"0",)"
            R"("stakedLiquidity":"0","feeGrowthGlobal0X128":"0","feeGrowthGlobal1X128":"0",)"
            R"("gaugeFees0":"0","gaugeFees1":"0","rewardGrowthGlobalX128":"0","rewardRate":"0",)"
            R"("rewardReserve":"0","periodFinish":"0","rollover":"0","lastUpdated":0,)"
            R"("unlocked":true,"balance0":"0","balance1":"0","observationIndex":0,)"
            R"("observationCardinality":1,"observationCardinalityNext":1,)"
            R"("obsTimestamp":1735689702,"obsTickCumulative":"0",)"
            R"("obsSecondsPerLiquidityCumulativeX128":"0"})");
  EXPECT_EQ(tools::tick_json(at, 60).dump(),
            R"({"tick":60,"liquidityGross":"0","liquidityNet":"0","stakedLiquidityNet":"0",)"
            R"("feeGrowthOutside0X128":"0","feeGrowthOutside1X128":"0",)"
            R"("rewardGrowthOutsideX128":"0","tickCumulativeOutside":"0",)"
            R"("secondsPerLiquidityOutsideX128":"0","secondsOutside":0,"initialized":false})");
  EXPECT_TRUE(tools::position_json(at, {gauge, -60, 60})
                .dump()
                .ends_with(R"("tokensOwed1":"0","rewardGrowthInsideX128":"0"})"));
}

TEST(corpus_json, gathers_ticks_into_bitmap_words) {
  EXPECT_EQ(tools::bitmap_json({}, 60).dump(), "[]");
  // compressed: -257 (word -2, bit 255), -1 (word -1, bit 255), 0 and 255 (word 0), 256 (word 1)
  EXPECT_EQ(
    tools::bitmap_json({{-2570, {}}, {-10, {}}, {0, {}}, {2550, {}}, {2560, {}}}, 10).dump(),
    R"([{"word":-2,"bits":"578960446186580977117854925043439539266349923328202820197287920)"
    R"(03956564819968"},{"word":-1,"bits":"57896044618658097711785492504343953926634992332)"
    R"(820282019728792003956564819968"},{"word":0,"bits":"57896044618658097711785492504343)"
    R"(953926634992332820282019728792003956564819969"},{"word":1,"bits":"1"}])");
}

TEST(corpus_json, observes_or_states_why_not) {
  pool at(3000, 60);
  ASSERT_TRUE(at.initialize(u256{1} << 96, 100));
  EXPECT_EQ(tools::observe_json(at, 0, 103).dump(),
            R"({"secondsAgo":0,"tickCumulative":"0","secondsPerLiquidityCumulativeX128":)"
            R"("1020847100762815390390123822295304634368"})"); // 3 << 128
  EXPECT_EQ(tools::observe_json(at, 50, 103).dump(), R"({"secondsAgo":50,"error":"OLD"})");
}

TEST(corpus_json, signs_what_a_swap_moves) {
  EXPECT_EQ(tools::amounts_json(swap_amounts{i256{-5}, i256{7}}).dump(),
            R"({"amount0":"-5","amount1":"7"})");
  EXPECT_EQ(tools::amounts_json(token_amounts{5, 7}).dump(), R"({"amount0":"5","amount1":"7"})");
}

} // namespace
