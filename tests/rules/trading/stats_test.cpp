#include "rules/trading/stats.hpp"
#include "tests/rules/trading/some_events.hpp"

#include <gtest/gtest.h>

namespace sluice {
namespace {

constexpr int64_t whole_tao = rao_per_tao;

/// The acceptance example of A3b with block numbers far enough apart: miner 1 stakes 100 TAO for 10
/// alpha and unstakes 5 alpha for 60; miner 2 stakes 200 for 20; miner 3 does nothing.
struct three_miners {
  trading_world world;
  std::vector<book_summary> books;
  int64_t now_us = test::april_2025_us + 2 * us_per_day;

  three_miners() {
    metagraph_snapshot snapshot{1, 0, {}};
    for (uint16_t i = 1; i <= 3; ++i)
      snapshot.neurons.push_back({i, "hot" + std::to_string(i), "cold" + std::to_string(i), 0, 1});
    EXPECT_TRUE(observe(world, snapshot));
    add("cold1", {test::stake_at(0, 100 * whole_tao, 10 * whole_tao),
                  test::unstake_at(8640, 60 * whole_tao, 5 * whole_tao)});
    add("cold2", {test::stake_at(0, 200 * whole_tao, 20 * whole_tao)});
  }

  void add(const std::string& coldkey, const std::vector<book_event>& events) {
    const auto facts = facts_of(world, coldkey, 1);
    const auto x = derive_book({}, facts, now_us, nullptr, events);
    books.push_back({{key_number(coldkey), 1}, facts, x.totals, x.days, x.outcomes});
  }
};

TEST(miner_performance, of_the_acceptance_example) {
  const three_miners example;
  const auto miners = performance_of(example.world, {}, example.now_us, example.books);
  ASSERT_EQ(miners.size(), 3U);
  EXPECT_EQ(miners[0].uid, 1);
  EXPECT_EQ(miners[0].totals.trades, 1U);
  EXPECT_EQ(miners[0].win_rate, 100);
  EXPECT_EQ(miners[0].avg_roi, 20);
  EXPECT_EQ(miners[0].pnl_tao, 10);
  EXPECT_EQ(miners[0].volume_tao, 100);
  EXPECT_EQ(miners[0].volume_alpha, 10);
  EXPECT_EQ(miners[0].avg_duration_s, 8640);
  EXPECT_EQ(miners[0].current_positions, 1U);
  EXPECT_EQ(miners[0].unknown_netuids, std::vector<uint16_t>{1});
  EXPECT_EQ(miners[0].score.score, 0); // nothing is closed: the scorer's rule
  EXPECT_EQ(miners[1].current_positions, 1U);
  EXPECT_EQ(miners[2].totals, book_totals{});
  EXPECT_EQ(miners[2].weight, 0);
}

TEST(miner_performance, weights_are_shares_of_registered_miners_that_are_not_blacklisted) {
  three_miners example;
  for (const auto* coldkey : {"cold1", "cold2", "cold3"})
    example.add(coldkey, {test::stake_at(1, whole_tao, whole_tao),
                          test::unstake_at(8640, 3 * whole_tao, whole_tao)});
  example.world.blacklist.insert("hot2");
  auto miners = performance_of(example.world, {}, example.now_us, example.books);
  EXPECT_EQ(miners[0].weight, 0.5);
  EXPECT_EQ(miners[1].weight, 0);
  EXPECT_GT(miners[1].score.score, 0);
  EXPECT_EQ(miners[1].status, trading_status::blacklisted);
  EXPECT_EQ(miners[2].weight, 0.5);
  ASSERT_TRUE(observe(example.world, {2, 1, {{1, "hot1", "cold1", 0, 1}}}));
  miners = performance_of(example.world, {}, example.now_us, example.books);
  EXPECT_EQ(miners[0].weight, 1);
  EXPECT_EQ(miners[1].hotkey, "hot2"); // the others by hotkey
  EXPECT_EQ(miners[1].uid, std::nullopt);
  EXPECT_EQ(miners[2].weight, 0);
  EXPECT_EQ(trading_weights_of({}, miners).uids, std::vector<uint16_t>{1});
}

TEST(miner_performance, another_identity_on_an_old_uid_starts_empty) {
  three_miners example;
  ASSERT_TRUE(observe(example.world, {2, 1, {{1, "new", "newcold", 0, 1}}}));
  const auto miners = performance_of(example.world, {}, example.now_us, example.books);
  EXPECT_EQ(miners[0].hotkey, "new");
  EXPECT_EQ(miners[0].totals, book_totals{});
  EXPECT_EQ(miners[1].hotkey, "hot1");
  EXPECT_EQ(miners[1].totals.trades, 1U);
}

TEST(position_statistics, counts_sums_and_means) {
  lot_book book{lot_terms{}};
  book.apply(test::stake_at(0, 100 * whole_tao, 100 * whole_tao));
  book.apply(test::stake_at(1, 100 * whole_tao, 100 * whole_tao));
  book.apply(test::stake_at(2, 100 * whole_tao, 100 * whole_tao));
  book.apply(test::unstake_at(101, 300 * whole_tao, 150 * whole_tao));
  position_statistics all;
  for (const auto& lot : book.lots())
    all.add(lot);
  all.finish();
  EXPECT_EQ(all.open, 1U);
  EXPECT_EQ(all.partial, 1U);
  EXPECT_EQ(all.closed, 1U);
  EXPECT_EQ(all.entry_tao, i128{300 * whole_tao});
  EXPECT_EQ(all.remaining_alpha, i128{150 * whole_tao});
  EXPECT_EQ(all.mean_pnl_tao, 100);
  EXPECT_EQ(all.mean_roi_percent, 100);
  EXPECT_EQ(all.mean_duration_s, 101);
}

TEST(position_filter, both_ends_of_the_window_are_inside) {
  trading_lot lot;
  lot.alpha = lot.rest = 5;
  lot.entry_us = 10;
  position_filter filter;
  EXPECT_TRUE(matches(filter, lot));
  filter.from_us = filter.to_us = 10;
  EXPECT_TRUE(matches(filter, lot));
  filter.from_us = 11;
  EXPECT_FALSE(matches(filter, lot));
  filter = {};
  filter.to_us = 9;
  EXPECT_FALSE(matches(filter, lot));
  filter = {};
  filter.status = lot_status::closed;
  EXPECT_FALSE(matches(filter, lot));
  trading_trade trade;
  trade.exit_us = 9;
  EXPECT_TRUE(matches(filter, trade));
}

// ATX-SNAP-1 and 2.
TEST(snapshot_score_legacy, is_the_originals) {
  const std::vector<closed_position> closed{{10, 100}, {-5, 300}, {15, 100}};
  const auto score = snapshot_score_legacy(closed, 3);
  EXPECT_NEAR(score.roi_weighted, 2.0, 1e-12);
  EXPECT_NEAR(*score.final_score, 114.53333333333333, 1e-9);
  EXPECT_EQ(snapshot_score_legacy(closed, 2).final_score, std::nullopt);
  EXPECT_EQ(*snapshot_score_legacy({}, 3).final_score, 0);
}

TEST(snapshot_of, counts_what_was_entered_in_the_window) {
  lot_book book{lot_terms{}};
  book.apply(test::stake_at(0, 10 * whole_tao, 10 * whole_tao));
  book.apply(test::stake_at(1000, 10 * whole_tao, 10 * whole_tao));
  book.apply(test::stake_at(1010, 30 * whole_tao, 10 * whole_tao));
  book.apply(test::unstake_at(1500, 40 * whole_tao, 20 * whole_tao));
  const auto start = test::april_2025_us + 1000 * us_per_second;
  const auto end = test::april_2025_us + 2000 * us_per_second;
  const auto x = snapshot_of("hot", start, end, book.lots());
  EXPECT_EQ(x.total_trades, 2U);
  EXPECT_EQ(x.total_volume_tao, 40);
  EXPECT_EQ(x.open_positions, 1U);
  EXPECT_EQ(x.win_rate, 50); // open ones count in the divisor
  EXPECT_EQ(x.roi_simple, 100);
  EXPECT_EQ(x.avg_trade_duration_s, 500);
  EXPECT_EQ(x.avg_position_age_s, (2000 + 1000 + 990) / 3.0);
  EXPECT_EQ(x.final_score, std::nullopt);
}

} // namespace
} // namespace sluice
