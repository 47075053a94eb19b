#include "tests/storage/whole_folder.hpp"
#include "tools/db/db_work.hpp"

#include <gtest/gtest.h>

namespace sluice::tools {
namespace {

namespace fs = std::filesystem;
namespace tables = storage::tables;
using storage::test::content;
using storage::test::fill_folder;
using storage::test::put_content;
using storage::test::rows_in;
using storage::test::temp_folder;

constexpr int64_t some_moment = 1'764'565'206;

const storage::schema& tools_layout() {
  return storage::test::layout();
}

TEST(db_work, a_damaged_store_does_not_keep_the_others_from_being_read) {
  temp_folder temp;
  fill_folder(temp / "data", 1, 20);
  put_content(temp / "data" / "node" / "data.mdb", "");
  const auto x = verify_folder(temp / "data", tools_layout(), {});
  ASSERT_TRUE(x) << x.error().what;
  EXPECT_FALSE(x->good());
  ASSERT_EQ(x->stores.size(), 3U);
  EXPECT_EQ(x->stores[0].damaged, 1U);
  EXPECT_NE(x->stores[0].damage[0].what.find("empty"), std::string::npos);
  EXPECT_EQ(x->stores[1].damaged, 0U);
  EXPECT_GT(x->stores[1].rows, 0U);
  EXPECT_EQ(content(temp / "data" / "node" / "data.mdb"), "");
}

TEST(db_work, a_damaged_backup_is_not_restored) {
  temp_folder temp;
  fill_folder(temp / "data", 1, 20);
  const auto taken
    = back_up({temp / "data", temp / "b", some_moment, 0, tables::schema_version}, {});
  ASSERT_TRUE(taken) << taken.error().what;
  const auto file = fs::path{taken->path} / "pool-events" / "data.mdb";
  const auto whole = content(file);
  put_content(file, whole.substr(0, whole.size() - 4096));
  const storage::folder_restore_order order{temp / "b", temp / "new", false, some_moment};
  const auto refused = restore(order, tools_layout(), {});
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, ec::corrupt_data);
  EXPECT_NE(refused.error().what.find("was not restored"), std::string::npos);
  EXPECT_FALSE(fs::exists(temp / "new"));
  put_content(file, whole);
  const auto restored = restore(order, tools_layout(), {});
  ASSERT_TRUE(restored) << restored.error().what;
  EXPECT_EQ(rows_in(temp / "new"), rows_in(temp / "data"));
}

TEST(db_work, compacts_a_folder_and_refuses_one_that_is_in_use) {
  temp_folder temp;
  fill_folder(temp / "data", 1, 60);
  const auto before = rows_in(temp / "data");
  const auto compacted = compact_folder(temp / "data", tools_layout(), {});
  ASSERT_TRUE(compacted) << compacted.error().what;
  EXPECT_EQ(compacted->size(), 3U);
  EXPECT_EQ(rows_in(temp / "data"), before);
  const auto held = storage::open(temp / "data");
  ASSERT_TRUE(held);
  const int code = storage::test::in_child([&] {
    const auto refused = compact_folder(temp / "data", tools_layout(), {});
    return refused ? 1 : refused.error().code == ec::busy ? 0 : 2;
  });
  EXPECT_EQ(code, 0);
}

TEST(db_work, tries_a_migration_on_a_copy) {
  temp_folder temp;
  fill_folder(temp / "data", 1, 10);
  auto next = tools_layout();
  next.migrations.push_back({next.version, "doubles the epoch", {}, [](const auto& disk) {
                               storage::batch writes;
                               auto scores = *tables::scores_of_mechanisms.get(disk, "m");
                               scores.epoch.value *= 2;
                               tables::scores_of_mechanisms.put(writes, "m", scores);
                               return result<storage::batch>{writes};
                             }});
  ++next.version;
  const auto before = rows_in(temp / "data");
  double clock = 0;
  const auto tick = [&clock] { return clock += 5; };
  const auto tried = migrate_folder(temp / "data", true, next, tick, {});
  ASSERT_TRUE(tried) << tried.error().what;
  EXPECT_EQ(tried->schema_before, next.version - 1);
  EXPECT_EQ(tried->schema_after, next.version);
  ASSERT_EQ(tried->steps.size(), 1U);
  EXPECT_EQ(tried->steps[0].what, "doubles the epoch");
  EXPECT_EQ(tried->steps[0].read_ms, 5);
  EXPECT_EQ(rows_in(temp / "data"), before);
  EXPECT_FALSE(fs::exists(tried->tried_on));
  const auto done = migrate_folder(temp / "data", false, next, tick, {});
  ASSERT_TRUE(done) << done.error().what;
  EXPECT_EQ(done->schema_after, next.version);
  EXPECT_TRUE(fs::exists(done->backup));
}

} // namespace
} // namespace sluice::tools
