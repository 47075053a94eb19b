#include "storage/data_dir_place.hpp"
#include "tests/storage/small_disk.hpp"
#include "tests/storage/temp_folder.hpp"

#include <gtest/gtest.h>
#include <sys/stat.h>

namespace sluice::storage {
namespace {

using test::in_child;
using test::names_below;
using test::temp_folder;

uint32_t rights_of(const std::filesystem::path& path) {
  struct stat seen {};
  return ::lstat(path.c_str(), &seen) == 0 ? seen.st_mode & 07777U : 0;
}

void expect_rights(const std::filesystem::path& path, uint32_t folder_mode, uint32_t file_mode) {
  EXPECT_EQ(rights_of(path), folder_mode);
  for (const auto& name : names_below(path)) {
    const bool is_folder = std::filesystem::is_directory(path / name);
    EXPECT_EQ(rights_of(path / name), is_folder ? folder_mode : file_mode) << name;
  }
}

TEST(data_dir_place, folders_are_their_owners_alone_whatever_the_umask_is) {
  for (const mode_t mask : {0U, 022U, 077U})
    for (const uint32_t file_mode : {0600U, 0640U}) {
      SCOPED_TRACE(testing::Message() << mask << ' ' << file_mode);
      temp_folder temp;
      EXPECT_EQ(in_child([&] {
                  ::umask(mask);
                  auto dir = data_dir::open(temp / "a/data", who, open_mode::create_or_continue,
                                            {.layout = &test::layout(), .file_mode = file_mode});
                  return dir && dir->commit(scores_batch(1)) && dir->copy_to(temp / "copy") ? 0 : 1;
                }),
                0);
      expect_rights(temp / "a/data", file_mode == 0600 ? 0700 : 0750, file_mode);
      EXPECT_EQ(rights_of(temp / "copy"), file_mode == 0600 ? 0700u : 0750u);
    }
}

TEST(data_dir_place, a_folder_that_stands_open_is_closed_and_that_is_said_once) {
  temp_folder temp;
  { ASSERT_TRUE(storage::open(temp / "data")); }
  for (const auto& name : names_below(temp / "data"))
    ::chmod((temp / "data" / name).c_str(),
            std::filesystem::is_directory(temp / "data" / name) ? 0755 : 0644);
  ::chmod((temp / "data").c_str(), 0755);
  {
    const auto dir = storage::open(temp / "data");
    ASSERT_TRUE(dir);
    ASSERT_EQ(dir->notes().size(), 1u);
    EXPECT_EQ(dir->notes()[0],
              (temp / "data").string()
                + ": others could read this folder (its rights were 755); now they are 700");
  }
  expect_rights(temp / "data", 0700, 0600);
  EXPECT_TRUE(storage::open(temp / "data")->notes().empty());
  const auto opened = data_dir::open(temp / "data", who, open_mode::create_or_continue,
                                     {.layout = &test::layout(), .file_mode = 0640});
  ASSERT_TRUE(opened) << "a setting opens it";
  EXPECT_TRUE(opened->notes().empty());
  expect_rights(temp / "data", 0750, 0640);
}

TEST(data_dir_place, no_symbolic_link_is_followed) {
  for (const std::string name : {"LOCK", "SLUICE", "node/lock.mdb"}) {
    SCOPED_TRACE(name);
    temp_folder temp;
    { ASSERT_TRUE(storage::open(temp / "data")); }
    std::filesystem::rename(temp / "data" / name, temp / "elsewhere");
    std::filesystem::create_symlink(temp / "elsewhere", temp / "data" / name);
    const auto before = test::content(temp / "elsewhere");
    const auto dir = storage::open(temp / "data");
    ASSERT_FALSE(dir);
    EXPECT_EQ(dir.error().code, ec::bad_input);
    EXPECT_NE(dir.error().what.find(name + ": is a symbolic link, which is not followed"),
              std::string::npos)
      << dir.error().what;
    EXPECT_EQ(test::content(temp / "elsewhere"), before);
  }
  temp_folder temp; // what a marker is written through
  test::put_content(temp / "victim", "precious");
  std::filesystem::create_directory(temp / "data");
  std::filesystem::create_symlink(temp / "victim", temp / "data/SLUICE.tmp");
  EXPECT_TRUE(storage::open(temp / "data"));
  EXPECT_EQ(test::content(temp / "victim"), "precious");
}

TEST(data_dir_place, stores_without_a_marker_that_state_nothing_are_nobodys) {
  temp_folder temp;
  environment_options o;
  o.store = "node";
  o.tables = {"t"};
  std::filesystem::create_directories(temp / "data");
  { ASSERT_TRUE(environment::open(temp / "data/node", o)); }
  const auto dir = storage::open(temp / "data");
  ASSERT_FALSE(dir);
  EXPECT_EQ(dir.error().code, ec::bad_input);
  EXPECT_NE(dir.error().what.find("has stores but no marker SLUICE"), std::string::npos);
}

} // namespace
} // namespace sluice::storage
