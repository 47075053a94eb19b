#include "net/admin/socket_place.hpp"
#include "tests/support/scratch_folder.hpp"

#include <gtest/gtest.h>

namespace sluice::net {

namespace {

TEST(socket_place, is_the_path_where_it_fits) {
  const test::scratch_folder folder;
  const auto place = socket_place::in(folder.path(), "shell.sock");
  ASSERT_TRUE(place);
  EXPECT_EQ(place->address().sun_path, folder.at("shell.sock"));
  EXPECT_EQ(place->path(), folder.at("shell.sock"));
}

TEST(socket_place, goes_by_way_of_the_open_folder_where_it_does_not) {
  const test::scratch_folder folder;
  const auto deep = folder.path() / std::string(120, 'd');
  std::filesystem::create_directory(deep);
  const auto place = socket_place::in(deep, "shell.sock");
  ASSERT_TRUE(place);
  const std::string address = place->address().sun_path;
  EXPECT_TRUE(address.starts_with("/proc/self/fd/")) << address;
  EXPECT_TRUE(address.ends_with("/shell.sock")) << address;
  EXPECT_EQ(place->path(), deep / "shell.sock");
}

TEST(socket_place, needs_a_folder) {
  const test::scratch_folder folder;
  const auto missing = socket_place::in(folder.at("none"), "shell.sock");
  ASSERT_FALSE(missing);
  EXPECT_EQ(missing.error().code, ec::unreachable);
  EXPECT_EQ(missing.error().what, folder.at("none") + ": No such file or directory");
  EXPECT_FALSE(socket_place::in(folder.path(), std::string(200, 'n')));
}

} // namespace

} // namespace sluice::net
