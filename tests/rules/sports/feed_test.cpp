#include "rules/sports/feed.hpp"

#include <gtest/gtest.h>

#include <vector>

namespace sluice::test {
namespace {

constexpr int64_t feed_s = 1'000'000;
constexpr int64_t feed_now = 1'767'225'600 * feed_s + 12 * 3600 * feed_s + 345; // 2026-01-01 noon

game_page page_of(std::vector<std::string> ids, std::optional<uint64_t> total = {}) {
  game_page x;
  x.rows = ids.size();
  x.total = total;
  for (auto& id : ids) {
    game_update game;
    game.external_id = std::move(id);
    x.games.push_back(game);
  }
  return x;
}

TEST(sports_feed, asks_for_what_changed_since_the_last_reading_that_brought_something) {
  const game_feed_settings feed;
  const auto first = feed_window(feed, std::nullopt, feed_now);
  EXPECT_EQ(first.start_from_us, (1'767'225'600 - 15 * 86'400) * feed_s); // a midnight
  EXPECT_EQ(first.updated_from_us, first.start_from_us);
  EXPECT_EQ(first.begun_us, feed_now);
  const auto later = feed_window(feed, feed_now, feed_now + 600 * feed_s);
  EXPECT_EQ(later.updated_from_us, feed_now - 345 - 300 * feed_s);
  EXPECT_EQ(later.start_from_us, first.start_from_us);
  const auto still = feed_window(feed, feed_now, feed_now + 1200 * feed_s);
  EXPECT_EQ(still.updated_from_us, later.updated_from_us); // nothing changed: the same question
  const auto old = feed_window(feed, feed_now - 400 * 86'400 * feed_s, feed_now);
  EXPECT_EQ(old.updated_from_us, old.start_from_us);
}

TEST(sports_feed, a_list_ends_with_a_page_that_is_not_full_or_where_the_feed_states_it) {
  game_feed_list list{{}, 2};
  EXPECT_EQ(*list.take(page_of({"a", "b"})), feed_list_state::reading);
  EXPECT_EQ(list.page(), 1U);
  EXPECT_EQ(*list.take(page_of({"c"})), feed_list_state::complete);
  EXPECT_EQ(list.games().size(), 3U);
  game_feed_list stated{{}, 2};
  EXPECT_EQ(*stated.take(page_of({"a", "b"}, 4)), feed_list_state::reading);
  EXPECT_EQ(*stated.take(page_of({"c", "d"}, 4)), feed_list_state::complete);
  game_feed_list empty{{}, 2};
  EXPECT_EQ(*empty.take(page_of({})), feed_list_state::complete);
}

TEST(sports_feed, of_a_game_on_two_pages_the_later_one_counts) {
  game_feed_list list{{}, 2};
  ASSERT_TRUE(list.take(page_of({"a", "b"})));
  auto moved = page_of({"b"});
  moved.games[0].team_a = "later";
  ASSERT_TRUE(list.take(moved));
  ASSERT_EQ(list.games().size(), 2U);
  EXPECT_EQ(list.games()[1].team_a, "later");
}

TEST(sports_feed, a_feed_without_an_end_is_no_list) {
  game_feed_list stuck{{}, 2};
  ASSERT_TRUE(stuck.take(page_of({"a", "b"})));
  const auto again = stuck.take(page_of({"a", "b"}));
  ASSERT_FALSE(again);
  EXPECT_EQ(again.error().code, ec::corrupt_data);
  EXPECT_EQ(stuck.page(), 1U);
  game_feed_list endless{{}, 1};
  for (size_t i = 0; i < game_feed_limits::pages_max; ++i)
    ASSERT_TRUE(endless.take(page_of({std::to_string(i)})));
  EXPECT_EQ(endless.take(page_of({"more"})).error().code, ec::corrupt_data);
}

TEST(sports_feed, knows_what_is_new) {
  known_feed_games known;
  auto games = page_of({"a", "b"}).games;
  EXPECT_TRUE(known.note(games));
  games[0].at_us = 99;
  EXPECT_FALSE(known.note(games));
  games[1].team_a_odds = 2 * nano_one;
  EXPECT_TRUE(known.note(games));
  EXPECT_FALSE(known.note({}));
}

TEST(sports_feed, goes_through_pages_that_are_as_they_were) {
  game_feed_list list{{}, 2};
  EXPECT_EQ(*list.same(2), feed_list_state::reading);
  EXPECT_EQ(*list.same(1), feed_list_state::complete);
  EXPECT_EQ(list.rows(), (std::vector<uint64_t>{2, 1}));
  EXPECT_TRUE(list.games().empty());
}

TEST(sports_feed, tries_again_what_may_pass_and_waits_as_long_as_it_is_wanted) {
  const game_feed_settings feed; // 3 retries
  const auto on
    = [&](unsigned status, const std::string& wish, uint64_t failures, bool conditional = false) {
        return decide_feed(feed, {status, "no answer came", wish}, conditional, failures, 0, 0);
      };
  EXPECT_EQ(on(200, "", 1).verdict, feed_verdict::take);
  EXPECT_EQ(on(304, "", 1, true).verdict, feed_verdict::same);
  EXPECT_EQ(on(304, "", 1).verdict, feed_verdict::give_up); // nobody asked for that
  for (const unsigned status : {0U, 408U, 429U, 500U, 503U}) {
    EXPECT_EQ(on(status, "", 3).verdict, feed_verdict::again) << status;
    EXPECT_EQ(on(status, "", 4).verdict, feed_verdict::give_up) << status;
  }
  for (const unsigned status : {400U, 401U, 403U, 404U, 418U})
    EXPECT_EQ(on(status, "", 1).verdict, feed_verdict::give_up) << status;
  EXPECT_EQ(on(500, "", 1).pause_ms, 1000U);
  EXPECT_EQ(on(500, "", 2).pause_ms, 2000U);
  EXPECT_EQ(on(500, "", 3).pause_ms, 4000U);
  EXPECT_EQ(on(503, "40", 1).pause_ms, 40'000U);
  EXPECT_EQ(on(429, "", 1).pause_ms, 60'000U);
  EXPECT_EQ(on(429, "99999", 1).pause_ms, 3'600'000U);
  EXPECT_EQ(decide_feed(feed, {503, "", "40"}, false, 1, 4000, 0).pause_ms, 44'000U);
  EXPECT_NE(on(401, "", 1).why.find("key_file"), std::string::npos);
  EXPECT_EQ(on(0, "", 4).why, "no answer came (4 attempts)");
}

} // namespace
} // namespace sluice::test
