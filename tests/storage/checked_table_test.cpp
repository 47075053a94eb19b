#include "storage/checked_table.hpp"
#include "tests/storage/small_environment.hpp"

#include <gtest/gtest.h>

#include <map>

namespace sluice::storage {
namespace {

constexpr checked_table<uint64_t, std::string> checked_rows{"node", "a"};

TEST(checked_table, returns_what_was_put_in_the_order_of_the_keys) {
  test::temp_folder temp;
  auto env = open(temp);
  std::map<uint64_t, std::string> model{{3, "three"}, {1, ""}, {300, std::string(5000, 'x')}};
  batch writes;
  for (const auto& [key, value] : model)
    checked_rows.put(writes, key, value);
  ASSERT_TRUE(env.commit(writes));
  std::map<uint64_t, std::string> seen;
  ASSERT_TRUE(checked_rows.for_each(
    env, [&](uint64_t key, std::string value) { seen.emplace(key, std::move(value)); }));
  EXPECT_EQ(seen, model);
  EXPECT_EQ(checked_rows.find(env, 3)->value(), "three");
  EXPECT_FALSE(checked_rows.find(env, 4)->has_value());
  EXPECT_EQ(checked_rows.last(env)->value().first, 300U);
  batch gone;
  checked_rows.erase(gone, 300);
  ASSERT_TRUE(env.commit(gone));
  EXPECT_EQ(checked_rows.last(env)->value().first, 3U);
}

TEST(checked_table, sees_every_changed_bit_of_a_value_and_a_value_under_another_key) {
  test::temp_folder temp;
  auto env = open(temp);
  batch writes;
  checked_rows.put(writes, 7, "seven");
  const auto sound = writes.writes[0];
  for (size_t bit = 0; bit < sound.value.size() * 8; ++bit) {
    auto changed = sound;
    changed.value[bit / 8] = static_cast<char>(changed.value[bit / 8] ^ (1 << (bit % 8)));
    ASSERT_TRUE(env.commit(batch{{changed}}));
    const auto read = checked_rows.find(env, 7);
    ASSERT_FALSE(read) << bit;
    EXPECT_EQ(read.error().code, ec::corrupt_data);
    EXPECT_NE(read.error().what.find("checksum"), std::string::npos) << read.error().what;
    EXPECT_FALSE(checked_rows.for_each(env, [](uint64_t, const std::string&) {}));
  }
  auto moved = sound;
  moved.key = encode_key(uint64_t{8});
  ASSERT_TRUE(env.commit(batch{{moved}}));
  EXPECT_EQ(checked_rows.find(env, 8).error().code, ec::corrupt_data);
  ASSERT_TRUE(env.commit(batch{{put(encode_key(uint64_t{9}), "short")}}));
  EXPECT_EQ(checked_rows.find(env, 9).error().code, ec::corrupt_data);
}

} // namespace
} // namespace sluice::storage
