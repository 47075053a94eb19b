#include "rules/sports/book.hpp"
#include "tests/rules/sports/sports_world.hpp"

namespace sluice::test {
namespace {

constexpr auto start_us = sports_midnight_us + 10 * sports_hour_us;
constexpr auto early_us = sports_midnight_us + sports_hour_us;

TEST(sports_book, takes_an_outcome_once_and_in_time) {
  sports_book book;
  const auto game = update_of("g", start_us);
  feed(book, game);
  feed(book, decided(game, game_outcome::team_b, start_us + sports_day_us));
  EXPECT_EQ(book.find_game("g")->outcome, game_outcome::team_b);
  feed(book, decided(game, game_outcome::team_a, start_us + sports_day_us));
  EXPECT_EQ(book.find_game("g")->outcome, game_outcome::team_b) << "the first one stands";
  const auto late = update_of("late", start_us);
  feed(book, decided(late, game_outcome::team_a, start_us + sports_day_us + 1));
  EXPECT_EQ(book.find_game("late")->outcome, game_outcome::undecided);
}

TEST(sports_book, takes_new_odds_teams_and_starts) {
  sports_book book;
  auto game = with_ties(update_of("g", start_us));
  feed(book, game);
  game.team_a_odds = 1'700'000'000;
  game.start_us += sports_hour_us;
  game.can_tie = false;
  game.at_us += 1;
  feed(book, game);
  const auto& kept = *book.find_game("g");
  EXPECT_EQ(kept.team_a_odds, 1'700'000'000);
  EXPECT_EQ(kept.start_us, start_us + sports_hour_us);
  EXPECT_FALSE(kept.tie_odds) << "only of a game that can end in a draw";
  EXPECT_EQ(kept.created_us, sports_midnight_us);
  EXPECT_EQ(kept.updated_us, sports_midnight_us + 1);
}

TEST(sports_book, answers_only_games_that_changed) {
  sports_book book;
  const auto a = update_of("a", start_us);
  feed(book, a);
  auto b = update_of("b", start_us);
  auto c = b;
  c.team_a_odds = 2 * nano_one;
  const std::vector<game_update> records{a, b, c};
  const auto changed = book.after_all(records);
  ASSERT_EQ(changed.size(), 1U);
  EXPECT_EQ(changed[0].external_id, "b");
  EXPECT_EQ(changed[0].team_a_odds, 2 * nano_one) << "as behind the last record";
}

TEST(sports_book, settles_once) {
  sports_book book;
  const auto game = update_of("g", start_us);
  feed(book, game);
  take(book, arrival_of(good_claim("won", game, "0", "100"), early_us));
  take(book, arrival_of(good_claim("lost", game, "1", "50"), early_us));
  EXPECT_TRUE(book.due(start_us).games.empty()) << "not decided yet";
  feed(book, decided(game, game_outcome::team_a, start_us + sports_hour_us));
  const auto due = book.due(start_us + 2 * sports_hour_us);
  ASSERT_EQ(due.games.size(), 1U);
  ASSERT_EQ(due.predictions.size(), 2U);
  EXPECT_EQ(due.predictions[0].state, prediction_state::won);
  EXPECT_EQ(due.predictions[0].payout, 190 * nano_one);
  EXPECT_EQ(due.predictions[1].state, prediction_state::lost);
  EXPECT_EQ(due.predictions[1].payout, 0);
  book.apply(due);
  EXPECT_TRUE(book.due(start_us + 3 * sports_hour_us).predictions.empty());
  EXPECT_EQ(book.open_games(), 0U);
}

TEST(sports_book, gives_wagers_back_when_a_game_stays_undecided) {
  sports_book book;
  const auto game = update_of("g", start_us);
  feed(book, game);
  take(book, arrival_of(good_claim("p", game, "0", "70"), early_us));
  EXPECT_TRUE(book.due(start_us + sports_day_us).games.empty()) << "24 h are allowed";
  const auto due = book.due(start_us + sports_day_us + 1);
  ASSERT_EQ(due.predictions.size(), 1U);
  EXPECT_EQ(due.predictions[0].state, prediction_state::void_);
  EXPECT_EQ(due.predictions[0].payout, 70 * nano_one);
  book.apply(due);
  feed(book, decided(game, game_outcome::team_a, start_us + sports_hour_us));
  EXPECT_EQ(book.find_game("g")->outcome, game_outcome::undecided) << "void is final";
  EXPECT_EQ(book.wagered_on(hotkey{"miner"}, sports_day_of(early_us)), 70 * nano_one)
    << "the daily limit has no second try";
}

TEST(sports_book, takes_back_what_was_not_stored) {
  sports_book book;
  const auto game = update_of("g", start_us);
  feed(book, game);
  take(book, arrival_of(good_claim("a", game, "0", "10"), early_us));
  const auto next = book.judge(arrival_of(good_claim("b", game), early_us), miner_uid{1}, {});
  take(book, arrival_of(good_claim("b", game, "0", "20"), early_us));
  take(book, arrival_of(good_claim("c", game, "1", "30"), early_us, "other"));
  book.take_back(2);
  EXPECT_EQ(book.predictions().size(), 1U);
  EXPECT_EQ(book.find("b"), nullptr);
  EXPECT_EQ(book.wagered_on(hotkey{"miner"}, sports_day_of(early_us)), 10 * nano_one);
  EXPECT_EQ(book.wagered_on(hotkey{"other"}, sports_day_of(early_us)), 0);
  const auto again = book.judge(arrival_of(good_claim("b", game), early_us), miner_uid{1}, {});
  EXPECT_EQ(*again.accepted, *next.accepted);
}

TEST(sports_book, is_the_same_when_it_is_read_back) {
  sports_book book;
  std::vector<game_update> games{update_of("a", start_us), with_ties(update_of("b", start_us))};
  for (const auto& game : games)
    feed(book, game);
  for (int i = 0; i < 12; ++i)
    take(book, arrival_of(good_claim("p" + std::to_string(i), games[static_cast<size_t>(i % 2)],
                                     std::to_string(i % 2), std::to_string(10 + i)),
                          early_us + i * sports_hour_us / 7, i % 3 == 0 ? "x" : "miner"));
  sports_book read;
  for (const auto& [id, game] : book.games())
    read.put(game);
  for (const auto& [number, x] : book.predictions())
    ASSERT_TRUE(read.apply(x));
  const auto next = arrival_of(good_claim("next", games[1]), early_us + 2 * sports_hour_us);
  EXPECT_EQ(*read.judge(next, miner_uid{1}, {}).accepted,
            *book.judge(next, miner_uid{1}, {}).accepted);
  EXPECT_EQ(read.wagered_on(sports_day_of(early_us)), book.wagered_on(sports_day_of(early_us)));
}

TEST(sports_book, refuses_rows_that_cannot_be) {
  sports_book book;
  const auto game = update_of("g", start_us);
  feed(book, game);
  take(book, arrival_of(good_claim("a", game), early_us));
  auto row = book.predictions().at(1);
  EXPECT_EQ(book.apply(row).error().code, ec::corrupt_data) << "number";
  row.number = 2;
  EXPECT_EQ(book.apply(row).error().code, ec::corrupt_data) << "id";
  row.prediction_id = "b";
  row.game_id = "nowhere";
  EXPECT_EQ(book.apply(row).error().code, ec::corrupt_data) << "game";
}

TEST(sports_book, forgets_what_is_over_for_long) {
  sports_book book;
  const auto old = update_of("old", start_us);
  const auto open = update_of("open", start_us);
  feed(book, old);
  feed(book, open);
  take(book, arrival_of(good_claim("a", old), early_us));
  take(book, arrival_of(good_claim("b", open), early_us));
  feed(book, decided(old, game_outcome::team_a, start_us + sports_hour_us));
  book.apply(book.due(start_us + 2 * sports_hour_us));
  EXPECT_TRUE(book.old(start_us).games.empty());
  const auto gone = book.old(start_us + 1);
  ASSERT_EQ(gone.games, std::vector<std::string>{"old"}) << "an open game stays";
  ASSERT_EQ(gone.predictions.size(), 1U);
  book.apply(gone);
  EXPECT_EQ(book.find("a"), nullptr);
  EXPECT_NE(book.find("b"), nullptr);
  EXPECT_EQ(book.find_game("old"), nullptr);
}

TEST(sports_book, offers_games_that_can_be_predicted) {
  sports_book book;
  feed(book, update_of("later", start_us + 1));
  feed(book, update_of("b", start_us));
  feed(book, update_of("a", start_us));
  feed(book, update_of("begun", early_us));
  feed(book, decided(update_of("known", start_us), game_outcome::draw, early_us));
  const auto offered = book.offered(early_us, 2);
  ASSERT_EQ(offered.size(), 2U);
  EXPECT_EQ(offered[0].external_id, "a");
  EXPECT_EQ(offered[1].external_id, "b");
  EXPECT_EQ(book.offered(early_us, 9).size(), 3U);
}

} // namespace
} // namespace sluice::test
