#include "storage/sizes.hpp"
#include "tests/storage/small_environment.hpp"

#include <gtest/gtest.h>

namespace sluice::storage {

namespace {

TEST(sizes, count_rows_and_whole_pages) {
  test::temp_folder folder;
  auto env = storage::open(folder);
  const auto empty = env.size();
  ASSERT_TRUE(empty) << empty.error().what;
  EXPECT_EQ(empty->store, env.store());
  for (const auto& x : empty->tables)
    EXPECT_EQ(x.rows, 0U) << x.name;
  batch writes;
  const auto table = empty->tables.front().name;
  for (char c = 'a'; c <= 'z'; ++c)
    writes.writes.push_back(put(std::string(1, c), std::string(10'000, c), table));
  ASSERT_TRUE(env.commit(writes));
  const auto full = env.size();
  ASSERT_TRUE(full);
  EXPECT_EQ(full->tables.front().rows, 26U);
  EXPECT_GE(full->tables.front().bytes, 260'000U);
  EXPECT_EQ(full->tables.front().bytes % 4096, 0U);
  EXPECT_GE(full->used_bytes, full->tables.front().bytes);
  EXPECT_GE(full->file_bytes, full->tables.front().bytes);
  EXPECT_GE(full->map_bytes, full->used_bytes);
  for (size_t i = 1; i < full->tables.size(); ++i)
    EXPECT_EQ(full->tables[i].rows, 0U);
}

TEST(sizes, know_the_space_that_is_left) {
  test::temp_folder folder;
  const auto available = free_bytes(folder.path());
  ASSERT_TRUE(available);
  EXPECT_EQ(*available, std::filesystem::space(folder.path()).available);
  EXPECT_FALSE(free_bytes("/no/such/folder"));
}

} // namespace

} // namespace sluice::storage
