#include "sim/pool/pool_positions.hpp"

#include <gtest/gtest.h>

#include <map>
#include <random>
#include <thread>

namespace sluice {

namespace {

using position_map = std::map<position_key, position_info>;

position_key some_key(std::mt19937_64& luck) {
  position_key key;
  key.owner[luck() % 20] = static_cast<uint8_t>(luck() % 7);
  key.tick_lower = static_cast<int32_t>(luck() % 12) - 6;
  key.tick_upper = static_cast<int32_t>(luck() % 12) - 6;
  return key;
}

/// Puts more than it takes out for a while, then the other way round.
void change_both(pool_positions& table, position_map& model, std::mt19937_64& luck, bool grows) {
  const auto key = some_key(luck);
  if (luck() % 8 < (grows ? 6U : 2U)) {
    position_info info;
    info.liquidity = luck();
    table.put(key, info);
    model[key] = info;
  } else {
    EXPECT_EQ(table.erase(key), model.erase(key) == 1);
  }
}

void expect_same(const pool_positions& table, const position_map& model) {
  ASSERT_EQ(table.size(), model.size());
  const auto all = table.sorted();
  ASSERT_TRUE(std::equal(
    all.begin(), all.end(), model.begin(), model.end(),
    [](const auto& a, const auto& b) { return a.first == b.first && a.second == b.second; }));
}

pool_positions many(uint32_t count) {
  pool_positions made;
  for (uint32_t i = 0; i < count; ++i) {
    position_info info;
    info.liquidity = i;
    made.put({{static_cast<uint8_t>(i), static_cast<uint8_t>(i >> 8)}, 0, 10}, info);
  }
  return made;
}

} // namespace

TEST(pool_positions, finds_what_a_map_would_find) {
  std::mt19937_64 luck(11);
  pool_positions table;
  position_map model;
  for (int i = 0; i < 40'000; ++i) {
    const auto key = some_key(luck);
    const auto* found = table.find(key);
    const auto expected = model.find(key);
    ASSERT_EQ(found != nullptr, expected != model.end()) << i;
    if (found != nullptr) {
      ASSERT_EQ(*found, expected->second) << i;
    }
    change_both(table, model, luck, i / 8000 % 2 == 0);
    if (i % 1000 == 0)
      expect_same(table, model);
  }
  while (!model.empty()) {
    const auto key = model.begin()->first;
    model.erase(model.begin());
    ASSERT_TRUE(table.erase(key));
    ASSERT_FALSE(table.erase(key));
  }
  EXPECT_EQ(table.size(), 0U);
  EXPECT_EQ(table.memory(), 0U);
}

TEST(pool_positions, leave_their_copies_as_they_are) {
  std::mt19937_64 luck(12);
  std::vector<std::pair<pool_positions, position_map>> versions(1);
  for (int i = 0; i < 20'000; ++i) {
    auto& [table, model] = versions[luck() % versions.size()]; // any of them goes on
    change_both(table, model, luck, i < 12'000);
    if (i % 1500 == 0) {
      auto copy = versions[luck() % versions.size()];
      versions.push_back(std::move(copy));
    }
    if (i % 4000 == 3999)
      versions.erase(versions.begin());
  }
  for (const auto& [table, model] : versions)
    expect_same(table, model);
}

TEST(pool_positions, are_equal_in_any_order) {
  pool_positions one;
  pool_positions other;
  EXPECT_TRUE(one == other);
  position_info some;
  some.liquidity = 5;
  one.put({{1}, 0, 10}, some);
  one.put({{2}, 0, 10}, {});
  other.put({{2}, 0, 10}, {});
  EXPECT_FALSE(one == other);
  other.put({{1}, 0, 10}, some);
  EXPECT_TRUE(one == other);
  other.put({{1}, 0, 10}, {});
  EXPECT_FALSE(one == other);
}

TEST(pool_positions, take_little_more_than_what_they_hold) {
  const auto table = many(10'000);
  EXPECT_GT(table.memory(), 10'000U * 140);
  EXPECT_LT(table.memory(), 10'000U * 320);
}

/// Each thread changes a copy of its own; the nodes are the same (thread sanitizer reads this).
TEST(pool_positions, are_shared_by_threads) {
  const auto shared = many(3000);
  std::vector<std::thread> threads;
  std::vector<pool_positions> ends(4);
  for (size_t t = 0; t < ends.size(); ++t)
    threads.emplace_back([&shared, &end = ends[t]] {
      for (int again = 0; again < 20; ++again) {
        end = shared;
        for (uint8_t i = 0; i < 100; ++i) {
          end.erase({{i, 1}, 0, 10});
          end.put({{i, 2}, 0, 10}, {});
        }
      }
    });
  for (auto& thread : threads)
    thread.join();
  for (const auto& end : ends) {
    EXPECT_EQ(end.size(), 2900U);
    EXPECT_TRUE(end == ends.front());
  }
  EXPECT_TRUE(shared == many(3000));
}

} // namespace sluice
