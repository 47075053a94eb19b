#include "tools/liquidity/backtest_terms.hpp"

#include <gtest/gtest.h>

namespace sluice::tools {

TEST(backtest_terms, lengths_have_units) {
  const auto seconds = [](const char* text) { return *parse_length("--round", text); };
  EXPECT_EQ(seconds("900s"), (span_length{900, false}));
  EXPECT_EQ(seconds("15m"), (span_length{900, false}));
  EXPECT_EQ(seconds("15 min"), (span_length{900, false}));
  EXPECT_EQ(seconds("1h"), (span_length{3600, false}));
  EXPECT_EQ(seconds("2d"), (span_length{172'800, false}));
  EXPECT_EQ(seconds("450blocks"), (span_length{450, true}));
  EXPECT_EQ(seconds("1block"), (span_length{1, true}));
  for (const char* text : {"", "900", "s", "0s", "-1s", "1.5h", "15x", "900s ", "99999999999s",
                           "20000000blocks", "1e3s", "116d"}) {
    const auto no = parse_length("--round", text);
    ASSERT_FALSE(no) << text;
    EXPECT_TRUE(no.error().what.starts_with("--round: expected a duration")) << no.error().what;
  }
}

TEST(backtest_terms, moments_are_blocks_or_times) {
  EXPECT_EQ(*parse_moment("--from", "13578932"), (feed_moment{13'578'932, false}));
  EXPECT_EQ(*parse_moment("--from", "2023-08-13"), (feed_moment{1'691'884'800, true}));
  EXPECT_EQ(*parse_moment("--from", "2023-08-13 12:30"), (feed_moment{1'691'929'800, true}));
  EXPECT_EQ(*parse_moment("--from", "2023-08-13T12:30:07Z"), (feed_moment{1'691'929'807, true}));
  for (const char* text : {"", "x", "-1", "2023-13-01", "2023-08", "12:30"})
    EXPECT_FALSE(parse_moment("--from", text)) << text;
}

TEST(backtest_terms, token_names_come_in_pairs) {
  const auto names = parse_token_names("USDC,WETH");
  ASSERT_TRUE(names);
  EXPECT_EQ(names->name0, "USDC");
  EXPECT_EQ(names->name1, "WETH");
  for (const char* text :
       {"", "USDC", "USDC,", ",WETH", "A,B,C", "US DC,WETH", "<b>,WETH", "ABCDEFGHIJKLM,WETH"})
    EXPECT_FALSE(parse_token_names(text)) << text;
}

TEST(backtest_terms, a_start_is_exact_to_the_last_unit) {
  const pool_terms terms{500, 10, 6, 18};
  const auto start = parse_start("30000.000001,16.123456789012345678", terms);
  ASSERT_TRUE(start) << start.error().what;
  EXPECT_EQ(to_string(start->amount0), "30000000001");
  EXPECT_EQ(to_string(start->amount1), "16123456789012345678");
  EXPECT_EQ(parse_start("0,1", terms)->amount0, u256{});
  for (const char* text : {"", "1", "0,0", "1.0000001,1", "a,1", "1,", "1.,1", ".5,1", "-1,1",
                           "1,1,1", "340282366920938463463374607431769,1"})
    EXPECT_FALSE(parse_start(text, terms)) << text;
}

TEST(backtest_terms, a_default_start_is_worth_the_same_in_both_tokens) {
  const auto price = u256{1u} << 96;
  EXPECT_EQ(
    default_start(price, {3000, 60, 18, 18}),
    (inventory{*u256::parse("10000000000000000000"), *u256::parse("10000000000000000000")}));
  EXPECT_EQ(default_start(price, {500, 10, 6, 18}).amount0, u256{30'000'000'000u});
}

TEST(backtest_terms, a_block_takes_as_long_as_the_times_show) {
  score_market market, timeless;
  for (uint64_t i = 0; i <= 100; i += 20) {
    ASSERT_TRUE(market.blocks.add({1000 + i, 5000 + 2 * i, {}, {}}));
    ASSERT_TRUE(timeless.blocks.add({1000 + i, 0, {}, {}}));
  }
  const auto pace = pace_of(market);
  EXPECT_TRUE(pace.known);
  EXPECT_EQ(pace.block_seconds, 2);
  EXPECT_EQ(blocks_in({900, false}, pace), 450u);
  EXPECT_EQ(blocks_in({900, true}, pace), 900u);
  EXPECT_EQ(blocks_in({1, false}, pace), 1u) << "nearest, at least one";
  EXPECT_EQ(blocks_in({900, false}, {12.05, true}), 75u) << "missed slots make no other rounds";
  EXPECT_FALSE(pace_of(timeless).known);
  EXPECT_EQ(blocks_in({900, false}, pace_of(timeless)), 450u);
  timeless.bars = true;
  EXPECT_EQ(blocks_in({900, false}, pace_of(timeless)), 15u);
}

TEST(backtest_terms, a_time_becomes_the_first_block_that_is_not_before_it) {
  score_market market;
  for (uint64_t i : {10, 20, 30})
    ASSERT_TRUE(market.blocks.add({i, 100 * i, {}, {}}));
  EXPECT_EQ(*block_at({7, false}, market), 7u);
  EXPECT_EQ(*block_at({0, true}, market), 10u);
  EXPECT_EQ(*block_at({2000, true}, market), 20u);
  EXPECT_EQ(*block_at({2001, true}, market), 30u);
  EXPECT_EQ(*block_at({9999, true}, market), 31u);
  market.bars = true;
  EXPECT_EQ(*block_at({61, true}, market), 2u);
  EXPECT_EQ(*block_at({60, true}, market), 1u);
}

TEST(backtest_terms, times_are_written_as_they_are_read) {
  EXPECT_EQ(time_text(1'691'884'800), "2023-08-13 00:00");
  EXPECT_EQ(time_text(1'636'417'347), "2021-11-09 00:22:27");
  EXPECT_EQ(time_text(UINT64_MAX), time_text(UINT32_MAX));
}

} // namespace sluice::tools
