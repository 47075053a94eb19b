// A small world whose figures were worked out by hand: the audit finds it the same, and names each
// change that is made to it.
#include "storage/sports/audit.hpp"
#include "storage/sports/writer.hpp"
#include "tests/storage/sports/sports_disk.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <functional>

namespace sluice::storage {
namespace {

constexpr int64_t audit_day = 20'000;
constexpr int64_t audit_hour_us = 3'600'000'000;
constexpr int64_t audit_begin_us = audit_day * 24 * audit_hour_us;

sports_game audit_game() {
  sports_game made;
  made.external_id = "g1";
  made.team_a = "A";
  made.team_b = "B";
  made.start_us = audit_begin_us + 12 * audit_hour_us;
  made.team_a_odds = 1'800'000'000; // closing
  made.team_b_odds = 2'500'000'000;
  made.outcome = game_outcome::team_a;
  made.state = game_state::decided;
  made.updated_us = made.ended_us = audit_begin_us + 14 * audit_hour_us;
  return made;
}

struct audit_pick {
  const char* key;
  game_outcome outcome;
  nano odds;
  nano wager;
  double raw;
  double entropy;
};

/// a and b choose the same: b an hour later with half the wager, so similarity 0.5 * 0.5 + 0.4 *
/// 0.5 + 0.1 = 0.55, contrarian sqrt(1 - 1/1) - 0.5, raw -0.6 * 0.55 - 0.4 * 0.5 = -0.53.
const std::vector<audit_pick> audit_picks{
  {"a", game_outcome::team_a, 2 * nano_one, 100 * nano_one, 0.2, 0},
  {"b", game_outcome::team_a, 2 * nano_one, 50 * nano_one, -0.53, -10},
  {"c", game_outcome::team_b, 3 * nano_one, 10 * nano_one, 0.2, 0}};

stored_prediction audit_row(uint64_t number) {
  const auto& pick = audit_picks[number - 1];
  auto row = test::sports_row(number, "g1", pick.key, pick.wager);
  row.received_us = audit_begin_us + static_cast<int64_t>(number) * audit_hour_us;
  row.outcome = pick.outcome;
  row.odds = pick.odds;
  row.raw_entropy = pick.raw;
  row.entropy = pick.entropy;
  const bool won = pick.outcome == game_outcome::team_a;
  row.state = won ? prediction_state::won : prediction_state::lost;
  row.payout = won ? 2 * pick.wager : 0;
  row.settled_us = audit_begin_us + 14 * audit_hour_us;
  return row;
}

/// As accepted, then as settled.
void put_both(batch& out, const stored_prediction& x) {
  auto open = x;
  open.state = prediction_state::stored;
  open.payout = 0;
  open.settled_us = 0;
  add_accepted(out, open);
  add_settled(out, x);
}

std::map<miner_day, daily_score> audit_days() {
  const double won = 1 / 0.525;                          // ROI 1 over a risk of 1 - 0.95 / 2
  const double lost = -1 / (0.95 / 3 + 1e-5);            // ROI -1
  const double both = 0.3 * (2 / 1.8) + 0.3 + 0.3 * won; // without entropy
  return {{{audit_day, hotkey{"a"}}, {1, 2 / 1.8, 1, won, 0, both}},
          {{audit_day, hotkey{"b"}}, {1, 2 / 1.8, 1, won, -10, both - 1}},
          {{audit_day, hotkey{"c"}}, {1, 1.2, -1, lost, 0, 0.36 - 0.3 + 0.3 * lost}}};
}

/// a is in tier 2, b and c in tier 1, in that order of their scores.
sports_scoring audit_scoring() {
  sports_scoring made;
  made.number = 1;
  made.scores.now_us = audit_begin_us + 20 * audit_hour_us;
  const double c = 1;
  const double b = std::exp(6.0);
  const double a = std::exp(12.0) + 0.15;
  const double sum = a + b + c;
  const auto add = [&](uint16_t uid, const char* key, uint8_t tier, double score, double weight) {
    sports_standing x;
    x.uid.value = uid;
    x.key.value = key;
    x.tier = tier;
    x.tier_score = score;
    x.weight = weight / sum;
    made.scores.miners.push_back(x);
  };
  add(0, "a", 2, 0.1, a);
  add(1, "b", 1, 0.07, b);
  add(2, "c", 1, -0.3, c);
  auto& miners = made.scores.miners;
  miners[0].wins = miners[1].wins = miners[2].losses = 1;
  miners[0].lifetime_wager = 100 * nano_one;
  miners[0].lifetime_earnings = 200 * nano_one;
  miners[1].lifetime_wager = 50 * nano_one;
  miners[1].lifetime_earnings = 100 * nano_one;
  miners[0].lifetime_roi = miners[1].lifetime_roi = 1;
  miners[2].lifetime_wager = 10 * nano_one;
  miners[2].lifetime_roi = -1;
  return made;
}

weights_attempt audit_attempt(uint64_t number) {
  weights_attempt made;
  made.number = number;
  made.end = weights_end::succeeded;
  made.vector = {{miner_uid{0}, 0.75}, {miner_uid{1}, 0.25}};
  return made;
}

/// Its rows; then whatever `change` puts over them.
struct audit_world {
  test::sports_disk disk;
  explicit audit_world(const std::function<void(batch&)>& change = {}) {
    batch out;
    add_game(out, audit_game());
    for (uint64_t i = 1; i <= 3; ++i)
      put_both(out, audit_row(i));
    add_daily(out, audit_days());
    const std::vector<tier_move> moves{{audit_day, miner_uid{0}, hotkey{"a"}, 0, 1},
                                       {audit_day + 1, miner_uid{0}, hotkey{"a"}, 1, 2},
                                       {audit_day, miner_uid{1}, hotkey{"b"}, 0, 1}};
    EXPECT_TRUE(
      add_tiers(disk.dir, out, {{{hotkey{"a"}, 2}, {hotkey{"b"}, 1}}, audit_day + 1}, moves));
    add_scoring(out, audit_scoring());
    add_attempt(out, audit_attempt(1));
    add_attempt(out, audit_attempt(2));
    if (change)
      change(out);
    EXPECT_TRUE(disk.dir.commit(out));
  }

  std::string first_difference() const {
    const auto found = audit_sports(disk.dir);
    EXPECT_TRUE(found) << found.error().what;
    for (const auto& x : *found)
      if (!x.difference.empty())
        return x.what + ": " + x.difference;
    return "same";
  }
};

TEST(sports_audit, finds_an_empty_folder_and_a_world_worked_out_by_hand_the_same) {
  test::sports_disk empty;
  const auto nothing_there = audit_sports(empty.dir);
  ASSERT_TRUE(nothing_there);
  ASSERT_EQ(nothing_there->size(), 8U);
  for (const auto& x : *nothing_there)
    EXPECT_EQ(x.difference, "") << x.what;
  const audit_world world;
  EXPECT_EQ(world.first_difference(), "same");
  uint64_t checked = 0;
  const auto found = audit_sports(world.disk.dir); // what a loop goes over must outlive it
  ASSERT_TRUE(found);
  for (const auto& x : *found) {
    EXPECT_GT(x.checked, 0U) << x.what;
    checked += x.checked;
  }
  EXPECT_GT(checked, 60U);
}

using audit_change = std::function<void(batch&)>;

audit_change changed_row(uint64_t number, const std::function<void(stored_prediction&)>& change) {
  return [=](batch& out) {
    auto x = audit_row(number);
    change(x);
    add_settled(out, x);
  };
}

audit_change changed_scoring(const std::function<void(sports_scoring&)>& change) {
  return [=](batch& out) {
    auto x = audit_scoring();
    change(x);
    add_scoring(out, x);
  };
}

TEST(sports_audit, names_the_first_thing_that_is_not_what_its_inputs_make) {
  const std::vector<std::pair<std::string, audit_change>> cases{
    {"sports predictions: prediction 2: its checksum is another than when it was accepted",
     changed_row(2, [](auto& x) { x.wager += 1; })},
    {"sports predictions: prediction 3: its id is in no index",
     [](batch& out) { tables::sports_prediction_ids.erase(out, "p3"); }},
    {"sports settlement: prediction 1.payout: 200000000001, 200000000000",
     changed_row(1, [](auto& x) { ++x.payout; })},
    {"sports settlement: prediction 3.state: won, lost",
     changed_row(3, [](auto& x) { x.state = prediction_state::won; })},
    {"sports settlement: prediction 1: its game g1 is not stored",
     [](batch& out) { tables::sports_games.erase(out, "g1"); }},
    {"sports days: day 20000 of b.roi: 1.250000, 1.000000",
     [](batch& out) {
       auto days = audit_days();
       days.at({audit_day, hotkey{"b"}}).roi = 1.25;
       add_daily(out, days);
     }},
    {"sports days: day 20000 of c: absent",
     [](batch& out) {
       tables::sports_daily.erase(out, {audit_day, hotkey{"c"}});
     }},
    {"sports days: day 20000 of d: stored, but no decided prediction is",
     [](batch& out) {
       add_daily(out, {{{audit_day, hotkey{"d"}}, {}}});
     }},
    {"sports days: day 20000 of a.clv: 1.111111, 1.000000",
     [](batch& out) {
       auto game = audit_game();
       game.team_a_odds = 2 * nano_one;
       add_game(out, game);
     }},
    {"sports tiers: tier of a: 3, 2",
     [](batch& out) {
       tables::sports_tiers_now.put(out, hotkey{"a"}, {3, audit_day + 1});
     }},
    {"sports tiers: tier of b before day 20001: 2, 1",
     [](batch& out) {
       tables::sports_tier_moves.put(out, {audit_day + 1, hotkey{"b"}},
                                     {audit_day + 1, miner_uid{1}, hotkey{"b"}, 2, 1});
     }},
    {"sports standings of scoring 1: uid 1.wins: 2, 1",
     changed_scoring([](auto& x) { x.scores.miners[1].wins = 2; })},
    {"sports standings of scoring 1: uid 2.lifetime_roi: 0.000000, -1.000000",
     changed_scoring([](auto& x) { x.scores.miners[2].lifetime_roi = 0; })},
    {"sports weights of scoring 1: weight of uid 1: 0.500000, 0.002473",
     changed_scoring([](auto& x) { x.scores.miners[1].weight = 0.5; })},
    {"sports attempts to set weights: sum of attempt 2: 1.250000, 1.000000",
     [](batch& out) {
       auto attempt = audit_attempt(2);
       attempt.vector[miner_uid{0}] = 1;
       add_attempt(out, attempt);
     }},
  };
  for (const auto& [expected, change] : cases)
    EXPECT_EQ(audit_world{change}.first_difference(), expected);
}

TEST(sports_audit, knows_what_is_left_to_a_blacklisted_miner) {
  const auto world = audit_world{[](batch& out) {
    auto x = audit_scoring();
    x.blacklisted = {{hotkey{"a"}, 0.5}};
    const double ranked = std::exp(12.0) + 1; // of b and c, which are one tier
    const double sum = 1 + 0.9 * 0.5;
    x.scores.miners[0].weight = 0.9 * 0.5 / sum;
    x.scores.miners[1].weight = std::exp(12.0) / ranked / sum;
    x.scores.miners[2].weight = 1 / ranked / sum;
    add_scoring(out, x);
  }};
  EXPECT_EQ(world.first_difference(), "same");
}

TEST(sports_audit, recomputes_entropy_in_the_order_of_acceptance) {
  const auto world = audit_world{[](batch& out) { // both checksums are right: only rules see it
    auto x = audit_row(2);
    x.entropy = 10;
    put_both(out, x);
  }};
  EXPECT_EQ(world.first_difference(),
            "sports entropy: prediction 2.entropy: 10.000000, -10.000000");
  const auto raw = audit_world{[](batch& out) {
    auto x = audit_row(3);
    x.raw_entropy = 0.3;
    put_both(out, x);
  }};
  EXPECT_EQ(raw.first_difference(), "sports entropy: prediction 3.raw_entropy: 0.300000, 0.200000");
}

TEST(sports_audit, passes_over_days_that_the_feed_has_changed_since_the_scoring) {
  const auto world = audit_world{[](batch& out) {
    auto game = audit_game();
    game.team_a_odds = 2 * nano_one;
    game.updated_us = audit_scoring().scores.now_us + 1;
    add_game(out, game);
  }};
  EXPECT_EQ(world.first_difference(), "same");
}

} // namespace
} // namespace sluice::storage
