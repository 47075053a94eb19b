#include "rules/sports/scoring.hpp"
#include "tests/rules/sports/sports_world.hpp"

namespace sluice::test {
namespace {

constexpr auto scoring_start_us = sports_midnight_us + 10 * sports_hour_us;
constexpr auto scoring_early_us = sports_midnight_us + sports_hour_us;
const auto scoring_day = sports_day_of(scoring_start_us);

class sports_scoring_rules : public ::testing::Test {
protected:
  void play(const std::string& id, game_outcome outcome, int64_t start_us = scoring_start_us) {
    play_as(update_of(id, start_us), outcome);
  }
  void play_as(const game_update& game, game_outcome outcome) {
    feed(book_, decided(game, outcome, game.start_us + sports_hour_us));
    book_.apply(book_.due(game.start_us + 2 * sports_hour_us));
  }
  game_update offer(const std::string& id, int64_t start_us = scoring_start_us) {
    auto game = update_of(id, start_us);
    feed(book_, game);
    return game;
  }
  void predict(const std::string& id, const game_update& game, const std::string& outcome,
               const std::string& key, const std::string& wager = "10") {
    ASSERT_EQ(
      take(book_, arrival_of(good_claim(id, game, outcome, wager), scoring_early_us, key)).code,
      prediction_code::accepted);
  }

  sports_book book_;
};

TEST_F(sports_scoring_rules, averages_a_day_over_its_decided_games) {
  const auto a = offer("a");
  const auto b = offer("b");
  predict("1", a, "0", "miner");
  predict("2", b, "1", "miner");
  play("a", game_outcome::team_a);
  play("b", game_outcome::team_a);
  const auto record = sports_records_of(book_).at(hotkey{"miner"});
  ASSERT_EQ(record.daily.size(), 1U);
  const auto& day = record.daily.at(scoring_day);
  EXPECT_EQ(day.predictions, 2U);
  EXPECT_DOUBLE_EQ(day.clv, 1.0) << "odds did not move";
  EXPECT_DOUBLE_EQ(day.roi, (0.9 - 1) / 2);
  const auto risk_a = 1 - 0.95 / 1.9;
  const auto risk_b = 1 - 0.95 / 2.05;
  EXPECT_NEAR(day.risk, (0.9 / risk_a + -1 / ((1 - risk_b) + 1e-5)) / 2, 1e-12);
  EXPECT_EQ(day.entropy, 0) << "each is the first of its pool";
  EXPECT_NEAR(day.composite, 0.3 * (day.clv + day.roi + day.risk), 1e-12);
  EXPECT_EQ(record.wins, 1U);
  EXPECT_EQ(record.losses, 1U);
  EXPECT_EQ(record.wager, 20 * nano_one);
  EXPECT_EQ(record.earnings, 19 * nano_one);
}

TEST_F(sports_scoring_rules, sees_a_day_on_which_nothing_was_won_or_lost) {
  // In doubles 0.3 + 0.7 + 1.1 + ... and the losses leave a rest of about 1e-17 now and then.
  int number = 0;
  for (const auto* odds : {"1.3", "1.7", "2.1", "1.9"}) {
    auto game = update_of("game-" + std::to_string(number), scoring_start_us);
    game.team_a_odds = *nano_of(odds);
    feed(book_, game);
    predict("won-" + std::to_string(number), game, "0", "miner", "33.33");
    play_as(game, game_outcome::team_a);
    ++number;
  }
  for (; number < 7; ++number) {
    const auto game = offer("game-" + std::to_string(number));
    predict("lost-" + std::to_string(number), game, "1", "miner", "17.1");
    play_as(game, game_outcome::team_a);
  }
  const auto record = sports_records_of(book_).at(hotkey{"miner"});
  EXPECT_EQ(record.daily.at(scoring_day).predictions, 7U);
  EXPECT_EQ(record.daily.at(scoring_day).roi, 0);
  EXPECT_EQ(window_roi_of(record.daily, scoring_day, 15).days, 0U);
}

TEST_F(sports_scoring_rules, compares_with_the_last_odds) {
  auto game = offer("a");
  predict("1", game, "0", "miner");
  game.team_a_odds = *nano_of("1.6");
  game.at_us += 1;
  feed(book_, game);
  feed(book_, decided(game, game_outcome::team_b, scoring_start_us + sports_hour_us));
  book_.apply(book_.due(scoring_start_us + 2 * sports_hour_us));
  EXPECT_NEAR(sports_records_of(book_).at(hotkey{"miner"}).daily.at(scoring_day).clv, 1.9 / 1.6,
              1e-12);
}

TEST_F(sports_scoring_rules, divides_entropy_by_the_largest_of_the_day) {
  const auto a = offer("a");
  predict("1", a, "0", "first");
  predict("2", a, "1", "second"); // another pool: the first there as well
  predict("3", a, "0", "third", "10");
  ASSERT_TRUE(
    take(book_, arrival_of(good_claim("4", a, "0", "900"), scoring_start_us - 1, "fourth"))
      .confirmed()); // nine hours later
  play("a", game_outcome::team_a);
  const auto records = sports_records_of(book_);
  double largest = 0;
  for (const auto& [number, x] : book_.predictions())
    largest = std::max(largest, x.entropy);
  ASSERT_GT(largest, 0);
  for (const auto& [number, x] : book_.predictions())
    EXPECT_DOUBLE_EQ(records.at(x.key).daily.at(scoring_day).entropy, x.entropy / largest);
}

TEST_F(sports_scoring_rules, leaves_entropy_as_it_is_when_nobody_has_any) {
  const auto a = offer("a");
  predict("1", a, "0", "first");
  predict("2", a, "0", "second"); // the same again: the least of its pool
  play("a", game_outcome::team_a);
  const auto records = sports_records_of(book_);
  EXPECT_EQ(records.at(hotkey{"first"}).daily.at(scoring_day).entropy, 0);
  EXPECT_EQ(records.at(hotkey{"second"}).daily.at(scoring_day).entropy, -10);
}

TEST_F(sports_scoring_rules, counts_open_and_void_predictions_apart) {
  const auto a = offer("a");
  const auto b = offer("b", scoring_start_us + 5 * sports_day_us);
  predict("1", a, "0", "miner", "30");
  predict("2", b, "0", "miner", "40");
  book_.apply(book_.due(scoring_start_us + sports_day_us + 1));
  const auto record = sports_records_of(book_).at(hotkey{"miner"});
  EXPECT_EQ(record.predictions, 2U);
  EXPECT_EQ(record.voids, 1U);
  EXPECT_EQ(record.open, 1U);
  EXPECT_TRUE(record.daily.empty());
  EXPECT_EQ(record.wagered.at(scoring_day), 40 * nano_one) << "a voided wager does not count";
}

TEST(sports_windows, look_back_from_a_day) {
  std::map<int64_t, daily_score> daily;
  for (int64_t day = 1; day <= 10; ++day) {
    daily[day].composite = static_cast<double>(day);
    daily[day].roi = day % 2 == 0 ? 0.5 : 0;
  }
  EXPECT_DOUBLE_EQ(tier_score_of(daily, 10, 3), 9.0);
  EXPECT_DOUBLE_EQ(tier_score_of(daily, 11, 3), 19.0 / 3) << "a day without games is 0";
  EXPECT_DOUBLE_EQ(tier_score_of(daily, 2, 45), 3.0 / 45);
  EXPECT_EQ(tier_score_of({}, 2, 3), 0);
  const auto roi = window_roi_of(daily, 10, 5);
  EXPECT_EQ(roi.days, 3U);
  EXPECT_DOUBLE_EQ(roi.mean, 0.5);
  const std::map<int64_t, int64_t> wagered{{1, 5}, {3, 7}, {4, 9}};
  EXPECT_EQ(wagered_in(wagered, 4, 2), 16);
  EXPECT_EQ(wagered_in(wagered, 4, 4), 21);
}

} // namespace
} // namespace sluice::test
