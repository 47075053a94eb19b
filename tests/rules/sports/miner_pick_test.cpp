#include "rules/sports/json_claim.hpp"
#include "rules/sports/miner_pick.hpp"
#include "tests/rules/sports/sports_world.hpp"

#include <gtest/gtest.h>

#include <random>

namespace sluice::test {
namespace {

sports_game pick_game(const std::string& id, int64_t start_us) {
  sports_book book;
  return book.after(with_ties(update_of(id, start_us)));
}

TEST(miner_picks, take_games_that_can_be_predicted_those_that_begin_first_in_front) {
  std::map<std::string, sports_game> games;
  const auto add = [&](const sports_game& x) { games[x.external_id] = x; };
  const auto now = sports_midnight_us;
  add(pick_game("late", now + 2));
  add(pick_game("b", now + 1));
  add(pick_game("a", now + 1));
  add(pick_game("begun", now));
  add(pick_game("done", now + 5));
  auto over = pick_game("over", now + 5);
  over.state = game_state::void_;
  add(over);
  std::vector<std::string> made;
  for (const auto& x : games_to_predict(games, {"done"}, now))
    made.push_back(x.external_id);
  EXPECT_EQ(made, (std::vector<std::string>{"a", "b", "late"}));
  for (size_t i = 0; i < 2 * offered_games_max; ++i)
    add(pick_game("more" + std::to_string(i), now + 9));
  EXPECT_EQ(games_to_predict(games, {}, now).size(), offered_games_max);
}

TEST(miner_picks, know_news_from_what_was_sent_again) {
  const auto known = pick_game("g", sports_midnight_us + 1);
  auto game = known;
  game.updated_us += 7;
  EXPECT_FALSE(is_news(known, game)) << "only a later look";
  game.team_a_odds += 1;
  EXPECT_TRUE(is_news(known, game));
  EXPECT_TRUE(is_news({}, known));
}

TEST(miner_picks, send_what_a_validator_that_knows_the_game_accepts) {
  sports_book book;
  const auto update = with_ties(update_of("g", sports_midnight_us + sports_hour_us));
  feed(book, update);
  for (const auto outcome : {game_outcome::team_a, game_outcome::team_b, game_outcome::draw}) {
    sports_pick pick;
    pick.prediction_id = random_prediction_id(static_cast<uint64_t>(outcome), 1);
    pick.outcome = outcome;
    pick.wager = 10'250'000'000;
    pick.model_name = "elo";
    pick.confidence = 612'345'000;
    const auto data = data_of_pick(pick, book.after(update), {1}, sports_midnight_us);
    const auto claim = claim_of_json(data);
    ASSERT_TRUE(claim) << claim.error().what;
    const auto answer = take(book, arrival_of(*claim, sports_midnight_us));
    EXPECT_EQ(answer.code, prediction_code::accepted) << answer.message << ' ' << data;
    EXPECT_EQ(answer.outcome, outcome);
    const auto again = take(book, arrival_of(*claim, sports_midnight_us + 1));
    EXPECT_TRUE(again.confirmed() && again.same) << "the same bytes are the same prediction";
  }
}

TEST(miner_picks, have_uuids_of_version_4_for_ids) {
  EXPECT_EQ(random_prediction_id(0, 0), "00000000-0000-4000-8000-000000000000");
  EXPECT_EQ(random_prediction_id(~uint64_t{0}, ~uint64_t{0}),
            "ffffffff-ffff-4fff-bfff-ffffffffffff");
  EXPECT_EQ(random_prediction_id(0x0123456789abcdef, 0xfedcba9876543210),
            "01234567-89ab-4def-bedc-ba9876543210");
}

} // namespace
} // namespace sluice::test
