// A book that is stored as it changes, and read back, is the same book.
#include "storage/sports/audit.hpp"
#include "storage/sports/recall.hpp"
#include "storage/sports/writer.hpp"
#include "tests/storage/sports/sports_disk.hpp"

#include <gtest/gtest.h>

#include <random>

namespace sluice::storage {
namespace {

constexpr int64_t recall_hour_us = 3'600'000'000;
constexpr int64_t recall_begin_us = 20'000 * 24 * recall_hour_us;

game_update recall_update(uint64_t number, int64_t at_us, std::mt19937_64& chance) {
  game_update made;
  made.at_us = at_us;
  made.external_id = "g" + std::to_string(number);
  made.team_a = "A" + std::to_string(number);
  made.team_b = "B" + std::to_string(number);
  made.sport = "soccer";
  made.start_us = recall_begin_us + static_cast<int64_t>(number) * 4 * recall_hour_us;
  made.team_a_odds = 1'500'000'000 + static_cast<nano>(chance() % 1000) * 1'000'000;
  made.team_b_odds = 1'500'000'000 + static_cast<nano>(chance() % 1000) * 1'000'000;
  return made;
}

prediction_arrival
recall_arrival(uint64_t number, const sports_game& game, int64_t at_us, std::mt19937_64& chance) {
  const auto text = [](std::string x) { return claim_value{claim_kind::text, std::move(x)}; };
  const auto digits = [](const std::string& x) { return claim_value{claim_kind::number, x}; };
  prediction_arrival made;
  made.received_us = at_us;
  made.key.value = "key-" + std::to_string(chance() % 5);
  const bool first = chance() % 2 == 0;
  auto& claim = made.claim;
  claim.prediction_id = text("p" + std::to_string(number));
  claim.game_id = text(game.external_id);
  claim.miner_uid = digits(made.key.value.substr(4));
  claim.predicted_outcome = digits(first ? "0" : "1");
  claim.predicted_odds = digits(text_of_nano(first ? game.team_a_odds : game.team_b_odds));
  claim.team_a = text(game.team_a);
  claim.team_b = text(game.team_b);
  claim.wager = digits(std::to_string(1 + chance() % 60));
  claim.team_a_odds = digits(text_of_nano(game.team_a_odds));
  claim.team_b_odds = digits(text_of_nano(game.team_b_odds));
  return made;
}

void expect_same_book(const sports_book& a, const sports_book& b) {
  EXPECT_TRUE(a.games() == b.games());
  EXPECT_TRUE(a.predictions() == b.predictions());
  EXPECT_EQ(a.open_games(), b.open_games());
  const auto records = sports_records_of(a);
  const auto again = sports_records_of(b);
  ASSERT_EQ(records.size(), again.size());
  for (const auto& [key, record] : records) {
    EXPECT_TRUE(record.daily == again.at(key).daily) << key.value;
    EXPECT_EQ(record.wagered, again.at(key).wagered) << key.value;
    for (int64_t day = 19'990; day < 20'040; ++day)
      EXPECT_EQ(a.wagered_on(key, day), b.wagered_on(key, day));
  }
}

/// Stores each change, then makes it, as whoever owns the book has to.
struct recall_world {
  test::sports_disk disk;
  sports_book book;
  std::mt19937_64 chance;
  uint64_t asked = 0;
  uint64_t accepted = 0;
  uint64_t forgotten = 0;

  explicit recall_world(uint64_t seed) : chance(seed) {}

  void store(const batch& out) { ASSERT_TRUE(disk.dir.commit(out)); }

  void feed(uint64_t hour, int64_t now_us) {
    batch out;
    auto update = recall_update(hour / 3, now_us, chance);
    if (chance() % 2 == 0 && hour > 12) {
      update = recall_update((hour - 12) / 4, now_us, chance);
      if (update.start_us < now_us && chance() % 4 != 0)
        update.outcome = chance() % 2 == 0 ? game_outcome::team_a : game_outcome::team_b;
    }
    const std::vector all{update};
    for (const auto& game : book.after_all(all)) {
      add_game(out, game);
      book.put(game);
    }
    store(out);
  }

  void predict(int64_t now_us) {
    batch out;
    std::vector<stored_prediction> rows;
    for (const auto& game : book.offered(now_us, 3)) {
      const auto arrival = recall_arrival(++asked, game, now_us, chance);
      const miner_uid uid{static_cast<uint16_t>(arrival.key.value[4] - '0')};
      auto judged = book.judge(arrival, uid, std::nullopt);
      if (!judged.accepted)
        continue;
      rows.push_back(*judged.accepted);
      ASSERT_TRUE(book.apply(rows.back()));
    }
    accepted += rows.size();
    add_accepted(out, rows);
    store(out);
  }

  void settle(int64_t now_us) {
    batch out;
    const auto due = book.due(now_us);
    for (const auto& game : due.games)
      add_game(out, game);
    for (const auto& row : due.predictions)
      add_settled(out, row);
    store(out);
    book.apply(due);
  }

  void forget(int64_t before_us) {
    batch out;
    const auto old = book.old(before_us);
    ASSERT_TRUE(add_forgotten(disk.dir, out, old.predictions, old.games));
    store(out);
    book.apply(old);
    forgotten += old.predictions.size();
  }
};

TEST(sports_recall, makes_the_book_again_after_any_change_and_the_audit_agrees) {
  const uint64_t seed = std::random_device{}();
  SCOPED_TRACE("seed " + std::to_string(seed));
  recall_world world{seed};
  for (uint64_t hour = 0; hour < 24 * 10; ++hour) {
    const auto now_us = recall_begin_us + static_cast<int64_t>(hour) * recall_hour_us;
    world.feed(hour, now_us);
    world.predict(now_us);
    world.settle(now_us);
    if (hour % 48 == 47)
      world.forget(now_us - 72 * recall_hour_us);
    if (hour % 30 == 29) {
      auto again = recall_book(world.disk.dir, {});
      ASSERT_TRUE(again) << again.error().what;
      expect_same_book(world.book, *again);
      world.book = *std::move(again); // and it goes on from there
    }
  }
  EXPECT_GT(world.accepted, 100U);
  EXPECT_GT(world.forgotten, 20U);
  const auto found = audit_sports(world.disk.dir);
  ASSERT_TRUE(found) << found.error().what;
  for (const auto& x : *found)
    EXPECT_EQ(x.difference, "") << x.what;
  EXPECT_GT((*found)[2].checked, 50U); // entropy, by another way of calculating
  uint64_t sums = 0;
  const auto past = recall_lifetimes(world.disk.dir);
  ASSERT_TRUE(past);
  for (const auto& [key, x] : *past)
    sums += x.wins + x.losses + x.voids;
  EXPECT_EQ(sums, world.forgotten);
}

TEST(sports_recall, never_gives_a_number_again_that_was_forgotten) {
  recall_world world{7};
  world.feed(0, recall_begin_us - recall_hour_us);
  world.predict(recall_begin_us - recall_hour_us);
  ASSERT_EQ(world.accepted, 1U);
  world.settle(recall_begin_us + 30 * recall_hour_us);
  world.forget(recall_begin_us + 31 * recall_hour_us);
  EXPECT_TRUE(test::sports_rows_of(world.disk.dir, tables::sports_predictions).empty());
  world.book = *recall_book(world.disk.dir, {});
  world.feed(60, recall_begin_us + 32 * recall_hour_us);
  world.predict(recall_begin_us + 32 * recall_hour_us);
  ASSERT_EQ(world.book.predictions().size(), 1U);
  EXPECT_EQ(world.book.predictions().begin()->first, 2U);
}

TEST(sports_recall, refuses_rows_that_cannot_stand_together) {
  test::sports_disk disk;
  batch out;
  const auto row = test::sports_row(1, "no such game", "a", nano_one);
  add_accepted(out, row);
  ASSERT_TRUE(disk.dir.commit(out));
  const auto refused = recall_book(disk.dir, {});
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, ec::corrupt_data);
  EXPECT_NE(refused.error().what.find("no such game"), std::string::npos) << refused.error().what;
}

TEST(sports_recall, has_nonces_rules_scorings_attempts_and_stats_as_they_were_stored_last) {
  test::sports_disk disk;
  EXPECT_EQ(*recall_rules(disk.dir), sports_settings{});
  EXPECT_FALSE(recall_tiers(disk.dir)->last_day);
  EXPECT_FALSE(last_scoring(disk.dir)->has_value());
  EXPECT_FALSE(last_success(disk.dir)->has_value());
  batch out;
  sports_settings rules;
  rules.slots = 7;
  add_rules(out, rules);
  const std::vector<sports_nonce> nonces{{hotkey{"a"}, "old", 99}, {hotkey{"b"}, "new", 100}};
  add_nonces(out, nonces);
  for (uint64_t number = 1; number <= 3; ++number) {
    sports_scoring scoring;
    scoring.number = number;
    add_scoring(out, scoring);
    weights_attempt attempt;
    attempt.number = number;
    attempt.end = number == 2 ? weights_end::succeeded : weights_end::failed;
    add_attempt(out, attempt);
    ASSERT_TRUE(add_stats(disk.dir, out, {"scoring", static_cast<int64_t>(number)}, "{}"));
  }
  ASSERT_TRUE(disk.dir.commit(out));
  EXPECT_EQ(*recall_rules(disk.dir), rules);
  EXPECT_EQ(*recall_nonces(disk.dir, 100), std::vector{nonces[1]});
  EXPECT_EQ((*last_scoring(disk.dir))->number, 3U);
  EXPECT_EQ((*last_success(disk.dir))->number, 2U);
  const auto attempts = last_attempts(disk.dir, 2);
  ASSERT_EQ(attempts->size(), 2U);
  EXPECT_EQ((*attempts)[0].number, 3U);
  EXPECT_EQ(last_stats(disk.dir)->at("scoring").first, 3);
}

} // namespace
} // namespace sluice::storage
