#include "rules/trading/dev_market.hpp"

#include <gtest/gtest.h>

#include <map>
#include <numeric>
#include <set>
#include <tuple>

namespace sluice {

namespace {

constexpr int64_t market_day_us = 86'400LL * 1'000'000;
constexpr int64_t market_beat_us = 900LL * 1'000'000;

using dev_ledger = std::map<std::tuple<size_t, uint16_t>, int64_t>; // alpha held

int64_t cash_of(const std::vector<dev_trade>& all, trader_kind kind) {
  int64_t sum = 0;
  for (const auto& x : all)
    if (dev_traders()[x.trader].kind == kind)
      sum += x.stake ? -x.tao_rao : x.tao_rao;
  return sum;
}

} // namespace

TEST(dev_market, two_with_one_seed_trade_the_same_in_any_steps) {
  for (const uint64_t seed : {1U, 7U, 4'711U}) {
    dev_market whole{seed};
    const auto expected = whole.advance_to(3 * market_day_us);
    dev_market pieces{seed};
    std::vector<dev_trade> got;
    for (int64_t at = 0; at <= 3 * market_day_us; at += 37'000'000) {
      const auto more = pieces.advance_to(at);
      got.insert(got.end(), more.begin(), more.end());
    }
    const auto rest = pieces.advance_to(3 * market_day_us);
    got.insert(got.end(), rest.begin(), rest.end());
    EXPECT_EQ(got, expected) << "seed " << seed;
    dev_market other{seed + 1};
    EXPECT_NE(other.advance_to(3 * market_day_us), expected) << "seed " << seed;
  }
}

TEST(dev_market, every_beat_has_a_trade_and_time_never_goes_back) {
  dev_market market{3};
  int64_t last = -1;
  for (int64_t beat = 1; beat <= 2'000; ++beat) {
    const auto now = market.advance_to(beat * market_beat_us - 1);
    EXPECT_FALSE(now.empty()) << "beat " << beat;
    for (const auto& x : now) {
      EXPECT_GE(x.time_us, last);
      last = x.time_us;
      EXPECT_EQ(x.time_us, static_cast<int64_t>(x.block - dev_first_block) * 12'000'000);
      EXPECT_LT(x.time_us, beat * market_beat_us);
      EXPECT_GT(x.tao_rao, 0);
      EXPECT_GT(x.alpha, 0);
    }
  }
}

TEST(dev_market, nobody_sells_what_it_does_not_hold) {
  dev_market market{5};
  dev_ledger held;
  for (const auto& x : market.advance_to(25 * market_day_us)) {
    auto& own = held[{x.trader, x.netuid}];
    own += x.stake ? x.alpha : -x.alpha;
    ASSERT_GE(own, 0);
  }
}

TEST(dev_market, whoever_knows_the_trend_earns_and_whoever_does_not_pays) {
  for (const uint64_t seed : {1U, 2U, 3U, 4U, 5U}) {
    dev_market market{seed};
    const auto all = market.advance_to(dev_history_us);
    EXPECT_GT(cash_of(all, trader_kind::skilled), 0) << "seed " << seed;
    EXPECT_LT(cash_of(all, trader_kind::washer), 0) << "seed " << seed;
    EXPECT_GT(cash_of(all, trader_kind::washer), -1'000'000) << "seed " << seed; // rounding only
    EXPECT_EQ(cash_of(all, trader_kind::idle), 0);
  }
}

TEST(dev_market, a_wash_trade_is_a_stake_and_an_unstake_of_the_same_block) {
  dev_market market{1};
  std::map<uint64_t, std::vector<dev_trade>> by_block;
  for (const auto& x : market.advance_to(market_day_us))
    if (dev_traders()[x.trader].kind == trader_kind::washer)
      by_block[x.block].push_back(x);
  ASSERT_FALSE(by_block.empty());
  for (const auto& [block, pair] : by_block) {
    ASSERT_EQ(pair.size(), 2U) << block;
    EXPECT_TRUE(pair[0].stake);
    EXPECT_FALSE(pair[1].stake);
    EXPECT_EQ(pair[0].alpha, pair[1].alpha);
    EXPECT_EQ(pair[0].index, 0U);
    EXPECT_EQ(pair[1].index, 1U);
  }
}

TEST(dev_market, a_pool_never_gives_more_than_its_product_allows) {
  dev_pool pool{1'000, 777};
  __extension__ using wide_int = unsigned __int128;
  for (int64_t x = 0; x < 500; x += 13) {
    const auto before = static_cast<wide_int>(pool.tao_rao) * static_cast<wide_int>(pool.alpha);
    if (x % 2 == 0)
      (void)pool.buy(x);
    else
      (void)pool.sell(x);
    EXPECT_GE(static_cast<wide_int>(pool.tao_rao) * static_cast<wide_int>(pool.alpha), before);
  }
  dev_pool worked{1'000, 1'000};
  EXPECT_EQ(worked.buy(1'000), 500);
  EXPECT_EQ(worked.sell(500), 1'000);
}

TEST(dev_market, every_slot_belongs_to_one_of_them_at_a_time) {
  std::set<uint16_t> seen;
  for (const auto& x : dev_traders()) {
    EXPECT_GE(x.uid, 20);
    EXPECT_NE(x.uid, dev_second_uid);
    EXPECT_TRUE(seen.insert(x.uid).second || x.kind == trader_kind::newcomer);
  }
}

} // namespace sluice
