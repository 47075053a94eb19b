#include "storage/data_dir.hpp"
#include "storage/retention.hpp"
#include "storage/tables.hpp"
#include "tests/storage/layout.hpp"
#include "tests/storage/temp_folder.hpp"

#include <gtest/gtest.h>

#include <optional>
#include <set>
#include <string>
#include <type_traits>
#include <vector>

namespace sluice::storage {
namespace {

class general_retention : public testing::Test {
protected:
  general_retention() {
    auto opened
      = data_dir::open(folder_ / "data", {"test", 1, "digest"}, open_mode::create_or_continue,
                       {.layout = &storage::test::layout()});
    EXPECT_TRUE(opened) << opened.error().what;
    disk_.emplace(*std::move(opened));
  }

  /// Epochs 1 to `count`; those in `skipped` were not sent, those in `failed` are included and were
  /// refused there.
  void publish(uint64_t count, const std::set<uint64_t>& skipped = {},
               const std::set<uint64_t>& failed = {}) {
    batch writes;
    uint64_t number = 0;
    for (uint64_t n = 1; n <= count; ++n) {
      publish_record x;
      x.epoch = {n};
      x.status = skipped.contains(n)  ? publish_status::skipped
                 : failed.contains(n) ? publish_status::failed
                                      : publish_status::confirmed;
      if (!skipped.contains(n)) {
        x.hash = "hash " + std::to_string(n);
        inclusion taken;
        taken.hash = x.hash;
        tables::extrinsics.put(writes, number++, taken);
      }
      tables::published.put(writes, {n}, x);
      tables::weight_parts_of_epochs.put(writes, {n}, {});
    }
    ASSERT_TRUE(disk_->commit(writes));
  }

  /// All portions, each durable before the next is planned; answers how many.
  int remove_all(const storage_settings& settings) {
    for (int n = 0; n < 1000; ++n) {
      const auto portion = plan_general_retention(*disk_, settings);
      EXPECT_TRUE(portion) << portion.error().what;
      if (!portion || (portion->writes.writes.empty() && !portion->more))
        return n;
      EXPECT_LE(portion->writes.writes.size(), retention_erases_max);
      EXPECT_TRUE(disk_->commit(portion->writes));
    }
    ADD_FAILURE() << "it does not come to an end";
    return 0;
  }

  template <class Key, class Value>
  std::vector<uint64_t> keys_of(const table<Key, Value>& rows) const {
    std::vector<uint64_t> all;
    EXPECT_TRUE(rows.for_each(*disk_, [&](const Key& key, const Value&) {
      if constexpr (std::is_same_v<Key, uint64_t>)
        all.push_back(key);
      else
        all.push_back(key.value);
    }));
    return all;
  }

  test::temp_folder folder_;
  std::optional<data_dir> disk_;
};

storage_settings keeping(uint64_t epochs, uint64_t actions = 0) {
  storage_settings x;
  x.keep_epochs = epochs;
  x.keep_actions = actions;
  return x;
}

TEST_F(general_retention, keeps_everything_by_default) {
  publish(200);
  EXPECT_EQ(remove_all({}), 0);
  EXPECT_EQ(keys_of(tables::published).size(), 200U);
}

TEST_F(general_retention, removes_old_epochs_with_their_parts_and_extrinsics) {
  publish(2000, {3, 5}, {4});
  EXPECT_GT(remove_all(keeping(40)), 1);
  EXPECT_EQ(keys_of(tables::published).front(), 1961U);
  EXPECT_EQ(keys_of(tables::published).size(), 40U);
  EXPECT_EQ(keys_of(tables::weight_parts_of_epochs), keys_of(tables::published));
  EXPECT_EQ(keys_of(tables::extrinsics).size(), 40U);
  EXPECT_EQ(keys_of(tables::extrinsics).front(), 2000U - 2 - 40); // two were never sent
  EXPECT_EQ(remove_all(keeping(40)), 0);
}

TEST_F(general_retention, keeps_the_newest_confirmed_weights_however_old_they_are) {
  std::set<uint64_t> skipped;
  for (uint64_t n = 51; n <= 200; ++n)
    skipped.insert(n);
  publish(200, skipped);
  remove_all(keeping(32));
  const auto left = keys_of(tables::published);
  EXPECT_EQ(left.front(), 50U);
  EXPECT_EQ(left.size(), 151U); // and what came since
  EXPECT_EQ(keys_of(tables::extrinsics), std::vector<uint64_t>{49});
}

TEST_F(general_retention, removes_nothing_while_nothing_was_ever_confirmed) {
  publish(100, {}, [] {
    std::set<uint64_t> all;
    for (uint64_t n = 1; n <= 100; ++n)
      all.insert(n);
    return all;
  }());
  EXPECT_EQ(remove_all(keeping(32)), 0);
}

TEST_F(general_retention, keeps_the_last_actions_and_their_numbers) {
  batch writes;
  for (uint64_t n = 0; n < 4500; ++n)
    tables::admin_actions.put(writes, n, {n, "who", "line", "done"});
  ASSERT_TRUE(disk_->commit(writes));
  publish(100);
  EXPECT_EQ(remove_all(keeping(32, 10)), 4);
  EXPECT_EQ(keys_of(tables::admin_actions),
            (std::vector<uint64_t>{4490, 4491, 4492, 4493, 4494, 4495, 4496, 4497, 4498, 4499}));
  EXPECT_EQ(keys_of(tables::published).size(), 32U);
}

} // namespace
} // namespace sluice::storage
