#include "rules/sports/feed_row.hpp"
#include "rules/sports/json_claim.hpp"
#include "tests/rules/sports/sports_world.hpp"

namespace sluice::test {
namespace {

TEST(feed_row, reads_back_what_was_written) {
  for (auto game : {update_of("g", sports_midnight_us), with_ties(update_of("5", 0)),
                    decided(update_of("x", 1'000'000), game_outcome::draw, sports_midnight_us)}) {
    game.team_b = "\xc5\x81\xc3\xb3"
                  "d\xc5\xba \"B\"";
    const auto read = game_of_feed_row(feed_row_of(game), game.at_us);
    ASSERT_TRUE(read.game) << read.wrong.sentence();
    EXPECT_EQ(*read.game, game);
  }
}

TEST(feed_row, takes_what_is_missing_as_not_known) {
  const auto read = game_of_feed_row(
    R"({"externalId": "a", "teamA": "x", "teamB": "y", "date": "2025-01-06 10:30", "more": {}})",
    9);
  ASSERT_TRUE(read.game) << read.wrong.sentence();
  EXPECT_EQ(read.game->team_a_odds, 0);
  EXPECT_FALSE(read.game->can_tie);
  EXPECT_EQ(read.game->outcome, game_outcome::undecided);
  EXPECT_EQ(read.game->at_us, 9);
}

TEST(feed_row, has_tie_odds_only_where_a_draw_can_be) {
  const auto read = game_of_feed_row(
    R"({"externalId": "a", "teamA": "x", "teamB": "y", "date": "2025-01-06T10:30Z", )"
    R"("drawOdds": 3.3, "canDraw": false})",
    0);
  ASSERT_TRUE(read.game);
  EXPECT_FALSE(read.game->tie_odds);
}

TEST(feed_row, says_what_is_wrong) {
  const auto wrong = [](const char* text) { return game_of_feed_row(text, 0).wrong.sentence(); };
  EXPECT_EQ(wrong(R"({"teamA": "x", "teamB": "y", "date": "2025-01-06T10:30Z"})"),
            "externalId: expected a text of 1 to 64 bytes, or a whole number, got nothing");
  EXPECT_EQ(wrong(R"({"externalId": 1, "teamA": "x", "teamB": "y", "date": "2025-01-06T10:30Z", )"
                  R"("teamAOdds": 0.9})"),
            "teamAOdds: expected decimal odds above 1, or null, got 0.9");
  EXPECT_EQ(wrong(R"({"externalId": 1, "teamA": "x", "teamB": "y", "date": "2025-01-06T10:30Z", )"
                  R"("canDraw": 1})"),
            "canDraw: expected true or false, got 1");
  EXPECT_NE(wrong("[]").find("expected a JSON object"), std::string::npos);
}

TEST(json_claim, keeps_the_kind_of_every_value) {
  const auto read
    = claim_of_json(R"({"prediction_id": "p", "wager": 1.50, "miner_uid": null, "team_a": true, )"
                    R"("tie_odds": {"a": [1]}, "x": 1})");
  ASSERT_TRUE(read) << read.error().what;
  EXPECT_EQ(read->prediction_id, text_claim("p"));
  EXPECT_EQ(read->wager, number_claim("1.5"));
  EXPECT_EQ(read->miner_uid.kind, claim_kind::null);
  EXPECT_EQ(read->team_a, (claim_value{claim_kind::boolean, "true"}));
  EXPECT_EQ(read->tie_odds.kind, claim_kind::other);
  EXPECT_EQ(read->team_b.kind, claim_kind::missing);
  EXPECT_FALSE(claim_of_json("[]"));
  EXPECT_FALSE(claim_of_json(R"({"wager": 1, "wager": 2})")) << "which one?";
}

} // namespace
} // namespace sluice::test
