#include "storage/sports/miner_store.hpp"
#include "tests/storage/any_value.hpp"
#include "tests/storage/temp_folder.hpp"

#include <gtest/gtest.h>

#include <random>

namespace sluice::storage {
namespace {

constexpr int64_t miner_day_s = 1'767'225'600; // 2026-01-01 00:00:00 UTC

backed_options miner_options(int64_t now_s = miner_day_s) {
  backed_options made;
  made.now_s = now_s;
  made.map_bytes = 1 << 20;
  return made;
}

sports_game miner_game(const std::string& id, int64_t start_us, bool decided = false) {
  sports_game made;
  made.external_id = id;
  made.sport = "soccer";
  made.team_a = "A";
  made.team_b = "B";
  made.start_us = start_us;
  made.state = decided ? game_state::decided : game_state::open;
  made.outcome = decided ? game_outcome::team_b : game_outcome::undecided;
  return made;
}

miner_prediction miner_pick(uint64_t number, const std::string& game, int64_t start_us) {
  miner_prediction made;
  made.number = number;
  made.prediction_id = "id-" + std::to_string(number);
  made.game_id = game;
  made.start_us = start_us;
  made.odds = 1'950'000'000;
  made.wager = 10 * nano_one;
  made.data = R"({"prediction_id":"id"})";
  return made;
}

TEST(miner_store, remembers_games_predictions_and_how_far_they_have_come) {
  test::temp_folder temp;
  const auto game = miner_game("g1", 5);
  const auto pick = miner_pick(1, "g1", 5);
  miner_delivery first{"http://a", 2, 77, prediction_way::http, false, {}, false, "", 0, "sent"};
  auto second = first;
  second.validator = "http://b";
  second.answered = true;
  second.code = prediction_code::duplicate_prediction;
  second.same = true;
  EXPECT_FALSE(first.confirmed());
  EXPECT_TRUE(second.confirmed());
  {
    auto store = miner_store::open(temp / "miner", miner_options());
    ASSERT_TRUE(store) << store.error().what;
    EXPECT_TRUE(store->opening().created);
    batch out;
    put_game(out, game);
    tables::miner_predictions.put(out, 1, pick);
    tables::miner_deliveries.put(out, {1, first.validator}, first);
    tables::miner_deliveries.put(out, {1, second.validator}, second);
    tables::miner_notes.put(out, "uid", "7");
    ASSERT_TRUE(store->commit(out));
  }
  auto store = miner_store::open(temp / "miner", miner_options());
  ASSERT_TRUE(store) << store.error().what;
  const auto memory = store->recall();
  ASSERT_TRUE(memory) << memory.error().what;
  EXPECT_EQ(memory->games, std::vector{game});
  EXPECT_EQ(memory->predictions, std::vector{pick});
  ASSERT_EQ(memory->deliveries.size(), 2U);
  EXPECT_EQ(memory->deliveries[0].second, first);
  EXPECT_EQ(memory->deliveries[1].second, second);
  EXPECT_EQ(*store->note("uid"), "7");
  EXPECT_EQ(*store->note("none"), "");
}

TEST(miner_store, keeps_random_rows_of_every_table) {
  test::temp_folder temp;
  auto store = miner_store::open(temp / "miner", miner_options());
  ASSERT_TRUE(store);
  const auto check = [&]<class Key, class Value>(const checked_table<Key, Value>& one) {
    SCOPED_TRACE(one.name);
    std::map<Key, Value> model;
    batch out;
    for (uint64_t seed = 0; seed < 20; ++seed) {
      test::any_value any{seed};
      const auto key = any.make<Key>();
      model[key] = any.make<Value>();
      one.put(out, key, model[key]);
    }
    ASSERT_TRUE(store->commit(out));
    std::map<Key, Value> seen;
    ASSERT_TRUE(one.for_each(store->disk(), [&](Key key, Value value) {
      seen.emplace(std::move(key), std::move(value));
    }));
    EXPECT_TRUE(seen == model);
  };
  check(tables::miner_games);
  check(tables::miner_predictions);
  check(tables::miner_deliveries);
  check(tables::miner_results);
  check(tables::miner_statistics);
  check(tables::miner_notes);
  EXPECT_EQ(miner_layout().tables.size(), 6U);
}

TEST(miner_store, has_results_by_sport_the_newest_of_them_oldest_first) {
  test::temp_folder temp;
  auto store = miner_store::open(temp / "miner", miner_options());
  ASSERT_TRUE(store);
  batch out;
  for (int i = 0; i < 10; ++i) {
    auto game = miner_game("g" + std::to_string(i), i * 100, i != 4);
    game.sport = i % 2 == 0 ? "soccer" : "football";
    put_game(out, game);
  }
  ASSERT_TRUE(store->commit(out));
  const auto ids = [](const std::vector<sports_game>& games) {
    std::string all;
    for (const auto& x : games)
      all += x.external_id;
    return all;
  };
  EXPECT_EQ(ids(*store->results_of("soccer", 100)), "g0g2g6g8"); // g4 is not decided
  EXPECT_EQ(ids(*store->results_of("soccer", 2)), "g6g8");
  EXPECT_EQ(ids(*store->results_of("", 3)), "g7g8g9");
  EXPECT_EQ(store->results_of("", 0).error().code, ec::out_of_range);
  EXPECT_TRUE(store->results_of("chess", 5)->empty());
}

TEST(miner_store, erases_what_is_old_with_its_deliveries) {
  test::temp_folder temp;
  auto store = miner_store::open(temp / "miner", miner_options());
  ASSERT_TRUE(store);
  batch out;
  for (uint64_t i = 1; i <= 6; ++i) {
    const auto start = static_cast<int64_t>(i) * 10;
    put_game(out, miner_game("g" + std::to_string(i), start, true));
    tables::miner_predictions.put(out, i, miner_pick(i, "g" + std::to_string(i), start));
    tables::miner_deliveries.put(out, {i, "a"}, {"a", 1, 1, {}, false, {}, false, "", 0, ""});
    tables::miner_deliveries.put(out, {i, "b"}, {"b", 1, 1, {}, false, {}, false, "", 0, ""});
    tables::miner_statistics.put(out, {"predictions", start}, "{}");
  }
  ASSERT_TRUE(store->commit(out));
  const auto erased = store->erase_older(40, 20);
  ASSERT_TRUE(erased) << erased.error().what;
  EXPECT_EQ(erased->games, 3U);
  EXPECT_EQ(erased->predictions, 3U);
  EXPECT_EQ(erased->results, 1U);
  EXPECT_EQ(erased->statistics, 3U);
  const auto memory = store->recall();
  EXPECT_EQ(memory->games.size(), 3U);
  EXPECT_EQ(memory->predictions.front().number, 4U);
  ASSERT_EQ(memory->deliveries.size(), 6U);
  EXPECT_EQ(memory->deliveries.front().first.number, 4U);
  EXPECT_EQ(store->results_of("", 100)->size(), 5U);
  const auto rows = store->statistics_of("predictions", 2);
  ASSERT_EQ(rows->size(), 2U);
  EXPECT_EQ((*rows)[0].first, 50);
  EXPECT_EQ((*rows)[1].first, 60);
}

TEST(miner_store, counts_how_it_is_used) {
  test::temp_folder temp;
  int64_t now = 0;
  auto store = miner_store::open(temp / "miner", miner_options(), [&now] { return now += 100; });
  ASSERT_TRUE(store);
  batch out;
  put_game(out, miner_game("g", 1));
  ASSERT_TRUE(store->commit(out));
  (void)store->recall();
  (void)store->note("x");
  batch wrong;
  wrong.writes.push_back({"other", "games", "k", "v", false});
  EXPECT_FALSE(store->commit(wrong));
  ASSERT_TRUE(store->back_up(miner_day_s + 9));
  const auto figures = store->figures();
  ASSERT_TRUE(figures) << figures.error().what;
  EXPECT_EQ(figures->writes, 2U);
  EXPECT_EQ(figures->queries, 2U);
  EXPECT_EQ(figures->failures, 1U);
  EXPECT_DOUBLE_EQ(figures->mean_us, 100);
  EXPECT_EQ(figures->last_backup_s, miner_day_s + 9);
  EXPECT_EQ(figures->rows.at("games"), 1U);
  EXPECT_EQ(figures->rows.at("predictions"), 0U);
  EXPECT_GT(figures->file_bytes, 0U);
}

// A changed bit in any row is damage: then what the last backup holds comes back.
TEST(miner_store, is_restored_when_a_stored_byte_changes) {
  const uint64_t seed = std::random_device{}();
  SCOPED_TRACE("seed " + std::to_string(seed));
  std::mt19937_64 chance{seed};
  test::temp_folder temp;
  const auto data = temp / "miner/store/data.mdb";
  {
    auto store = miner_store::open(temp / "miner", miner_options());
    ASSERT_TRUE(store);
    batch out;
    for (uint64_t i = 1; i <= 200; ++i)
      tables::miner_predictions.put(out, i, miner_pick(i, "a game with a name", 5));
    ASSERT_TRUE(store->commit(out) && store->back_up(miner_day_s));
  }
  const auto sound = test::content(data);
  for (int i = 0; i < 10; ++i) {
    auto bytes = sound;
    auto at = bytes.find("a game with a name", chance() % (bytes.size() / 2));
    ASSERT_NE(at, std::string::npos);
    at += chance() % 18;
    bytes[at] = static_cast<char>(bytes[at] ^ (1 << (chance() % 8)));
    test::put_content(data, bytes);
    auto store = miner_store::open(temp / "miner", miner_options(miner_day_s + 60 + i));
    ASSERT_TRUE(store) << store.error().what;
    const auto memory = store->recall();
    ASSERT_TRUE(memory) << memory.error().what;
    ASSERT_EQ(memory->predictions.size(), 200U);
    for (const auto& x : memory->predictions)
      EXPECT_EQ(x.game_id, "a game with a name");
    // The first copy of a page may be one that is free: then nothing was wrong.
    if (!store->opening().restored) {
      EXPECT_TRUE(store->opening().damage.empty());
    }
  }
}

} // namespace
} // namespace sluice::storage
