#include "tests/storage/small_disk.hpp"
#include "tests/storage/temp_folder.hpp"

#include <gtest/gtest.h>

namespace sluice::storage {
namespace {

using test::temp_folder;

TEST(data_dir, keeps_its_stores_apart) {
  temp_folder temp;
  auto dir = open(temp / "data");
  ASSERT_TRUE(dir);
  EXPECT_EQ(dir->find_store("node"), &dir->node());
  EXPECT_EQ(dir->find_store("pool_events"), &dir->pool_events());
  EXPECT_EQ(dir->find_store("devchain"), &dir->devchain());
  EXPECT_EQ(dir->find_store("other"), nullptr);
  EXPECT_EQ(dir->commit(batch{{{"other", "t", "k", "v", false}}}).error().code,
            ec::invalid_argument);
}

TEST(data_dir, commits_to_several_stores_together_or_not_at_all) {
  temp_folder temp;
  auto dir = open(temp / "data");
  ASSERT_TRUE(dir);
  auto writes = scores_batch(1);
  tables::feed_blocks.put(writes, {{"j"}, 9}, {9, 18, {}, {}});
  tables::extrinsics.put(writes, 0, {"h", 1, "", {}});
  ASSERT_TRUE(dir->commit(writes));
  EXPECT_EQ(stored_epoch(*dir), 1u);
  EXPECT_EQ(tables::feed_blocks.get(*dir, {{"j"}, 9})->time, 18u);
  EXPECT_EQ(tables::extrinsics.get(*dir, 0)->hash, "h");
  auto bad = scores_batch(2);
  tables::feed_blocks.put(bad, {{"j"}, 10}, {10, 20, {}, {}});
  bad.writes.back().table = "typo";
  EXPECT_EQ(dir->commit(bad).error().code, ec::invalid_argument);
  EXPECT_EQ(stored_epoch(*dir), 1u);
  // Without a part for the node's own store, and as a group.
  batch rest;
  tables::feed_blocks.put(rest, {{"j"}, 11}, {11, 22, {}, {}});
  batch chain;
  tables::extrinsics.erase(chain, 0);
  ASSERT_TRUE(dir->commit(std::vector{rest, chain, batch{}}));
  EXPECT_EQ(tables::feed_blocks.last(*dir)->value().second.number, 11u);
  EXPECT_FALSE(tables::extrinsics.last(*dir)->has_value());
  EXPECT_TRUE(dir->commit(batch{}));
}

} // namespace
} // namespace sluice::storage
