#include "rules/sports/command_picks.hpp"
#include "rules/sports/feed_row.hpp"

#include <gtest/gtest.h>

namespace sluice {
namespace {

sports_game command_game(const std::string& id, bool can_tie = false) {
  sports_game x;
  x.external_id = id;
  x.team_a = "Reds \"1904\"";
  x.team_b = "Blues";
  x.sport = "soccer";
  x.league = "first";
  x.start_us = 1'767'312'000'000'000;
  x.team_a_odds = 1'950'000'000;
  x.team_b_odds = 3'400'000'000;
  x.can_tie = can_tie;
  if (can_tie)
    x.tie_odds = 3'100'000'000;
  return x;
}

const std::vector<sports_game> command_games{command_game("g1"), command_game("g2", true)};

std::string fault_of(const std::string& output, nano left = 100 * nano_one) {
  const auto made = picks_of_command(output, command_games, left);
  EXPECT_FALSE(made) << output;
  return made ? "" : made.error().what;
}

TEST(command_picks, ask_by_rows_of_the_feed) {
  const auto text = command_input(command_games);
  size_t at = 0;
  for (const auto& game : command_games) {
    const auto end = text.find('\n', at);
    ASSERT_NE(end, std::string::npos);
    const auto row = game_of_feed_row(text.substr(at, end - at), 0);
    ASSERT_TRUE(row.game) << row.wrong.sentence();
    EXPECT_EQ(row.game->external_id, game.external_id);
    EXPECT_EQ(row.game->team_a, game.team_a);
    EXPECT_EQ(row.game->start_us, game.start_us);
    EXPECT_EQ(row.game->tie_odds, game.tie_odds);
    EXPECT_EQ(row.game->outcome, game_outcome::undecided);
    at = end + 1;
  }
  EXPECT_EQ(at, text.size());
}

TEST(command_picks, are_read_by_number_name_or_tie) {
  const auto made
    = picks_of_command("\n{\"externalId\": \"g2\", \"outcome\": \"tie\", \"wager\": 10.25}\r\n"
                       "{\"externalId\":\"g1\",\"outcome\":\"Reds \\\"1904\\\"\",\"wager\":\"3\","
                       "\"confidence\":0.75,\"note\":\"passed over\"}",
                       command_games, 100 * nano_one);
  ASSERT_TRUE(made) << made.error().what;
  ASSERT_EQ(made->size(), 2U);
  EXPECT_EQ(made->front().game, 1U);
  EXPECT_EQ(made->front().pick.outcome, game_outcome::draw);
  EXPECT_EQ(made->front().pick.wager, 10'250'000'000);
  EXPECT_FALSE(made->front().pick.confidence);
  EXPECT_EQ(made->front().pick.model_name, "exec");
  EXPECT_EQ(made->back().game, 0U);
  EXPECT_EQ(made->back().pick.outcome, game_outcome::team_a);
  EXPECT_EQ(made->back().pick.confidence, 750'000'000);
  const auto numbers = picks_of_command("{\"externalId\":\"g1\",\"outcome\":1,\"wager\":1}\n"
                                        "{\"externalId\":\"g2\",\"outcome\":2,\"wager\":1}\n",
                                        command_games, 2 * nano_one);
  ASSERT_TRUE(numbers) << numbers.error().what;
  EXPECT_EQ(numbers->front().pick.outcome, game_outcome::team_b);
  EXPECT_EQ(numbers->back().pick.outcome, game_outcome::draw);
  EXPECT_TRUE(picks_of_command("", command_games, 0)->empty()) << "nothing is predicted";
}

TEST(command_picks, state_the_line_and_what_is_wrong_with_it) {
  EXPECT_EQ(fault_of("\n{\"externalId\":\"g9\",\"outcome\":0,\"wager\":1}\n"),
            "line 2: externalId: expected the id of a game that was asked about, got \"g9\"");
  EXPECT_EQ(fault_of("{\"externalId\":\"g1\",\"outcome\":2,\"wager\":1}\n"),
            "line 1: outcome: expected 0, 1 or the name of a team, got \"2\"");
  EXPECT_EQ(fault_of("{\"externalId\":\"g1\",\"wager\":1}\n"),
            "line 1: outcome: expected 0, 1 or the name of a team, got nothing");
  EXPECT_EQ(fault_of("{\"externalId\":\"g2\",\"outcome\":\"draw?\",\"wager\":1}\n"),
            "line 1: outcome: expected 0, 1, 2, tie or the name of a team, got \"draw?\"");
  for (const auto* wager : {"0", "-1", "\"much\"", "null", "true"})
    EXPECT_TRUE(
      fault_of("{\"externalId\":\"g1\",\"outcome\":0,\"wager\":" + std::string{wager} + "}")
        .starts_with("line 1: wager: expected a number above 0"))
      << wager;
  EXPECT_EQ(fault_of("{\"externalId\":\"g1\",\"outcome\":0,\"wager\":1,\"confidence\":1.5}"),
            "line 1: confidence: expected 0 to 1, got \"1.5\"");
  EXPECT_EQ(fault_of("{\"externalId\":\"g1\",\"outcome\":0,\"wager\":1}\n"
                     "{\"externalId\":\"g1\",\"outcome\":1,\"wager\":1}\n"),
            "line 2: externalId: expected each game once, got g1 again");
  EXPECT_EQ(fault_of("{\"externalId\":\"g1\",\"outcome\":0,\"wager\":1.5}\n"
                     "{\"externalId\":\"g2\",\"outcome\":1,\"wager\":1}\n",
                     2 * nano_one),
            "line 2: wager: expected at most 0.5, which is left of the day, got 1");
  for (const auto* text : {"[]", "{", "Traceback (most recent call last):", "{\"a\":1,\"a\":2}"})
    EXPECT_TRUE(fault_of(text).starts_with("line 1: ")) << text;
}

} // namespace
} // namespace sluice
