#include "sim/pool/pool_positions.hpp"

#include <gtest/gtest.h>

#include <map>
#include <random>

namespace sluice {

TEST(pool_positions, finds_what_a_map_would_find) {
  std::mt19937_64 random(11);
  pool_positions table;
  std::map<position_key, position_info> model;
  for (int i = 0; i < 20'000; ++i) {
    position_key key;
    key.owner[random() % 20] = static_cast<uint8_t>(random() % 7);
    key.tick_lower = static_cast<int32_t>(random() % 40) - 20;
    key.tick_upper = static_cast<int32_t>(random() % 40) - 20;
    const auto* found = table.find(key);
    auto expected = model.find(key);
    ASSERT_EQ(found != nullptr, expected != model.end()) << i;
    if (found != nullptr) {
      ASSERT_EQ(*found, expected->second) << i;
    }
    position_info info;
    info.liquidity = random();
    table.put(key, info);
    model[key] = info;
  }
  auto all = table.sorted();
  ASSERT_EQ(all.size(), model.size());
  EXPECT_TRUE(std::equal(all.begin(), all.end(), model.begin(), [](const auto& a, const auto& b) {
    return a.first == b.first && a.second == b.second;
  }));
}

TEST(pool_positions, are_equal_in_any_order) {
  pool_positions one;
  pool_positions other;
  position_info some;
  some.liquidity = 5;
  one.put({{1}, 0, 10}, some);
  one.put({{2}, 0, 10}, {});
  other.reserve(100);
  other.put({{2}, 0, 10}, {});
  EXPECT_FALSE(one == other);
  other.put({{1}, 0, 10}, some);
  EXPECT_TRUE(one == other);
  other.put({{1}, 0, 10}, {});
  EXPECT_FALSE(one == other);
}

} // namespace sluice
