// Where a miner's weight comes from, against figures that were worked out by hand.
#include "rules/sports/explain.hpp"
#include "rules/sports/tier_weights.hpp"
#include "rules/sports/tiers.hpp"

#include <gtest/gtest.h>

#include <cmath>

namespace {

using namespace sluice;

constexpr int64_t hour_of_explained_us = 3'600'000'000;
constexpr int64_t explained_day = 20'000;
constexpr int64_t explained_begin_us = explained_day * 24 * hour_of_explained_us;

game_update explained_game(game_outcome outcome) {
  game_update x;
  x.at_us = explained_begin_us;
  x.external_id = "g";
  x.team_a = "Reds";
  x.team_b = "Blues";
  x.start_us = explained_begin_us + 12 * hour_of_explained_us;
  x.team_a_odds = 1'600'000'000;
  x.team_b_odds = 2'400'000'000;
  x.outcome = outcome;
  return x;
}

stored_prediction
explained_pick(uint64_t number, const char* key, game_outcome outcome, nano wager) {
  stored_prediction x;
  x.number = number;
  x.prediction_id = "p" + std::to_string(number);
  x.game_id = "g";
  x.key.value = key;
  x.uid.value = static_cast<uint16_t>(60 + number);
  x.received_us = explained_begin_us + static_cast<int64_t>(number) * hour_of_explained_us;
  x.outcome = outcome;
  x.odds = 2 * nano_one;
  x.wager = wager * nano_one;
  return x;
}

struct explained_world {
  sports_book book;
  sports_scores scores;
};

/// a (uid 61) wins 20 at 2.0, b (uid 62) loses 10 at 2.0; closing odds are 1.6 and 2.4.
explained_world make_explained() {
  explained_world made;
  made.book.put(made.book.after(explained_game(game_outcome::undecided)));
  EXPECT_TRUE(made.book.apply(explained_pick(1, "a", game_outcome::team_a, 20)));
  EXPECT_TRUE(made.book.apply(explained_pick(2, "b", game_outcome::team_b, 10)));
  made.book.put(made.book.after(explained_game(game_outcome::team_a)));
  const auto now_us = explained_begin_us + 15 * hour_of_explained_us;
  made.book.apply(made.book.due(now_us));
  const std::vector<sports_member> members{{miner_uid{61}, {"a"}, true},
                                           {miner_uid{62}, {"b"}, true}};
  const auto records = sports_records_of(made.book);
  tier_state tiers;
  advance_tiers(tiers, explained_day, explained_day, members, records, made.book.rules());
  made.scores = score_sports(now_us, members, tiers, records, {}, made.book.rules());
  return made;
}

TEST(sports_explanation, has_every_number_of_a_bet_that_was_won) {
  const auto world = make_explained();
  const auto found = explain_sports_miner(world.book, world.scores, {"a"}, 10);
  ASSERT_TRUE(found);
  ASSERT_EQ(found->bets.size(), 1U);
  const auto& bet = found->bets[0];
  EXPECT_TRUE(bet.counts);
  EXPECT_EQ(bet.day, explained_day);
  EXPECT_DOUBLE_EQ(bet.clv, 2 / 1.6);
  EXPECT_DOUBLE_EQ(bet.roi, 1);
  EXPECT_DOUBLE_EQ(bet.expected, 0.475);
  EXPECT_DOUBLE_EQ(bet.risk, 1 / 0.525);
  ASSERT_TRUE(found->daily.contains(explained_day));
  EXPECT_NEAR(found->daily.at(explained_day).composite, 0.3 * 1.25 + 0.3 + 0.3 / 0.525, 1e-12);
}

TEST(sports_explanation, adds_up_to_the_weight_of_the_scoring) {
  const auto world = make_explained();
  for (const auto& x : world.scores.miners) {
    const auto found = explain_sports_miner(world.book, world.scores, x.key, 10);
    ASSERT_TRUE(found);
    EXPECT_NEAR(found->weight.weight, x.weight, 1e-15);
    EXPECT_EQ(found->weight.of, 2U);
    EXPECT_NEAR(found->weight.total, 1 + std::exp(12.0), 1e-6);
    EXPECT_NEAR(found->tiers.at(0).score, x.tier_score, 1e-15);
  }
  const auto best = explain_sports_miner(world.book, world.scores, {"a"}, 10);
  EXPECT_EQ(best->weight.place, 1U);
}

TEST(sports_explanation, states_what_keeps_a_miner_in_its_tier) {
  const auto world = make_explained();
  const auto found = explain_sports_miner(world.book, world.scores, {"a"}, 10);
  EXPECT_EQ(found->standing.tier, 1);
  EXPECT_NE(found->why_not_higher.find("wagered 20 in 7 days"), std::string::npos)
    << found->why_not_higher;
  EXPECT_NE(found->why_not_higher.find("4000"), std::string::npos) << found->why_not_higher;
  auto scores = world.scores;
  scores.miners[0].tier = 5;
  EXPECT_EQ(explain_sports_miner(world.book, scores, {"a"}, 1)->why_not_higher,
            "there is no higher tier");
  scores.miners[0].tier = 0;
  EXPECT_TRUE(explain_sports_miner(world.book, scores, {"a"}, 1)
                ->why_not_higher.starts_with("it is in no tier"));
  EXPECT_EQ(explain_sports_miner(world.book, scores, {"a"}, 1)->weight.weight, 0);
}

TEST(sports_explanation, shows_no_more_bets_than_asked_and_counts_all) {
  auto world = make_explained();
  auto next = explained_game(game_outcome::undecided);
  next.external_id = "h";
  world.book.put(world.book.after(next));
  auto pick = explained_pick(3, "a", game_outcome::team_a, 5);
  pick.game_id = "h";
  ASSERT_TRUE(world.book.apply(pick));
  const auto found = explain_sports_miner(world.book, world.scores, {"a"}, 1);
  ASSERT_EQ(found->bets.size(), 1U);
  EXPECT_EQ(found->bets[0].what.prediction_id, "p3"); // the newest
  EXPECT_FALSE(found->bets[0].counts);
  EXPECT_EQ(found->bets_in_all, 2U);
  EXPECT_FALSE(explain_sports_miner(world.book, world.scores, {"c"}, 1));
}

} // namespace
