#include "rules/sports/gateway_picks.hpp"

#include <gtest/gtest.h>

#include <limits>
#include <random>
#include <set>

namespace sluice {
namespace {

constexpr int64_t gateway_hour_us = 3'600'000'000;
constexpr int64_t gateway_now_us = 1'767'225'600'000'000;

sports_game gateway_game(const std::string& id, int64_t start_us) {
  sports_game x;
  x.external_id = id;
  x.team_a = "A";
  x.team_b = "B";
  x.start_us = start_us;
  x.team_a_odds = 2 * nano_one;
  x.team_b_odds = 2 * nano_one;
  return x;
}

sports_question gateway_question(std::vector<sports_game> games, int64_t now_us = gateway_now_us) {
  sports_question x;
  x.now_us = now_us;
  x.games = std::move(games);
  x.daily_left = 100 * nano_one;
  return x;
}

/// A pick of 10 of team A on everything that is not decided.
void decide_all(gateway_picks& picks, const sports_question& question) {
  const auto games = picks.undecided(question);
  std::vector<game_pick> made;
  for (size_t i = 0; i < games.size(); ++i) {
    sports_pick pick;
    pick.wager = 10 * nano_one;
    made.push_back({i, pick});
  }
  picks.decide(games, made, {7}, question.now_us);
}

std::vector<std::string> games_in(const std::vector<prediction_claim>& all) {
  std::vector<std::string> made;
  for (const auto& x : all)
    made.push_back(x.game_id.text);
  return made;
}

prediction_answer
gateway_answer(const prediction_claim& x, prediction_code code, bool same = false) {
  prediction_answer made;
  made.prediction_id = x.prediction_id.text;
  made.code = code;
  made.same = same;
  return made;
}

using names = std::vector<std::string>;

TEST(gateway_picks, say_the_same_until_there_is_an_answer) {
  gateway_picks picks{{"me"}};
  auto question = gateway_question({gateway_game("late", gateway_now_us + 2 * gateway_hour_us),
                                    gateway_game("early", gateway_now_us + gateway_hour_us)});
  decide_all(picks, question);
  const auto first = picks.claims_for(question);
  EXPECT_EQ(games_in(first), (names{"early", "late"}));
  question.now_us += 1'000'000;
  question.games[0].team_a_odds += 1; // what was said stays
  decide_all(picks, question);
  EXPECT_EQ(picks.claims_for(question), first);
  EXPECT_EQ(picks.left_for_new(question), 80 * nano_one) << "it may not be counted over there yet";
  EXPECT_TRUE(picks.take(gateway_answer(first[0], prediction_code::accepted)));
  EXPECT_FALSE(picks.take(gateway_answer(first[0], prediction_code::accepted)));
  EXPECT_TRUE(picks.take(gateway_answer(first[1], prediction_code::storage_error)));
  EXPECT_EQ(games_in(picks.claims_for(question)), (names{"late"})) << "that is no last word";
  EXPECT_TRUE(picks.take(gateway_answer(first[1], prediction_code::invalid_wager)));
  EXPECT_TRUE(picks.claims_for(question).empty());
  EXPECT_TRUE(picks.undecided(question).empty()) << "both are decided";
  EXPECT_EQ(picks.counts(), (gateway_pick_counts{2, 1, 1, 0, 0}));
}

TEST(gateway_picks, have_ids_that_follow_from_hotkey_and_game) {
  const auto question = gateway_question({gateway_game("g", gateway_now_us + gateway_hour_us)});
  std::set<std::string> ids;
  for (const auto* key : {"me", "me", "other"}) {
    gateway_picks picks{{key}};
    decide_all(picks, question);
    ids.insert(picks.claims_for(question).front().prediction_id.text);
  }
  EXPECT_EQ(ids.size(), 2U);
  gateway_picks again{{"me"}};
  decide_all(again, question);
  again.take(gateway_answer(again.claims_for(question).front(),
                            prediction_code::duplicate_prediction, false));
  EXPECT_EQ(again.counts().confirmed, 1U) << "an earlier run predicted it";
}

TEST(gateway_picks, decide_again_when_the_odds_moved_but_not_for_ever) {
  gateway_picks picks{{"me"}};
  auto question = gateway_question({gateway_game("g", gateway_now_us + gateway_hour_us)});
  for (int i = 0; i < 5; ++i) {
    question.games[0].team_a_odds += nano_one;
    decide_all(picks, question);
    for (const auto& x : picks.claims_for(question)) {
      EXPECT_EQ(x.predicted_odds.text, text_of_nano(question.games[0].team_a_odds));
      picks.take(gateway_answer(x, prediction_code::odds_mismatch));
    }
  }
  EXPECT_EQ(picks.counts(), (gateway_pick_counts{3, 0, 3, 0, 0}));
}

TEST(gateway_picks, forget_games_that_have_begun) {
  gateway_picks picks{{"me"}};
  const auto game = gateway_game("g", gateway_now_us + 1);
  decide_all(picks, gateway_question({game}));
  const auto claim = picks.claims_for(gateway_question({game})).front();
  EXPECT_TRUE(picks.undecided(gateway_question({game}, gateway_now_us + 1)).empty());
  EXPECT_EQ(picks.counts(), (gateway_pick_counts{1, 0, 0, 0, 1}));
  EXPECT_FALSE(picks.take(gateway_answer(claim, prediction_code::accepted)));
  auto open = gateway_question({game});
  open.daily_left.reset();
  EXPECT_EQ(picks.left_for_new(open), std::numeric_limits<nano>::max());
}

// Whatever is lost or said twice, every prediction is confirmed once, refused, pending or expired.
TEST(gateway_picks, account_for_everything_whatever_is_lost) {
  for (uint64_t seed = 1; seed <= 20; ++seed) {
    SCOPED_TRACE("seed " + std::to_string(seed));
    std::mt19937_64 chance{seed};
    gateway_picks picks{{"me"}};
    std::set<std::string> stored; // the validator's
    uint64_t notices = 0;
    for (int step = 0; step < 200; ++step) {
      const auto now = gateway_now_us + step * gateway_hour_us / 4;
      std::vector<sports_game> games;
      for (int i = step / 4; i < step / 4 + 5; ++i)
        games.push_back(gateway_game(std::to_string(i), gateway_now_us + i * gateway_hour_us));
      const auto question = gateway_question(std::move(games), now);
      decide_all(picks, question);
      const auto claims = picks.claims_for(question);
      if (chance() % 4 == 0)
        continue; // the answer is lost
      for (const auto& x : claims) {
        const bool is_new = stored.insert(x.prediction_id.text).second;
        if (chance() % 4 == 0)
          continue; // its confirmation is
        const auto answer = is_new ? gateway_answer(x, prediction_code::accepted)
                                   : gateway_answer(x, prediction_code::duplicate_prediction, true);
        EXPECT_TRUE(picks.take(answer));
        EXPECT_FALSE(picks.take(answer));
        ++notices;
      }
      const auto& all = picks.counts();
      EXPECT_EQ(all.made, all.confirmed + all.refused + all.pending + all.expired);
      EXPECT_EQ(all.confirmed, notices);
    }
    EXPECT_LE(notices, stored.size());
    EXPECT_GT(notices, 20U);
  }
}

} // namespace
} // namespace sluice
