#include "rules/sports/game_page.hpp"

#include <gtest/gtest.h>

#include <random>

namespace sluice::test {
namespace {

const std::string feed_page_row
  = R"({"externalId":"g1","teamA":"North","teamB":"South","sport":"soccer","league":"one",)"
    R"("date":"2026-01-31T18:30:00Z","outcome":"Unfinished","teamAOdds":1.95,"teamBOdds":"2.1",)"
    R"("drawOdds":3.4,"canDraw":true,"somethingElse":[1,2]})";

TEST(sports_game_page, is_a_list_or_an_object_with_one) {
  for (const auto& text : {"[" + feed_page_row + "]", R"({"items":[)" + feed_page_row + "]}",
                           R"({"totalCount":7,"data":[)" + feed_page_row + "]}"}) {
    const auto page = read_game_page(text, "page 0", 77);
    ASSERT_TRUE(page) << page.error().what;
    EXPECT_EQ(page->rows, 1U);
    ASSERT_EQ(page->games.size(), 1U);
    const auto& x = page->games[0];
    EXPECT_EQ(x.external_id, "g1");
    EXPECT_EQ(x.at_us, 77);
    EXPECT_EQ(x.team_a_odds, 1'950'000'000);
    EXPECT_EQ(x.team_b_odds, 2'100'000'000);
    EXPECT_EQ(x.tie_odds, 3'400'000'000);
    EXPECT_EQ(x.outcome, game_outcome::undecided);
  }
  EXPECT_EQ(read_game_page(R"({"totalCount":7,"data":[]})", "page 0", 1)->total, 7U);
  EXPECT_FALSE(read_game_page("[]", "page 0", 1)->total);
}

TEST(sports_game_page, passes_over_rows_that_are_no_games_and_states_why) {
  const auto page = read_game_page(R"([5,{"externalId":"g2"},)" + feed_page_row + "]", "page 3", 1);
  ASSERT_TRUE(page);
  EXPECT_EQ(page->rows, 3U);
  EXPECT_EQ(page->games.size(), 1U);
  EXPECT_EQ(page->rejected, 2U);
  ASSERT_EQ(page->why.size(), 2U);
  EXPECT_TRUE(page->why[0].starts_with("page 3: row 1: ")) << page->why[0];
  EXPECT_TRUE(page->why[1].starts_with("page 3: row 2: teamA: expected ")) << page->why[1];
}

TEST(sports_game_page, keeps_twenty_reasons_and_no_more_rows_than_it_may) {
  std::string many = "[0";
  for (size_t i = 1; i < game_feed_limits::page_rows_max; ++i)
    many += ",0";
  const auto page = read_game_page(many + "]", "page 0", 1);
  ASSERT_TRUE(page);
  EXPECT_EQ(page->rejected, game_feed_limits::page_rows_max);
  EXPECT_EQ(page->why.size(), 20U);
  EXPECT_FALSE(read_game_page(many + ",0]", "page 0", 1));
}

TEST(sports_game_page, refuses_what_is_no_page) {
  for (const std::string text : {"", "<html>", "null", "{}", R"({"items":5})", R"({"items":[)",
                                 "[1,]", R"([{"a":1,"a":2}])", "\"x\"", "[\xff]"}) {
    const auto page = read_game_page(text, "page 0", 1);
    ASSERT_FALSE(page) << text;
    EXPECT_EQ(page.error().code, ec::bad_input);
    EXPECT_TRUE(page.error().what.starts_with("page 0: ")) << page.error().what;
  }
  EXPECT_FALSE(read_game_page(std::string(100'000, '['), "page 0", 1));
  EXPECT_FALSE(read_game_page(std::string(game_feed_limits::page_bytes_max + 1, ' '), "page 0", 1));
}

TEST(sports_game_page, survives_any_damage) {
  const auto whole = "[" + feed_page_row + "," + feed_page_row + "]";
  std::mt19937 chance{11};
  for (int i = 0; i < 3000; ++i) {
    auto text = whole;
    for (int k = 0; k < 3; ++k)
      text[chance() % text.size()] = static_cast<char>(chance() % 256);
    text.resize(chance() % 4 == 0 ? chance() % text.size() : text.size());
    if (const auto page = read_game_page(text, "page 0", 1)) {
      EXPECT_EQ(page->rows, page->games.size() + page->rejected) << "seed 11, number " << i;
    }
  }
}

} // namespace
} // namespace sluice::test
