#include "storage/sports/recall.hpp"
#include "storage/sports/writer.hpp"
#include "tests/storage/sports/sports_disk.hpp"

#include <gtest/gtest.h>

namespace sluice::storage {
namespace {

using test::sports_row;
using test::sports_rows_of;

TEST(sports_writer, puts_an_accepted_prediction_with_its_id_and_settles_its_row) {
  test::sports_disk disk;
  auto row = sports_row(1, "g", "a", 10 * nano_one);
  batch out;
  add_accepted(out, row);
  ASSERT_TRUE(disk.dir.commit(out));
  const auto place = tables::sports_prediction_ids.get(disk.dir, "p1");
  ASSERT_TRUE(place) << place.error().what;
  EXPECT_EQ(place->number, 1U);
  EXPECT_EQ(*tables::sports_numbers.get(disk.dir, tables::sports_last_prediction_key), 1);
  row.state = prediction_state::lost;
  row.settled_us = 9;
  batch settled;
  add_settled(settled, row);
  ASSERT_TRUE(disk.dir.commit(settled));
  EXPECT_EQ(*tables::sports_predictions.get(disk.dir, 1), row);
  EXPECT_EQ(place->checksum, prediction_checksum(row));
}

TEST(sports_writer, counts_answers_over_restarts_and_over_batches_that_were_not_written) {
  test::sports_disk disk;
  auto counts = *prediction_counts::read(disk.dir);
  const auto answer = [](prediction_code code, bool same = false) {
    prediction_answer made;
    made.code = code;
    made.same = same;
    return made;
  };
  counts.received(3);
  counts.answered(answer(prediction_code::accepted));
  counts.answered(answer(prediction_code::duplicate_prediction, true));
  batch lost;
  counts.put(lost);
  counts.received(1);
  counts.answered(answer(prediction_code::odds_mismatch));
  counts.answered(answer(prediction_code::accepted));
  counts.answered(answer(prediction_code::duplicate_prediction));
  batch out;
  counts.put(out);
  ASSERT_TRUE(disk.dir.commit(out));
  batch nothing_new;
  counts.put(nothing_new);
  EXPECT_TRUE(nothing_new.writes.empty());
  const auto again = *prediction_counts::read(disk.dir);
  EXPECT_EQ(again.value("received"), 4);
  EXPECT_EQ(again.value("answer_accepted"), 2);
  EXPECT_EQ(again.value("answer_duplicate_prediction"), 2);
  EXPECT_EQ(again.value("answer_odds_mismatch"), 1);
  EXPECT_EQ(again.value("answer_missing_data"), 0);
}

TEST(sports_writer, forgets_settled_predictions_but_not_what_they_came_to) {
  test::sports_disk disk;
  batch out;
  std::vector<stored_prediction> rows;
  const std::vector<prediction_state> states{prediction_state::won, prediction_state::lost,
                                             prediction_state::void_, prediction_state::won,
                                             prediction_state::stored};
  for (size_t i = 0; i < states.size(); ++i) {
    auto row = sports_row(i + 1, "g" + std::to_string(i), i == 3 ? "b" : "a", 10 * nano_one);
    row.state = states[i];
    row.payout = states[i] == prediction_state::won     ? 20 * nano_one
                 : states[i] == prediction_state::void_ ? 10 * nano_one
                                                        : 0;
    rows.push_back(row);
    sports_game game;
    game.external_id = row.game_id;
    add_game(out, game);
  }
  for (const auto& row : rows) { // as rows that were settled since
    auto open = row;
    open.state = prediction_state::stored;
    add_accepted(out, open);
    add_settled(out, row);
  }
  ASSERT_TRUE(disk.dir.commit(out));
  batch refused;
  EXPECT_EQ(add_forgotten(disk.dir, refused, rows, {}).error().code, ec::invalid_argument);
  for (const size_t first : {0, 2}) { // in two parts: the sums go on
    batch gone;
    const std::vector<std::string> games{rows[first].game_id, rows[first + 1].game_id};
    ASSERT_TRUE(add_forgotten(disk.dir, gone, std::span{rows}.subspan(first, 2), games));
    ASSERT_TRUE(disk.dir.commit(gone));
  }
  const auto sums = sports_rows_of(disk.dir, tables::sports_forgotten_sums);
  EXPECT_EQ(sums.at(hotkey{"a"}), (forgotten_predictions{1, 1, 1, 20 * nano_one, 20 * nano_one}));
  EXPECT_EQ(sums.at(hotkey{"b"}), (forgotten_predictions{1, 0, 0, 10 * nano_one, 20 * nano_one}));
  EXPECT_EQ(sports_rows_of(disk.dir, tables::sports_predictions).size(), 1U);
  EXPECT_EQ(sports_rows_of(disk.dir, tables::sports_prediction_ids).size(), 1U);
  EXPECT_EQ(sports_rows_of(disk.dir, tables::sports_games).size(), 1U);
}

TEST(sports_writer, lets_nonces_expire_by_their_moment_over_all_hotkeys) {
  test::sports_disk disk;
  batch out;
  std::vector<sports_nonce> nonces;
  for (int i = 0; i < 10; ++i)
    nonces.push_back({hotkey{i % 2 == 0 ? "a" : "b"}, "n" + std::to_string(i), i * 100});
  add_nonces(out, nonces);
  ASSERT_TRUE(disk.dir.commit(out));
  batch gone;
  EXPECT_EQ(*expire_nonces(disk.dir, 500, gone), 5U);
  ASSERT_TRUE(disk.dir.commit(gone));
  const auto left = sports_rows_of(disk.dir, tables::sports_nonces);
  ASSERT_EQ(left.size(), 5U);
  for (const auto& row : left)
    EXPECT_GE(row.second, 500);
}

TEST(sports_writer, keeps_the_newest_scorings_and_attempts) {
  test::sports_disk disk;
  for (const uint64_t number : {uint64_t{1}, uint64_t{2}, tables::sports_scorings_kept + 1}) {
    batch out;
    sports_scoring scoring;
    scoring.number = number;
    add_scoring(out, scoring);
    weights_attempt attempt;
    attempt.number = number;
    attempt.vector = {{miner_uid{1}, 0.25}, {miner_uid{2}, 0.75}};
    add_attempt(out, attempt);
    ASSERT_TRUE(disk.dir.commit(out));
  }
  const auto scorings = sports_rows_of(disk.dir, tables::sports_scorings);
  EXPECT_EQ(scorings.size(), 2U);
  EXPECT_FALSE(scorings.contains(1));
  EXPECT_EQ(sports_rows_of(disk.dir, tables::sports_attempts).size(), 3U);
}

TEST(sports_writer, stores_days_and_tiers_and_erases_those_before_a_day) {
  test::sports_disk disk;
  batch out;
  std::map<miner_day, daily_score> parts;
  for (int64_t day = 100; day < 110; ++day)
    parts[{day, hotkey{"a"}}] = {1, 1.0, 0.5, 0.25, 0, 0.525};
  add_daily(out, parts);
  const std::vector<tier_move> moves{{100, miner_uid{1}, hotkey{"a"}, 0, 1},
                                     {107, miner_uid{1}, hotkey{"a"}, 1, 2}};
  ASSERT_TRUE(add_tiers(disk.dir, out, {{{hotkey{"a"}, 1}, {hotkey{"gone"}, 1}}, 106}, moves));
  ASSERT_TRUE(disk.dir.commit(out));
  out.writes.clear();
  add_tiers(out, 107, {{hotkey{"a"}, 2}}, {});
  ASSERT_TRUE(disk.dir.commit(out));
  EXPECT_EQ(*tables::sports_tiers_now.get(disk.dir, hotkey{"a"}), (sports_tier_row{2, 107}));
  EXPECT_EQ(*tables::sports_numbers.get(disk.dir, tables::sports_tier_day_key), 107);
  const tier_state recalled{{{hotkey{"a"}, 2}}, 107};
  EXPECT_EQ(*recall_tiers(disk.dir), recalled);
  EXPECT_EQ(sports_rows_of(disk.dir, tables::sports_tiers_now).size(), 2U);
  batch again;
  ASSERT_TRUE(add_tiers(disk.dir, again, recalled, {}));
  ASSERT_TRUE(disk.dir.commit(again));
  EXPECT_EQ(sports_rows_of(disk.dir, tables::sports_tiers_now).size(), 1U);
  EXPECT_EQ(*recall_tiers(disk.dir), recalled);
  batch gone;
  EXPECT_EQ(*expire_days(disk.dir, 105, gone), 6U);
  ASSERT_TRUE(disk.dir.commit(gone));
  EXPECT_EQ(sports_rows_of(disk.dir, tables::sports_daily).size(), 5U);
  EXPECT_EQ(sports_rows_of(disk.dir, tables::sports_tier_moves).begin()->second, moves[1]);
}

TEST(sports_writer, keeps_a_week_of_what_services_state) {
  test::sports_disk disk;
  const int64_t day_us = 86'400'000'000;
  for (int64_t day = 0; day < 20; ++day) {
    batch out;
    ASSERT_TRUE(add_stats(disk.dir, out, {"scoring", day * day_us}, "{}"));
    ASSERT_TRUE(add_stats(disk.dir, out, {"weights", 0}, "{\"a\":1}"));
    ASSERT_TRUE(disk.dir.commit(out));
  }
  const auto rows = sports_rows_of(disk.dir, tables::sports_stats);
  EXPECT_EQ(rows.size(), 9U);
  EXPECT_EQ(rows.begin()->first, (service_moment{"scoring", 12 * day_us}));
}

} // namespace
} // namespace sluice::storage
