#include "storage/files.hpp"
#include "tests/storage/temp_folder.hpp"

#include <gtest/gtest.h>
#include <sys/resource.h>

#include <cerrno>
#include <csignal>

namespace sluice::storage {
namespace {

using test::temp_folder;

TEST(files, a_whole_write_replaces_and_leaves_nothing_beside) {
  temp_folder temp;
  ASSERT_TRUE(write_whole(temp / "f", "first, longer"));
  ASSERT_TRUE(write_whole(temp / "f", "second"));
  EXPECT_EQ(*read_whole(temp / "f", 100), "second");
  EXPECT_EQ(test::names_below(temp.path()), std::set<std::string>{"f"});
}

TEST(files, a_write_that_does_not_fit_keeps_the_old_file) {
  temp_folder temp;
  ASSERT_TRUE(write_whole(temp / "f", "old"));
  const int ended = test::in_child([&] {
    std::signal(SIGXFSZ, SIG_IGN);
    const rlimit size{1000, 1000};
    ::setrlimit(RLIMIT_FSIZE, &size);
    const auto done = write_whole(temp / "f", std::string(5000, 'x'));
    return !done && done.error().code == ec::storage_full ? 0 : 1;
  });
  EXPECT_EQ(ended, 0);
  EXPECT_EQ(*read_whole(temp / "f", 100), "old");
  EXPECT_EQ(test::names_below(temp.path()), std::set<std::string>{"f"});
}

TEST(files, reads_no_more_than_the_limit) {
  temp_folder temp;
  test::put_content(temp / "f", "12345");
  EXPECT_EQ(*read_whole(temp / "f", 5), "12345");
  EXPECT_EQ(read_whole(temp / "f", 4).error().code, ec::corrupt_data);
  EXPECT_EQ(read_whole(temp / "none", 4).error().code, ec::unreachable);
  EXPECT_FALSE(read_whole(temp.path(), 4));
}

TEST(files, reserves_space_without_shortening) {
  temp_folder temp;
  ASSERT_TRUE(reserve(temp / "f", 1000));
  EXPECT_EQ(std::filesystem::file_size(temp / "f"), 1000u);
  ASSERT_TRUE(reserve(temp / "f", 10));
  EXPECT_EQ(std::filesystem::file_size(temp / "f"), 1000u);
  EXPECT_FALSE(reserve(temp / "none/f", 10));
}

TEST(files, undoes_only_what_was_new) {
  temp_folder temp;
  test::put_content(temp / "old", "");
  std::filesystem::create_directory(temp / "kept");
  test::put_content(temp / "kept/file", "");
  new_files made;
  for (const auto* name : {"old", "new", "new/file", "never"})
    made.note(temp / name);
  std::filesystem::create_directory(temp / "new");
  test::put_content(temp / "new/file", "");
  made.undo();
  EXPECT_EQ(test::names_below(temp.path()), (std::set<std::string>{"kept", "kept/file", "old"}));
}

TEST(files, leaves_a_new_folder_that_others_have_filled) {
  temp_folder temp;
  new_files made;
  made.note(temp / "new");
  std::filesystem::create_directory(temp / "new");
  test::put_content(temp / "new/theirs", "");
  made.undo();
  EXPECT_TRUE(std::filesystem::exists(temp / "new/theirs"));
}

TEST(files, knows_what_it_may_write) {
  temp_folder temp;
  EXPECT_EQ(write_refusal(temp.path()), 0);
  EXPECT_EQ(write_refusal(temp / "none"), ENOENT);
}

} // namespace
} // namespace sluice::storage
