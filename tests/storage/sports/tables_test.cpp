#include "storage/sports/steps.hpp"
#include "tests/storage/any_value.hpp"
#include "tests/storage/sports/sports_disk.hpp"

#include <gtest/gtest.h>

#include <functional>
#include <set>
#include <tuple>
#include <vector>

namespace sluice::storage {
namespace {

template <class F>
void for_each_sports_table(F f) {
  using namespace tables;
  const auto all
    = std::tuple{sports_games,     sports_predictions, sports_prediction_ids, sports_forgotten_sums,
                 sports_tiers_now, sports_tier_moves,  sports_daily,          sports_scorings,
                 sports_attempts,  sports_stats,       sports_nonces,         sports_numbers,
                 sports_rules,     sports_steps};
  std::apply([&f](const auto&... one) { (f(one), ...); }, all);
}

TEST(sports_tables, are_all_in_the_schema_under_names_of_their_own) {
  std::set<std::string_view> names;
  for (const auto& x : sports_schema().tables)
    names.insert(x.name);
  size_t n = 0;
  for_each_sports_table([&](const auto& one) {
    EXPECT_TRUE(names.contains(one.name)) << one.name;
    ++n;
  });
  EXPECT_EQ(names.size(), n);
  EXPECT_EQ(sports_schema().tables.size(), n);
}

TEST(sports_tables, keep_and_return_random_rows) {
  test::sports_disk disk;
  for_each_sports_table([&]<class Key, class Value>(const table<Key, Value>& one) {
    SCOPED_TRACE(one.name);
    std::map<Key, Value> model;
    batch writes;
    for (uint64_t seed = 0; seed < 20; ++seed) {
      test::any_value any{seed};
      const auto key = any.make<Key>();
      model[key] = any.make<Value>();
      one.put(writes, key, model[key]);
    }
    ASSERT_TRUE(disk.dir.commit(writes));
    EXPECT_TRUE(test::sports_rows_of(disk.dir, one) == model);
  });
}

TEST(sports_tables, sort_days_by_day_and_moments_by_service) {
  const auto day = [](int64_t at, const char* key) {
    return encode_key(miner_day{at, hotkey{key}});
  };
  EXPECT_LT(day(-1, "z"), day(0, "a"));
  EXPECT_LT(day(255, "z"), day(256, "a"));
  EXPECT_LT(day(256, "a"), day(256, "b"));
  const auto moment = [](const char* service, int64_t at) {
    return encode_key(service_moment{service, at});
  };
  EXPECT_LT(moment("a", 300), moment("ab", 2));
  EXPECT_LT(moment("a", 2), moment("a", 256));
}

TEST(sports_tables, know_a_prediction_by_its_checksum_before_and_after_it_is_settled) {
  const auto row = test::sports_row(1, "g", "key", 10 * nano_one);
  auto settled = row;
  settled.state = prediction_state::won;
  settled.payout = 20 * nano_one;
  settled.settled_us = 5;
  EXPECT_EQ(prediction_checksum(row), prediction_checksum(settled));
  for (const auto& change : std::vector<std::function<void(stored_prediction&)>>{
         [](auto& x) { ++x.wager; }, [](auto& x) { ++x.odds; }, [](auto& x) { ++x.received_us; },
         [](auto& x) { x.key.value += 'x'; }, [](auto& x) { x.outcome = game_outcome::draw; },
         [](auto& x) { x.model_name = "m"; }, [](auto& x) { x.raw_entropy = 1e-9; }}) {
    auto other = settled;
    change(other);
    EXPECT_NE(prediction_checksum(other), prediction_checksum(row));
  }
}

TEST(sports_tables, count_every_code_under_a_name_of_its_own) {
  std::set<std::string> names;
  for (size_t i = 0; i < prediction_code_names.size(); ++i)
    names.insert(tables::sports_answer_key(static_cast<prediction_code>(i)));
  EXPECT_EQ(names.size(), prediction_code_names.size());
  EXPECT_TRUE(names.contains("answer_odds_mismatch"));
}

} // namespace
} // namespace sluice::storage
