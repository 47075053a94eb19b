#include "storage/folder_backup.hpp"
#include "storage/folder_verify.hpp"
#include "tests/storage/whole_folder.hpp"

#include <gtest/gtest.h>
#include <sys/wait.h>

namespace sluice::storage {
namespace {

namespace fs = std::filesystem;
using test::backed_up;
using test::fill_folder;
using test::rows_in;
using test::temp_folder;

constexpr int64_t a_moment = 1'764'565'206;

TEST(folder_backup, is_the_folder_row_by_row) {
  temp_folder temp;
  fill_folder(temp / "data", 1, 30);
  test::put_content(temp / "data" / "api-keys.json", "{}");
  const auto taken = backed_up(temp / "data", temp / "backups", a_moment);
  ASSERT_TRUE(taken) << taken.error().what;
  EXPECT_EQ(taken->path, (temp / "backups" / "backup-20251201-050006").string());
  EXPECT_EQ(taken->manifest.stores.size(), 3U);
  EXPECT_GT(taken->manifest.commit, 0U);
  const auto restored = restore_folder({taken->path, temp / "again", false, a_moment});
  ASSERT_TRUE(restored) << restored.error().what;
  EXPECT_EQ(restored->aside, "");
  EXPECT_EQ(rows_in(temp / "again"), rows_in(temp / "data"));
  EXPECT_EQ(test::content(temp / "again" / "api-keys.json"), "{}");
  EXPECT_EQ(test::content(temp / "again" / "SLUICE"), test::content(temp / "data" / "SLUICE"));
  EXPECT_FALSE(fs::exists(temp / "again" / "MANIFEST"));
  fill_folder(temp / "again", 31, 32); // it goes on
}

/// A process writes batches over all stores, as fast as it can, while backups are taken.
TEST(folder_backup, beside_a_writer_is_of_one_moment) {
  temp_folder temp;
  fill_folder(temp / "data", 1, 2);
  const pid_t writer = ::fork();
  if (writer == 0) {
    ::alarm(120);
    auto dir = open(temp / "data");
    for (uint64_t n = 3; dir && n < 1'000'000; ++n)
      if (!dir->commit(test::in_all_stores(n)))
        ::_exit(1);
    ::_exit(2);
  }
  uint64_t last = 0;
  for (int i = 0; i < 12; ++i) {
    SCOPED_TRACE(i);
    const auto taken = backed_up(temp / "data", temp / "backups", a_moment + i);
    ASSERT_TRUE(taken) << taken.error().what;
    const auto to = temp / ("again" + std::to_string(i));
    ASSERT_TRUE(restore_folder({taken->path, to, false, a_moment}));
    const auto dir = data_dir::open(to, who, open_mode::read_only, {.layout = &test::layout()});
    ASSERT_TRUE(dir) << dir.error().what;
    const auto n = stored_epoch(*dir);
    EXPECT_TRUE(tables::checkpoints.get(*dir, {{"j"}, n})) << n;
    EXPECT_FALSE(tables::checkpoints.get(*dir, {{"j"}, n + 1})) << n;
    EXPECT_TRUE(tables::extrinsics.get(*dir, n)) << n;
    EXPECT_FALSE(tables::extrinsics.get(*dir, n + 1)) << n;
    EXPECT_GE(n, last);
    last = n;
  }
  EXPECT_GT(last, 2U);
  ::kill(writer, SIGKILL);
  int status = 0;
  ::waitpid(writer, &status, 0);
  EXPECT_TRUE(WIFSIGNALED(status)) << "the writer gave up";
}

TEST(folder_backup, keeps_the_newest_and_takes_away_what_was_not_finished) {
  temp_folder temp;
  fill_folder(temp / "data", 1, 3);
  fs::create_directories(temp / "backups" / "backup-20200101-000000.tmp");
  for (int i = 0; i < 5; ++i)
    ASSERT_TRUE(backed_up(temp / "data", temp / "backups", a_moment + i, 2));
  const auto all = list_backups(temp / "backups");
  ASSERT_TRUE(all);
  ASSERT_EQ(all->size(), 2U);
  EXPECT_EQ(all->front().taken_s, a_moment + 4);
  EXPECT_EQ(*backup_to_restore(temp / "backups"), all->front().path);
  EXPECT_FALSE(fs::exists(temp / "backups" / "backup-20200101-000000.tmp"));
}

TEST(folder_backup, of_what_is_no_folder_of_ours_is_refused) {
  temp_folder temp;
  EXPECT_EQ(backed_up(temp / "nowhere", temp / "backups", a_moment).error().code, ec::unreachable);
  fs::create_directory(temp / "empty");
  EXPECT_EQ(backed_up(temp / "empty", temp / "backups", a_moment).error().code, ec::bad_input);
  fill_folder(temp / "data", 1, 3);
  fs::remove(temp / "data" / "devchain" / "data.mdb");
  const auto cut = backed_up(temp / "data", temp / "backups", a_moment);
  ASSERT_FALSE(cut);
  EXPECT_EQ(cut.error().code, ec::corrupt_data) << cut.error().what;
  EXPECT_FALSE(fs::exists(temp / "backups" / "backup-20251201-050006"));
}

TEST(folder_backup, is_put_over_data_only_with_force_and_keeps_it_beside) {
  temp_folder temp;
  fill_folder(temp / "data", 1, 3);
  const auto taken = backed_up(temp / "data", temp / "backups", a_moment);
  ASSERT_TRUE(taken) << taken.error().what;
  const auto before = rows_in(temp / "data");
  fill_folder(temp / "data", 4, 9);
  const auto later = rows_in(temp / "data");
  const auto refused = restore_folder({taken->path, temp / "data", false, a_moment});
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, ec::refused);
  EXPECT_NE(refused.error().what.find("--force"), std::string::npos);
  EXPECT_EQ(rows_in(temp / "data"), later);
  const auto restored = restore_folder({taken->path, temp / "data", true, a_moment});
  ASSERT_TRUE(restored) << restored.error().what;
  EXPECT_EQ(restored->aside, (temp / "data").string() + ".before-restore-20251201-050006");
  EXPECT_EQ(rows_in(temp / "data"), before);
  EXPECT_EQ(rows_in(restored->aside), later);
  // A second time at the same moment: what is kept is not overwritten.
  EXPECT_EQ(restore_folder({taken->path, temp / "data", true, a_moment}).error().code, ec::refused);
  EXPECT_EQ(rows_in(temp / "data"), before);
}

TEST(folder_backup, is_not_put_where_a_node_runs) {
  temp_folder temp;
  fill_folder(temp / "data", 1, 3);
  const auto taken = backed_up(temp / "data", temp / "backups", a_moment);
  ASSERT_TRUE(taken) << taken.error().what;
  const auto held = open(temp / "data");
  ASSERT_TRUE(held);
  const int code = test::in_child([&] {
    const auto restored = restore_folder({taken->path, temp / "data", true, a_moment});
    return restored ? 1 : restored.error().code == ec::busy ? 0 : 2;
  });
  EXPECT_EQ(code, 0);
}

TEST(folder_backup, whose_bytes_were_changed_is_not_restored) {
  temp_folder temp;
  fill_folder(temp / "data", 1, 20);
  const auto taken = backed_up(temp / "data", temp / "backups", a_moment);
  ASSERT_TRUE(taken) << taken.error().what;
  for (const auto* name :
       {"node/data.mdb", "pool-events/data.mdb", "devchain/data.mdb", "SLUICE"}) {
    const auto file = fs::path{taken->path} / name;
    const auto whole = test::content(file);
    for (const size_t at : {size_t{0}, whole.size() / 2, whole.size() - 1}) {
      auto other = whole;
      other[at] = static_cast<char>(other[at] ^ 1);
      test::put_content(file, other);
      const auto restored = restore_folder({taken->path, temp / "again", false, a_moment});
      ASSERT_FALSE(restored) << name << ' ' << at;
      EXPECT_EQ(restored.error().code, ec::corrupt_data);
      EXPECT_NE(restored.error().what.find(name), std::string::npos) << restored.error().what;
      EXPECT_FALSE(fs::exists(temp / "again"));
    }
    test::put_content(file, whole);
  }
  EXPECT_TRUE(restore_folder({taken->path, temp / "again", false, a_moment}));
}

TEST(folder_backup, a_compacted_folder_has_the_same_rows_in_less) {
  temp_folder temp;
  fill_folder(temp / "data", 1, 200);
  {
    auto dir = open(temp / "data");
    batch writes;
    for (uint64_t n = 1; n < 190; ++n)
      tables::checkpoints.erase(writes, {{"j"}, n});
    ASSERT_TRUE(dir->commit(writes));
  }
  const auto before = rows_in(temp / "data");
  const auto bytes = run_guarded(temp / "data", [&](work_progress& progress) {
    const auto made = make_compacted(temp / "data", tables::schema_version, progress);
    return made ? result<std::string>{encode(*made)} : result<std::string>{made.error()};
  });
  ASSERT_TRUE(bytes) << bytes.error().what;
  ASSERT_TRUE(use_compacted(temp / "data"));
  const auto stores = decode<std::vector<compacted_store>>(*bytes);
  ASSERT_EQ(stores->size(), 3U);
  EXPECT_LT((*stores)[1].bytes_after, (*stores)[1].bytes_before / 2);
  EXPECT_EQ(fs::file_size(temp / "data" / "pool-events" / "data.mdb"), (*stores)[1].bytes_after);
  EXPECT_EQ(rows_in(temp / "data"), before);
  EXPECT_TRUE(foreign_names(temp / "data")->empty());
  fill_folder(temp / "data", 201, 202);
}

} // namespace
} // namespace sluice::storage
