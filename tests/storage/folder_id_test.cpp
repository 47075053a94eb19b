#include "storage/folder_id.hpp"

#include <gtest/gtest.h>

#include <set>

namespace sluice::storage {
namespace {

TEST(folder_id, is_another_one_each_time) {
  std::set<std::string> all;
  for (int i = 0; i < 100; ++i) {
    all.insert(fresh_folder_id());
    EXPECT_TRUE(is_folder_id(*all.rbegin()));
  }
  EXPECT_EQ(all.size(), 100u);
}

TEST(folder_id, is_32_digits_in_lower_case) {
  EXPECT_TRUE(is_folder_id("0123456789abcdef0123456789abcdef"));
  EXPECT_FALSE(is_folder_id("0123456789ABCDEF0123456789abcdef"));
  EXPECT_FALSE(is_folder_id("0123456789abcdef0123456789abcde"));
  EXPECT_FALSE(is_folder_id("0123456789abcdef0123456789abcdefa"));
  EXPECT_FALSE(is_folder_id("0123456789abcdef 123456789abcdef"));
  EXPECT_FALSE(is_folder_id(""));
}

} // namespace
} // namespace sluice::storage
