#include "storage/lock_file.hpp"
#include "tests/storage/temp_folder.hpp"

#include <gtest/gtest.h>
#include <sys/file.h>

namespace sluice::storage {
namespace {

using test::temp_folder;

result<lock_file> take(const temp_folder& temp) {
  new_files made;
  return lock_file::take(temp.path(), made);
}

TEST(lock_file, is_let_go_of_with_its_holder) {
  temp_folder temp;
  {
    auto lock = take(temp);
    ASSERT_TRUE(lock);
    EXPECT_TRUE(lock->held());
    EXPECT_EQ(take(temp).error().code, ec::busy);
    auto moved = *std::move(lock);
    EXPECT_EQ(take(temp).error().code, ec::busy);
  }
  EXPECT_TRUE(take(temp));
}

TEST(lock_file, reports_pid_and_host) {
  temp_folder temp;
  auto lock = take(temp);
  const auto text = test::content(temp / "LOCK");
  EXPECT_TRUE(text.starts_with("pid " + std::to_string(::getpid()) + "\nhost "));
  test::put_content(temp / "LOCK", "pid 123\nhost elsewhere\n");
  EXPECT_EQ(take(temp).error().what,
            temp.path().string()
              + ": in use by process 123 on elsewhere; stop it or use another --data");
  test::put_content(temp / "LOCK", "???");
  EXPECT_EQ(take(temp).error().what,
            temp.path().string() + ": in use by another process; stop it or use another --data");
}

TEST(lock_file, replaces_the_text_of_the_last_holder) {
  temp_folder temp;
  test::put_content(temp / "LOCK", std::string(500, 'x'));
  auto lock = take(temp);
  const auto text = test::content(temp / "LOCK");
  EXPECT_TRUE(text.starts_with("pid "));
  EXPECT_LT(text.size(), 500u);
}

TEST(lock_file, readers_keep_writers_out_and_let_each_other_in) {
  temp_folder temp;
  EXPECT_FALSE(lock_file::take_to_read(temp.path())->held()); // no file, nobody to keep out
  { auto writer = take(temp); }
  auto one = lock_file::take_to_read(temp.path());
  auto two = lock_file::take_to_read(temp.path());
  ASSERT_TRUE(one && one->held() && two && two->held());
  EXPECT_EQ(take(temp).error().code, ec::busy);
}

TEST(lock_file, remembers_what_the_last_holder_noted_about_the_stores) {
  temp_folder temp;
  const std::string id = "0123456789abcdef0123456789abcdef";
  const noted_commits first{id, {{"node", 9}, {"devchain", 0}}};
  const noted_commits second{id, {{"node", UINT64_MAX}, {"devchain", 10}}};
  {
    auto lock = take(temp);
    ASSERT_TRUE(lock);
    EXPECT_FALSE(lock->noted_before());
    lock->note(first);
    EXPECT_TRUE(test::content(temp / "LOCK").starts_with("pid "));
    const auto bytes = std::filesystem::file_size(temp / "LOCK");
    lock->note(second);
    EXPECT_EQ(std::filesystem::file_size(temp / "LOCK"), bytes) << "always as long";
  }
  { EXPECT_EQ(take(temp)->noted_before(), second); }
  { EXPECT_EQ(take(temp)->noted_before(), second) << "kept by one that notes nothing"; }
  const auto text = test::content(temp / "LOCK");
  for (size_t at = text.find("commits"); at + 1 < text.size(); ++at) { // not to be trusted
    auto bad = text;
    bad[at] = bad[at] == '1' ? '2' : '1';
    test::put_content(temp / "LOCK", bad);
    EXPECT_FALSE(take(temp)->noted_before()) << at;
  }
}

TEST(lock_file, holds_the_folder_when_its_file_is_taken_away) {
  temp_folder temp;
  auto lock = take(temp);
  ASSERT_TRUE(lock);
  EXPECT_TRUE(lock->still_held(temp.path()));
  std::filesystem::remove(temp / "LOCK");
  EXPECT_EQ(take(temp).error().code, ec::busy);
  EXPECT_EQ(lock_file::take_to_read(temp.path()).error().code, ec::busy);
  const auto held = lock->still_held(temp.path());
  ASSERT_FALSE(held);
  EXPECT_NE(held.error().what.find("LOCK is gone"), std::string::npos) << held.error().what;
}

TEST(lock_file, notes_its_file_as_new_only_when_it_made_it) {
  temp_folder temp;
  {
    new_files made;
    auto lock = lock_file::take(temp.path(), made);
    new_files other;
    EXPECT_FALSE(lock_file::take(temp.path(), other));
    other.undo(); // the one that was turned away leaves the file alone
    EXPECT_TRUE(std::filesystem::exists(temp / "LOCK"));
    made.undo();
    EXPECT_FALSE(std::filesystem::exists(temp / "LOCK"));
  }
  test::put_content(temp / "LOCK", "");
  new_files made;
  auto lock = lock_file::take(temp.path(), made);
  made.undo();
  EXPECT_TRUE(std::filesystem::exists(temp / "LOCK"));
}

TEST(lock_file, cannot_be_taken_where_there_is_no_folder) {
  new_files made;
  const auto lock = lock_file::take("/nonexistent/folder", made);
  ASSERT_FALSE(lock);
}

} // namespace
} // namespace sluice::storage
