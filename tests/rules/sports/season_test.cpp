// What must hold whatever is played: money, repetition, order, who earns more.
#include "tests/rules/sports/season.hpp"

#include <algorithm>
#include <random>

namespace sluice::test {
namespace {

std::vector<league_miner_kind> every_league_miner() {
  std::vector<league_miner_kind> made;
  for (size_t i = 0; i < league_miner_names.size(); ++i)
    made.push_back(static_cast<league_miner_kind>(i));
  return made;
}

sports_world season_world(uint64_t seed) {
  sports_world world;
  world.seed = seed;
  return world;
}

/// Sums over the book, exactly.
struct sports_money {
  nano wagers = 0;
  nano payouts = 0; // of won ones
  nano won_wagers = 0;
  nano lost = 0;
  nano refunds = 0;
  nano open = 0;
};

sports_money money_in(const sports_book& book) {
  sports_money made;
  for (const auto& [number, x] : book.predictions()) {
    made.wagers += x.wager;
    switch (x.state) {
    case prediction_state::stored:
      made.open += x.wager;
      EXPECT_EQ(x.payout, 0);
      break;
    case prediction_state::won:
      made.won_wagers += x.wager;
      made.payouts += x.payout;
      EXPECT_EQ(x.payout, *payout_of(x.wager, x.odds));
      break;
    case prediction_state::lost:
      made.lost += x.wager;
      EXPECT_EQ(x.payout, 0);
      break;
    case prediction_state::void_:
      made.refunds += x.payout;
      EXPECT_EQ(x.payout, x.wager);
      break;
    }
  }
  return made;
}

TEST(sports_season, conserves_money) {
  for (uint64_t seed = 1; seed <= 5; ++seed) {
    sports_season season{season_world(seed), every_league_miner()};
    season.play_days(70);
    const auto money = money_in(season.book());
    EXPECT_EQ(money.wagers, money.won_wagers + money.lost + money.refunds + money.open)
      << "seed " << seed;
    EXPECT_EQ(season.accepted_wager(), money.wagers + season.forgotten_wager()) << "seed " << seed;
    EXPECT_GT(money.refunds + season.forgotten_refund(), 0) << "seed " << seed;
    EXPECT_GT(money.payouts, 0) << "seed " << seed;
    int64_t wagers = 0;
    int64_t earnings = 0;
    for (const auto& [key, record] : sports_records_of(season.book())) {
      wagers += record.wager;
      earnings += record.earnings;
    }
    EXPECT_EQ(wagers, money.won_wagers + money.lost) << "seed " << seed;
    EXPECT_EQ(earnings, money.payouts) << "seed " << seed;
  }
}

TEST(sports_season, counts_every_answer_once) {
  sports_season season{season_world(3), every_league_miner()};
  season.play_days(40);
  uint64_t predictions = 0;
  for (const auto& x : season.scores().miners) {
    EXPECT_EQ(x.predictions, x.wins + x.losses + x.voids + x.open);
    predictions += x.predictions;
  }
  EXPECT_EQ(predictions, season.answers().at(prediction_code::accepted));
  EXPECT_EQ(predictions, season.book().predictions().size());
}

TEST(sports_season, is_the_same_again) {
  sports_season one{season_world(7), every_league_miner()};
  sports_season other{season_world(7), every_league_miner()};
  one.play_days(30);
  for (int day = 0; day < 30; ++day)
    other.play_days(1);
  EXPECT_EQ(one.book().predictions(), other.book().predictions());
  EXPECT_EQ(one.moves(), other.moves());
  EXPECT_EQ(one.scores(), other.scores());
}

TEST(sports_season, does_not_depend_on_when_and_how_often_is_settled) {
  const unsigned seed = 20251203;
  std::mt19937_64 chance{seed};
  sports_season season{season_world(11), every_league_miner()};
  season.play_days(20);
  // The same games and predictions, settled at other moments and in another order.
  for (int round = 0; round < 5; ++round) {
    sports_book again{season.book().rules()};
    std::vector<sports_game> games;
    for (const auto& [id, game] : season.book().games())
      games.push_back(game);
    std::shuffle(games.begin(), games.end(), chance);
    for (auto game : games) {
      game.state = game_state::open;
      game.ended_us = 0;
      again.put(game);
    }
    for (const auto& [number, x] : season.book().predictions()) {
      auto row = x;
      row.state = prediction_state::stored;
      row.payout = 0;
      row.settled_us = 0;
      ASSERT_TRUE(again.apply(row));
    }
    for (int i = 0; i < 3; ++i) {
      const auto due = again.due(season.now_us());
      again.apply(due);
      again.apply(due); // twice
    }
    for (const auto& [number, x] : season.book().predictions()) {
      const auto& row = again.predictions().at(number);
      ASSERT_EQ(row.state, x.state) << "seed " << seed;
      ASSERT_EQ(row.payout, x.payout) << "seed " << seed;
    }
    const auto records = sports_records_of(again);
    const auto expected = sports_records_of(season.book());
    ASSERT_EQ(records.size(), expected.size());
    for (const auto& [key, record] : expected) {
      EXPECT_EQ(records.at(key).daily, record.daily) << "seed " << seed;
      EXPECT_EQ(records.at(key).wagered, record.wagered) << "seed " << seed;
    }
  }
}

TEST(sports_season, pays_a_true_edge_more_than_its_copier) {
  for (uint64_t seed = 1; seed <= 20; ++seed) {
    sports_season season{season_world(seed), every_league_miner()};
    season.play_days(200);
    const auto sharp = season.earned().at(static_cast<uint16_t>(league_miner_kind::sharp));
    const auto copier = season.earned().at(static_cast<uint16_t>(league_miner_kind::copier));
    EXPECT_GT(sharp, 2 * copier) << "seed " << seed;
  }
}

TEST(sports_season, refuses_what_is_beyond_the_day) {
  sports_season season{season_world(2), {league_miner_kind::over_better}};
  season.play_days(10);
  EXPECT_GT(season.answers().at(prediction_code::daily_limit_exceeded), 0U);
  for (int64_t day = 0; day < 10; ++day)
    EXPECT_LE(season.book().wagered_on(season.members()[0].key,
                                       sports_day_of(sports_moment_us(season_world(2), 0)) + day),
              1000 * nano_one);
}

} // namespace
} // namespace sluice::test
