#include "io/pool/pool_overrides.hpp"

#include <gtest/gtest.h>

namespace {

using namespace sluice;
using io::parse_pool_overrides;

TEST(pool_overrides, may_be_all_or_none) {
  const auto all = parse_pool_overrides("fee=500,tick-spacing=10,decimals0=6,decimals1=18,sqrt-"
                                        "price-x96=79228162514264337593543950336");
  ASSERT_TRUE(all) << all.error().what;
  EXPECT_EQ(all->fee, 500u);
  EXPECT_EQ(all->tick_spacing, 10);
  EXPECT_EQ(all->decimals0, 6);
  EXPECT_EQ(all->decimals1, 18);
  EXPECT_EQ(all->sqrt_price_x96, u256{1} << 96);
  EXPECT_EQ(*parse_pool_overrides(""), io::pool_overrides{});
}

TEST(pool_overrides, that_are_wrong_name_the_flag_and_the_key) {
  for (auto [text, wanted] : {
         std::pair{"fee=1000000", "--pool: fee: expected 0 to 999999, got \"1000000\"; write"},
         std::pair{"fee=-1", "--pool: fee: expected"},
         std::pair{"fee=", "--pool: fee: expected"},
         std::pair{"tick-spacing=0", "--pool: tick-spacing: expected 1 to 16383"},
         std::pair{"tick-spacing=16384", "--pool: tick-spacing: expected 1 to 16383"},
         std::pair{"decimals0=256", "--pool: decimals0: expected 0 to 255"},
         std::pair{"decimals1=x", "--pool: decimals1: expected 0 to 255"},
         std::pair{"sqrt-price-x96=4295128738", "--pool: sqrt-price-x96: expected a price"},
         std::pair{"fee=1,fee=2", "--pool: fee: expected each key once"},
         std::pair{"fees=1", "--pool: expected fee, tick-spacing"},
         std::pair{"kind=curve", "--pool: kind: expected uniswap or slipstream, got \"curve\""},
         std::pair{"unstaked-fee=1000001", "--pool: unstaked-fee: expected 0 to 1000000"},
         std::pair{"gauge=0x12", "--pool: gauge: expected 0x and 40 hexadecimal digits"},
         std::pair{"reward-rate=-1", "--pool: reward-rate: expected 0 to 2^128 - 1"},
         std::pair{"reward-until=4294967296", "--pool: reward-until: expected unix seconds"},
         std::pair{"reward-rate=5", "--pool: reward-until: expected reward-rate and reward-until"},
         std::pair{"reward-until=5", "--pool: reward-rate: expected reward-rate and reward-until"},
         std::pair{"fee", "--pool: expected key=value, got \"fee\""},
         std::pair{",", "--pool: expected key=value"},
       }) {
    const auto got = parse_pool_overrides(text);
    ASSERT_FALSE(got) << text;
    EXPECT_EQ(got.error().code, ec::bad_input);
    EXPECT_TRUE(got.error().what.starts_with(wanted)) << got.error().what;
  }
}

io::pool_overrides of(std::string_view text) {
  auto parsed = parse_pool_overrides(text);
  EXPECT_TRUE(parsed) << parsed.error().what;
  return *parsed;
}

TEST(pool_overrides, make_a_slipstream_pool_of_any) {
  const pool_terms uniswap{500, 10, 6, 8};
  auto terms = apply(of("kind=slipstream,tick-spacing=200"), uniswap);
  EXPECT_EQ(terms.kind, pool_kind::slipstream);
  EXPECT_EQ(terms.tick_spacing, 200);
  EXPECT_EQ(terms.fee, 3000u); // of its spacing
  EXPECT_EQ(terms.unstaked_fee, 100'000u);
  EXPECT_EQ(terms.decimals1, 8);
  EXPECT_EQ(apply(of("kind=slipstream,fee=77"), uniswap).fee, 77u);
  terms
    = apply(of("kind=slipstream,unstaked-fee=0,gauge=0x0100000000000000000000000000000000000000,"
               "position-manager=0200000000000000000000000000000000000000"),
            uniswap);
  EXPECT_EQ(terms.unstaked_fee, 0u);
  EXPECT_EQ(terms.gauge, address{1});
  EXPECT_EQ(terms.position_manager, address{2});
  EXPECT_EQ(apply(of("unstaked-fee=5"), uniswap), uniswap); // means nothing there
  EXPECT_EQ(apply(of("kind=uniswap"), uniswap), uniswap);
}

TEST(pool_overrides, know_what_each_tick_spacing_costs_on_slipstream) {
  EXPECT_EQ(io::slipstream_fee_of(1), 100u);
  EXPECT_EQ(io::slipstream_fee_of(50), 500u);
  EXPECT_EQ(io::slipstream_fee_of(100), 500u);
  EXPECT_EQ(io::slipstream_fee_of(200), 3000u);
  EXPECT_EQ(io::slipstream_fee_of(2000), 10'000u);
  EXPECT_FALSE(io::slipstream_fee_of(60));
}

TEST(pool_overrides, put_rewards_behind_the_initialization_of_a_pool) {
  pool_terms terms;
  terms.kind = pool_kind::slipstream;
  pool_event initialization;
  initialization.kind = pool_event_kind::initialize;
  std::vector<feed_block> blocks{{1, 1000, {initialization, {}}, {}}, {2, 1002, {{}}, {}}};
  const auto asked = of("reward-rate=10,reward-until=1500");
  ASSERT_TRUE(io::reward_from_initialization(asked, terms, blocks));
  const auto& events = blocks.front().events;
  ASSERT_EQ(events.size(), 4u);
  EXPECT_EQ(events[1].kind, pool_event_kind::reward_update);
  EXPECT_EQ(events[2].kind, pool_event_kind::reward);
  EXPECT_EQ(events[2].amount0, 10);
  EXPECT_EQ(events[2].amount1, 5000);
  EXPECT_EQ(events[2].liquidity, 1500u);
  std::vector<feed_block> late{{1, 0, {initialization}, {}}, {2, 1500, {{}}, {}}};
  auto refused = io::reward_from_initialization(asked, terms, late);
  ASSERT_FALSE(refused);
  EXPECT_TRUE(refused.error().what.starts_with("--pool: reward-until: expected a time after"));
  refused = io::reward_from_initialization(asked, {}, blocks);
  ASSERT_FALSE(refused);
  EXPECT_TRUE(refused.error().what.starts_with("--pool: reward-rate: expected a Slipstream pool"));
  EXPECT_TRUE(io::reward_from_initialization({}, {}, late));
}

} // namespace
