#include "rules/sports/pick_index.hpp"
#include "tests/rules/sports/sports_world.hpp"

#include <random>

namespace sluice::test {
namespace {

/// Every row says what the book's row of the same number says.
void expect_like_the_book(const sports_book& book) {
  const auto& picks = book.picks();
  ASSERT_EQ(picks.rows().size(), book.predictions().size());
  auto at = picks.rows().begin();
  for (const auto& [number, x] : book.predictions()) {
    EXPECT_EQ(at->number, number);
    EXPECT_EQ(picks.keys().at(at->key), x.key);
    EXPECT_EQ(picks.games().at(at->game), x.game_id);
    EXPECT_EQ(at->received_day, sports_day_of(x.received_us));
    EXPECT_EQ(at->odds, x.odds);
    EXPECT_EQ(at->wager, x.wager);
    EXPECT_EQ(at->payout, x.payout);
    EXPECT_EQ(at->entropy, x.entropy);
    EXPECT_EQ(at->outcome, x.outcome);
    EXPECT_EQ(at->state, x.state);
    ++at;
  }
}

/// What a book takes in a day: games, picks of which some are taken back, results, what is
/// forgotten.
void play_a_day(sports_book& book, std::mt19937_64& random, int64_t day) {
  const auto midnight = sports_midnight_us + day * sports_day_us;
  std::vector<game_update> games;
  for (int i = 0; i < 4; ++i) {
    games.push_back(update_of("g" + std::to_string(day * 10 + i),
                              midnight + static_cast<int64_t>(10 + i) * sports_hour_us));
    feed(book, games.back());
  }
  for (int i = 0; i < 30; ++i) {
    const auto& game = games[random() % games.size()];
    take(book,
         arrival_of(good_claim("p" + std::to_string(day * 100 + i), game,
                               std::to_string(random() % 2), std::to_string(1 + random() % 9)),
                    midnight + i * sports_hour_us / 10, "miner-" + std::to_string(random() % 5)));
    if (random() % 8 == 0)
      book.take_back(1 + random() % 2);
  }
  expect_like_the_book(book);
  for (const auto& game : games)
    if (random() % 5 != 0)
      feed(book,
           decided(game, static_cast<game_outcome>(random() % 2), game.start_us + sports_hour_us));
  book.apply(book.due(midnight + sports_day_us));
  expect_like_the_book(book);
  book.apply(book.old(midnight - 3 * sports_day_us));
  expect_like_the_book(book);
}

TEST(sports_pick_index, follows_the_book_through_everything_that_happens) {
  for (uint64_t seed = 1; seed <= 20; ++seed) {
    SCOPED_TRACE("seed " + std::to_string(seed));
    std::mt19937_64 random{seed};
    sports_book book;
    for (int64_t day = 0; day < 8; ++day)
      play_a_day(book, random, day);
    EXPECT_GT(book.predictions().size(), 0U);
    EXPECT_EQ(book.find("p0"), nullptr) << "the first days are forgotten";
  }
}

TEST(sports_pick_index, passes_over_what_it_has_not) {
  pick_index picks;
  stored_prediction x;
  x.number = 7;
  picks.add(x);
  x.number = 8;
  x.state = prediction_state::won;
  picks.settle(x);
  ASSERT_EQ(picks.rows().size(), 1U);
  EXPECT_EQ(picks.rows()[0].state, prediction_state::stored);
}

} // namespace
} // namespace sluice::test
