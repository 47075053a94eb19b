#include "sim/evaluate/market.hpp"
#include "sim/math/tick_math.hpp"

#include <gtest/gtest.h>

#include <array>
#include <cmath>
#include <map>

namespace sluice {
namespace {

/// Sends every event to a pool again, as it was asked for; what it answers must be the record.
class replayer {
public:
  explicit replayer(const pool_terms& terms) : pool_(terms.fee, terms.tick_spacing) {}

  void apply(const feed_block& block) {
    for (const auto& event : block.events) {
      SCOPED_TRACE("block " + std::to_string(block.number) + " event "
                   + std::to_string(event.log_index));
      apply(event, static_cast<uint32_t>(block.time));
    }
  }
  const pool& state() const { return pool_; }

private:
  static void expect_amounts(const pool_event& event, const token_amounts& got) {
    EXPECT_EQ(event.amount0, i256::from_u256(got.amount0));
    EXPECT_EQ(event.amount1, i256::from_u256(got.amount1));
  }

  void apply(const pool_event& event, uint32_t now) {
    switch (event.kind) {
    case pool_event_kind::initialize: {
      const auto tick = pool_.initialize(event.sqrt_price_x96, now);
      ASSERT_TRUE(tick);
      EXPECT_EQ(*tick, event.tick);
      break;
    }
    case pool_event_kind::mint: {
      const auto paid
        = pool_.mint(event.owner, event.tick_lower, event.tick_upper, event.liquidity, now);
      ASSERT_TRUE(paid) << reason(paid.why());
      expect_amounts(event, *paid);
      break;
    }
    case pool_event_kind::burn: {
      const auto owed
        = pool_.burn(event.owner, event.tick_lower, event.tick_upper, event.liquidity, now);
      ASSERT_TRUE(owed) << reason(owed.why());
      expect_amounts(event, *owed);
      break;
    }
    case pool_event_kind::collect: {
      const auto got
        = pool_.collect(event.owner, event.tick_lower, event.tick_upper, u128_max, u128_max);
      ASSERT_TRUE(got) << reason(got.why());
      expect_amounts(event, *got);
      break;
    }
    case pool_event_kind::swap: {
      ASSERT_TRUE(event.asked);
      const auto moved = pool_.swap(*event.asked, now);
      ASSERT_TRUE(moved) << reason(moved.why());
      EXPECT_EQ(moved->amount0, event.amount0);
      EXPECT_EQ(moved->amount1, event.amount1);
      EXPECT_EQ(pool_.state().sqrt_price_x96, event.sqrt_price_x96);
      EXPECT_EQ(pool_.state().tick, event.tick);
      EXPECT_EQ(pool_.state().liquidity, event.liquidity);
      break;
    }
    default:
      FAIL() << "a market has no " << to_string(event.kind);
    }
  }

  pool pool_;
};

/// Liquidity in range and at both ends as the positions have it, and nobody owed more than is
/// there.
void expect_invariants(const pool& state) {
  i128 in_range = 0;
  std::map<int32_t, i128> net;
  std::map<int32_t, u128> gross;
  u256 owed0;
  u256 owed1;
  for (const auto& [key, position] : state.positions()) {
    owed0 += position.tokens_owed0;
    owed1 += position.tokens_owed1;
    if (position.liquidity == 0)
      continue;
    if (key.tick_lower <= state.state().tick && state.state().tick < key.tick_upper)
      in_range += static_cast<i128>(position.liquidity);
    net[key.tick_lower] += static_cast<i128>(position.liquidity);
    net[key.tick_upper] -= static_cast<i128>(position.liquidity);
    gross[key.tick_lower] += position.liquidity;
    gross[key.tick_upper] += position.liquidity;
  }
  EXPECT_EQ(u256{state.state().liquidity}, u256{static_cast<u128>(in_range)});
  EXPECT_EQ(state.ticks().size(), gross.size());
  for (const auto& [index, tick] : state.ticks()) {
    EXPECT_EQ(to_string(tick.liquidity_net), to_string(net[index])) << "tick " << index;
    EXPECT_EQ(u256{tick.liquidity_gross}, u256{gross[index]}) << "tick " << index;
  }
  EXPECT_GE(state.state().balance0, owed0);
  EXPECT_GE(state.state().balance1, owed1);
  EXPECT_EQ(tick_at_sqrt_ratio(state.state().sqrt_price_x96), state.state().tick);
}

double price_of(const pool& state, const pool_terms& terms) {
  const double root = to_double(state.state().sqrt_price_x96) / 0x1p96;
  return root * root * std::pow(10, int{terms.decimals0} - int{terms.decimals1});
}

std::vector<feed_block> blocks_of(market& m, uint64_t count) {
  std::vector<feed_block> blocks;
  for (uint64_t i = 0; i < count; ++i)
    blocks.push_back(m.next());
  return blocks;
}

const market_terms usual_market{.pool = {500, 10, 18, 6}};

TEST(market, the_same_seed_gives_the_same_blocks) {
  for (const uint64_t seed : {1, 2, 3}) {
    SCOPED_TRACE("seed " + std::to_string(seed));
    market a{usual_market, seed};
    market b{usual_market, seed};
    EXPECT_EQ(blocks_of(a, 2000), blocks_of(b, 2000));
    EXPECT_EQ(a.save(), b.save());
  }
}

TEST(market, another_seed_gives_another_market) {
  market a{usual_market, 1};
  market b{usual_market, 2};
  EXPECT_NE(blocks_of(a, 50), blocks_of(b, 50));
  EXPECT_NE(a.save(), b.save());
}

TEST(market, the_first_block_opens_the_pool_with_liquidity_around_its_price) {
  market m{usual_market, 1};
  EXPECT_EQ(m.next_number(), 0U);
  const auto block = m.next();
  EXPECT_EQ(m.next_number(), 1U);
  EXPECT_EQ(block.number, 0U);
  EXPECT_EQ(block.time, usual_market.genesis_time);
  ASSERT_GE(block.events.size(), 6U);
  EXPECT_EQ(block.events[0].kind, pool_event_kind::initialize);
  for (size_t i = 1; i < block.events.size(); ++i)
    EXPECT_EQ(block.events[i].kind, pool_event_kind::mint);
  EXPECT_NEAR(price_of(m.state(), usual_market.pool), 3000, 0.01);
  // Some millions of dollars: all that was paid in, token0 at 3000.
  const double worth = to_double(m.state().state().balance0) / 1e18 * 3000
                       + to_double(m.state().state().balance1) / 1e6;
  EXPECT_GT(worth, 1e6);
  EXPECT_LT(worth, 1e8);
  EXPECT_EQ(block.events[1].tick_lower, -887270);
  EXPECT_EQ(block.events[1].tick_upper, 887270);
}

TEST(market, every_event_is_what_a_fresh_pool_answers) {
  constexpr std::array seeds{1, 2, 3, 4, 5, 6, 7, 8};
  for (const uint64_t seed : seeds) {
    SCOPED_TRACE("seed " + std::to_string(seed));
    market m{usual_market, seed};
    replayer again{usual_market.pool};
    for (int i = 0; i < 3000; ++i)
      again.apply(m.next());
    EXPECT_EQ(again.state().save(), m.state().save());
    expect_invariants(m.state());
    if (HasFailure())
      return;
  }
}

TEST(market, numbers_times_and_log_indexes_ascend) {
  market_terms terms = usual_market;
  terms.block_seconds = 0.3;
  market m{terms, 5};
  for (uint64_t i = 0; i < 1000; ++i) {
    const auto block = m.next();
    EXPECT_EQ(block.number, i);
    EXPECT_EQ(block.time, terms.genesis_time + i * 3 / 10);
    EXPECT_FALSE(block.bar);
    for (size_t k = 0; k < block.events.size(); ++k) {
      EXPECT_EQ(block.events[k].log_index, k);
      EXPECT_EQ(block.events[k].asked.has_value(), block.events[k].kind == pool_event_kind::swap);
    }
  }
}

TEST(market, everybody_takes_part) {
  market m{usual_market, 9};
  std::map<pool_event_kind, int> kinds;
  int exact_output = 0;
  int stopped = 0;
  int down = 0;
  int swaps = 0;
  for (int i = 0; i < 20'000; ++i)
    for (const auto& event : m.next().events) {
      ++kinds[event.kind];
      if (!event.asked)
        continue;
      ++swaps;
      exact_output += event.asked->amount_specified.is_negative() ? 1 : 0;
      stopped += event.sqrt_price_x96 == event.asked->sqrt_price_limit_x96 ? 1 : 0;
      down += event.asked->zero_for_one ? 1 : 0;
    }
  EXPECT_EQ(kinds[pool_event_kind::initialize], 1);
  EXPECT_GT(kinds[pool_event_kind::mint], 50);
  EXPECT_GT(kinds[pool_event_kind::burn], 50);
  EXPECT_GT(kinds[pool_event_kind::collect], 40);
  EXPECT_NEAR(swaps / 20'000.0, usual_market.trades_per_block, 0.4);
  EXPECT_GT(exact_output, swaps / 20);
  EXPECT_LT(exact_output, swaps / 5);
  EXPECT_GT(stopped, swaps / 100);
  EXPECT_LT(stopped, swaps / 2);
  EXPECT_NEAR(down / static_cast<double>(swaps), 0.5, 0.05);
}

TEST(market, the_price_follows_the_fundamental_and_stays_sane) {
  for (const uint64_t seed : {11, 12, 13}) {
    SCOPED_TRACE("seed " + std::to_string(seed));
    market m{usual_market, seed};
    double far = 0;
    constexpr int blocks = 43'200; // a day
    for (int i = 0; i < blocks; ++i) {
      m.next();
      const double price = price_of(m.state(), usual_market.pool);
      const double fair = m.fundamental() * 1e12;
      ASSERT_GT(price, 1500);
      ASSERT_LT(price, 6000);
      far += std::abs(price / fair - 1) > 0.005 ? 1 : 0;
    }
    EXPECT_LT(far / blocks, 0.02);
    expect_invariants(m.state());
  }
}

TEST(market, volatility_of_the_fundamental_is_what_was_asked_for) {
  market m{usual_market, 21};
  m.next();
  double squares = 0;
  constexpr int blocks = 43'200;
  double last = m.fundamental();
  for (int i = 0; i < blocks; ++i) {
    m.next();
    const double change = m.fundamental() / last - 1;
    squares += change * change;
    last = m.fundamental();
  }
  EXPECT_NEAR(std::sqrt(squares), usual_market.volatility_per_day, 0.002);
}

TEST(market, any_pool_and_any_price_makes_a_market) {
  const std::array<market_terms, 9> many{{
    {.pool = {100, 1, 6, 6}, .price = 1},
    {.pool = {3000, 60, 18, 18}, .price = 0.0072},
    {.pool = {10000, 200, 8, 18}, .price = 20},
    {.pool = {500, 10, 6, 18}, .price = 0.0005},
    {.pool = {0, 1, 18, 18}, .price = 1},
    {.pool = {3000, 60, 0, 0}, .price = 7},
    {.pool = {500, 16'383, 18, 6}, .price = 3000},
    {.pool = {3000, 60, 18, 0}, .price = 1e-9},
    {.pool = {3000, 60, 2, 18}, .price = 1e12},
  }};
  for (size_t i = 0; i < many.size(); ++i) {
    SCOPED_TRACE("terms " + std::to_string(i));
    ASSERT_EQ(market_fault(many[i]), "");
    market m{many[i], 100 + i};
    replayer again{many[i].pool};
    size_t swaps = 0;
    for (int k = 0; k < 1500; ++k) {
      const auto block = m.next();
      for (const auto& event : block.events)
        swaps += event.kind == pool_event_kind::swap ? 1 : 0;
      again.apply(block);
    }
    EXPECT_GT(swaps, 500U);
    EXPECT_EQ(again.state().save(), m.state().save());
    const double price = price_of(m.state(), many[i].pool);
    EXPECT_GT(price, many[i].price / 2);
    EXPECT_LT(price, many[i].price * 2);
    expect_invariants(m.state());
    if (HasFailure())
      return;
  }
}

TEST(market, states_what_is_wrong_with_its_terms) {
  const auto fault_with = [](auto change) {
    market_terms terms = usual_market;
    change(terms);
    return market_fault(terms);
  };
  EXPECT_EQ(market_fault(usual_market), "");
  EXPECT_NE(fault_with([](auto& t) { t.pool.fee = 1'000'000; }), "");
  EXPECT_NE(fault_with([](auto& t) { t.pool.tick_spacing = 0; }), "");
  EXPECT_NE(fault_with([](auto& t) { t.pool.tick_spacing = 16'384; }), "");
  EXPECT_NE(fault_with([](auto& t) { t.pool.decimals0 = 37; }), "");
  EXPECT_NE(fault_with([](auto& t) { t.price = 0; }), "");
  EXPECT_NE(fault_with([](auto& t) { t.price = std::nan(""); }), "");
  EXPECT_NE(fault_with([](auto& t) {
              t.pool.decimals0 = 36;
              t.price = 1e-20;
            }),
            "");
  EXPECT_NE(fault_with([](auto& t) { t.block_seconds = 0; }), "");
  EXPECT_NE(fault_with([](auto& t) { t.genesis_time = 5'000'000'000; }), "");
  EXPECT_NE(fault_with([](auto& t) { t.volatility_per_day = -1; }), "");
  EXPECT_NE(fault_with([](auto& t) { t.depth = -1; }), "");
  EXPECT_NE(fault_with([](auto& t) { t.depth = 1e30; }), "");
  EXPECT_NE(fault_with([](auto& t) { t.trades_per_block = 101; }), "");
}

} // namespace
} // namespace sluice
