#include "actors/sports/public_view.hpp"

#include <gtest/gtest.h>

namespace sluice {
namespace {

sports_game seen_game(std::string id, int64_t updated_us) {
  sports_game x;
  x.external_id = std::move(id);
  x.updated_us = updated_us;
  return x;
}

std::vector<std::string> ids_since(const sports_public_view& view, int64_t since_us,
                                   std::string after = "", size_t limit = 10) {
  std::vector<std::string> made;
  for (const auto& x : view.games({since_us, std::move(after), limit}))
    made.push_back(x.external_id);
  return made;
}

TEST(sports_public_view, lists_games_by_when_they_changed) {
  using ids = std::vector<std::string>;
  sports_public_view view;
  view.open({seen_game("b", 10), seen_game("a", 10), seen_game("c", 5)});
  EXPECT_EQ(ids_since(view, 0), (ids{"c", "a", "b"}));
  EXPECT_EQ(ids_since(view, 10, "a"), ids{"b"}) << "behind the last that was read";
  EXPECT_EQ(ids_since(view, 0, "", 2), (ids{"c", "a"}));
  view.put(std::vector{seen_game("c", 20)});
  EXPECT_EQ(ids_since(view, 0), (ids{"a", "b", "c"})) << "once, where it is now";
  auto decided = seen_game("a", 20);
  decided.ended_us = 30;
  view.put(std::vector{decided});
  EXPECT_EQ(ids_since(view, 20, "c"), ids{"a"});
  view.forget(std::vector<std::string>{"b", "nobody"});
  EXPECT_EQ(ids_since(view, 0), (ids{"c", "a"}));
}

TEST(sports_public_view, knows_who_is_registered_and_where_they_stand) {
  sports_public_view view;
  EXPECT_FALSE(view.registered({"a"}));
  view.set_registered({{{"a"}, {3}}});
  EXPECT_EQ(view.registered({"a"}), miner_uid{3});
  sports_standing x;
  x.key = {"a"};
  x.wins = 4;
  view.set_standings(std::vector{x});
  EXPECT_EQ(view.standing({"a"})->wins, 4U);
  view.set_registered({});
  EXPECT_FALSE(view.registered({"a"}));
  view.set_standings({});
  EXPECT_FALSE(view.standing({"a"}));
}

} // namespace
} // namespace sluice
