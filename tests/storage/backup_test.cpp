#include "storage/backup.hpp"
#include "tests/storage/small_environment.hpp"

#include <gtest/gtest.h>

#include <atomic>
#include <random>
#include <thread>

namespace sluice::storage {
namespace {

namespace fs = std::filesystem;
using test::temp_folder;

constexpr int64_t backup_day_s = 1'767'225'600; // 2026-01-01 00:00:00 UTC

/// So many rows of random bytes in table a, one in b.
void fill_for_backup(environment& env, uint64_t seed, size_t rows) {
  std::mt19937_64 chance{seed};
  batch writes;
  for (size_t i = 0; i < rows; ++i)
    writes.writes.push_back(put("key-" + std::to_string(chance() % 100'000),
                                std::string(chance() % 400, static_cast<char>(chance()))));
  writes.writes.push_back(put("one", "row", "b"));
  ASSERT_TRUE(env.commit(writes));
}

std::string backup_name(const backup_place& x) {
  return x.path.filename().string();
}

TEST(backup, holds_the_rows_of_its_moment_and_verifies) {
  temp_folder temp;
  auto env = open(temp);
  fill_for_backup(env, 1, 500);
  const auto digest = digest_of(env);
  ASSERT_TRUE(digest);
  ASSERT_EQ(digest->size(), 2U);
  EXPECT_EQ((*digest)[1].rows, 1U);
  const auto taken = take_backup(env, temp / "backups", backup_day_s + 3723, 7);
  ASSERT_TRUE(taken) << taken.error().what;
  EXPECT_EQ(backup_name(taken->place), "backup-20260101-010203");
  EXPECT_EQ(taken->digest, *digest);
  EXPECT_GT(taken->bytes, 0U);
  fill_for_backup(env, 2, 100); // the live file goes on and the copy stays as it is
  const auto verified = verify_backup(taken->place);
  ASSERT_TRUE(verified) << verified.error().what;
  EXPECT_EQ(*verified, *digest);
  EXPECT_NE(*digest_of(env), *digest);
  EXPECT_EQ(test::names_below(temp / "backups"),
            (std::set<std::string>{"backup-20260101-010203", "backup-20260101-010203/DIGEST",
                                   "backup-20260101-010203/data.mdb"}));
}

TEST(backup, sees_rows_in_another_order_or_of_another_table) {
  temp_folder temp;
  temp_folder other;
  auto env = open(temp);
  auto second = open(other);
  ASSERT_TRUE(env.commit(batch{{put("k", "1"), put("l", "2")}}));
  ASSERT_TRUE(second.commit(batch{{put("k", "2"), put("l", "1")}}));
  EXPECT_NE(*digest_of(env), *digest_of(second));
  ASSERT_TRUE(second.commit(batch{{put("k", "1"), put("l", "2")}}));
  EXPECT_EQ(*digest_of(env), *digest_of(second));
}

TEST(backup, keeps_the_newest_and_takes_away_what_was_never_finished) {
  temp_folder temp;
  auto env = open(temp);
  fill_for_backup(env, 3, 10);
  fs::create_directories(temp / "backups/backup-20251231-000000.tmp");
  fs::create_directories(temp / "backups/somebody's");
  for (int day = 0; day < 5; ++day)
    ASSERT_TRUE(take_backup(env, temp / "backups", backup_day_s + day * 86'400, 3));
  const auto again = take_backup(env, temp / "backups", backup_day_s + 4 * 86'400, 3);
  ASSERT_TRUE(again) << again.error().what; // in the same second: the next name
  ASSERT_EQ(again->erased.size(), 1U);
  const auto all = list_backups(temp / "backups");
  ASSERT_TRUE(all);
  ASSERT_EQ(all->size(), 3U);
  EXPECT_EQ(backup_name((*all)[0]), "backup-20260105-000001");
  EXPECT_EQ(backup_name((*all)[1]), "backup-20260105-000000");
  EXPECT_EQ(backup_name((*all)[2]), "backup-20260104-000000");
  EXPECT_FALSE(fs::exists(temp / "backups/backup-20251231-000000.tmp"));
  EXPECT_TRUE(fs::exists(temp / "backups/somebody's"));
  EXPECT_EQ(take_backup(env, temp / "backups", 0, 0).error().code, ec::out_of_range);
  EXPECT_EQ(take_backup(env, temp / "backups", -1, 1).error().code, ec::out_of_range);
  EXPECT_TRUE(list_backups(temp / "nothing")->empty());
}

TEST(backup, is_of_one_moment_while_another_thread_reads) {
  temp_folder temp;
  auto env = open(temp);
  fill_for_backup(env, 4, 2000);
  std::atomic<bool> stop{false};
  std::thread reader{[&] {
    while (!stop)
      (void)digest_of(env);
  }};
  for (int i = 0; i < 5; ++i) {
    const auto taken = take_backup(env, temp / "backups", backup_day_s + i, 7);
    EXPECT_TRUE(taken) << taken.error().what;
    fill_for_backup(env, static_cast<uint64_t>(i) + 5, 50);
  }
  stop = true;
  reader.join();
  const auto all = list_backups(temp / "backups");
  ASSERT_EQ(all->size(), 5U);
  for (const auto& one : *all)
    EXPECT_TRUE(verify_backup(one));
}

TEST(backup, that_was_changed_does_not_verify_and_the_next_one_is_taken) {
  temp_folder temp;
  auto env = open(temp);
  for (int day = 0; day < 4; ++day) {
    fill_for_backup(env, static_cast<uint64_t>(day) + 10, 300);
    ASSERT_TRUE(take_backup(env, temp / "backups", backup_day_s + day * 86'400, 7));
  }
  const auto all = *list_backups(temp / "backups");
  std::vector<std::string> bad;
  EXPECT_EQ(*newest_verified(temp / "backups", bad), all[0]);
  EXPECT_TRUE(bad.empty());
  auto digest = test::content(all[0].path / "DIGEST");
  const auto at = digest.find("table a ");
  digest[digest.find(' ', at + 8) + 1] ^= 1; // a digit of the checksum
  test::put_content(all[0].path / "DIGEST", digest);
  fs::resize_file(all[1].path / "data.mdb", 9000);
  fs::remove(all[2].path / "DIGEST");
  const auto newest = newest_verified(temp / "backups", bad);
  ASSERT_TRUE(newest) << newest.error().what;
  EXPECT_EQ(*newest, all[3]);
  ASSERT_EQ(bad.size(), 3U);
  EXPECT_NE(bad[0].find("table a has another checksum"), std::string::npos) << bad[0];
  EXPECT_NE(bad[1].find("damaged"), std::string::npos) << bad[1];
  fs::remove_all(all[3].path);
  EXPECT_EQ(newest_verified(temp / "backups", bad).error().code, ec::no_such_key);
}

TEST(backup, is_put_in_the_place_of_the_file_which_is_kept_aside) {
  temp_folder temp;
  store_digest before;
  {
    auto env = open(temp);
    fill_for_backup(env, 20, 100);
    before = *digest_of(env);
    ASSERT_TRUE(take_backup(env, temp / "backups", backup_day_s, 7));
    fill_for_backup(env, 21, 100);
  }
  const auto place = list_backups(temp / "backups")->front();
  for (int i = 0; i < 5; ++i)
    ASSERT_TRUE(restore_backup(place, temp / "env", backup_day_s + i));
  EXPECT_EQ(*digest_of(open(temp)), before);
  const auto names = test::names_below(temp / "env");
  EXPECT_EQ(std::count_if(names.begin(), names.end(),
                          [](const auto& x) { return x.starts_with("damaged-"); }),
            3);
  ASSERT_TRUE(restore_backup(place, temp / "elsewhere", backup_day_s)); // where nothing was
  EXPECT_TRUE(fs::exists(temp / "elsewhere/data.mdb"));
}

// Random bytes anywhere in a file: a damaged one is either found, or it reads like the sound one.
TEST(backup, finds_damage_anywhere_without_ending_the_process) {
  const uint64_t seed = std::random_device{}();
  SCOPED_TRACE("seed " + std::to_string(seed));
  std::mt19937_64 chance{seed};
  temp_folder temp;
  {
    auto env = open(temp);
    fill_for_backup(env, seed, 800);
    fill_for_backup(env, seed + 1, 300);
    ASSERT_TRUE(take_backup(env, temp / "backups", backup_day_s, 7));
  }
  const auto place = list_backups(temp / "backups")->front();
  const auto sound = test::content(place.path / "data.mdb");
  size_t found = 0;
  for (int i = 0; i < 60; ++i) {
    auto bytes = sound;
    const auto from = chance() % bytes.size();
    const auto count = std::min<size_t>(1 + chance() % 64, bytes.size() - from);
    for (size_t k = 0; k < count; ++k)
      bytes[from + k] = static_cast<char>(chance());
    test::put_content(place.path / "data.mdb", bytes);
    const auto verified = verify_backup(place);
    found += verified ? 0 : 1;
    if (!verified) {
      EXPECT_FALSE(verified.error().what.empty());
    }
  }
  EXPECT_GT(found, 20U); // most of the file is rows
  test::put_content(place.path / "data.mdb", sound);
  EXPECT_TRUE(verify_backup(place));
}

TEST(backup_stamp, is_the_moment_in_utc) {
  EXPECT_EQ(backup_stamp(0), "19700101-000000");
  EXPECT_EQ(backup_stamp(951'782'399), "20000228-235959");
  EXPECT_EQ(backup_stamp(951'782'400), "20000229-000000");
  EXPECT_EQ(backup_stamp(253'402'300'799), "99991231-235959");
  EXPECT_EQ(backup_stamp(-5), "19700101-000000");
}

} // namespace
} // namespace sluice::storage
