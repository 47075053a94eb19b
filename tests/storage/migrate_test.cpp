#include "storage/data_dir.hpp"
#include "storage/tables.hpp"
#include "tests/storage/temp_folder.hpp"

#include <gtest/gtest.h>

namespace sluice::storage {
namespace {

using test::temp_disk;
using test::temp_folder;

const identity old_program{"0.1.0", 7, "abc"};
const identity new_program{"0.3.0", 7, "abc"};

constexpr table<std::string, uint64_t> old_counts{node_store, "old_counts"};
constexpr table<uint64_t, std::string> new_counts{node_store, "new_counts"};
constexpr table<uint64_t, std::string> new_events{pool_events_store, "new_events"};

const schema first{1, {{node_store, "old_counts"}}, {}};

/// From 1 to 2 turns the table around, into two stores; from 2 to 3 adds a row.
schema third(bool fails = false) {
  const auto turn = [fails](const data_dir& dir) -> result<batch> {
    if (fails)
      return fault{ec::corrupt_data, "row x makes no sense"};
    batch writes;
    auto walked = old_counts.for_each(dir, [&](const std::string& k, uint64_t v) {
      old_counts.erase(writes, k);
      new_counts.put(writes, v, k);
      new_events.put(writes, v, k);
    });
    if (!walked)
      return walked.error();
    return writes;
  };
  const auto add = [](const data_dir& dir) -> result<batch> {
    batch writes;
    if (new_counts.get(dir, 1))
      new_counts.put(writes, 99, "added");
    return writes;
  };
  return {3,
          {{node_store, "new_counts"}, {pool_events_store, "new_events"}},
          {{2, "adds a row", {}, add},
           {1, "turns the counts around", {{node_store, "old_counts"}}, turn}}};
}

result<data_dir> open(const std::filesystem::path& path, const identity& who, const schema& layout,
                      open_mode mode = open_mode::create_or_continue) {
  return data_dir::open(path, who, mode, {.layout = &layout});
}

void make_old_folder(const std::filesystem::path& path) {
  auto dir = open(path, old_program, first);
  ASSERT_TRUE(dir) << dir.error().what;
  batch writes;
  old_counts.put(writes, "one", 1);
  old_counts.put(writes, "two", 2);
  ASSERT_TRUE(dir->commit(writes));
}

void expect_new_folder(const data_dir& dir) {
  EXPECT_EQ(*new_counts.get(dir, 1), "one");
  EXPECT_EQ(*new_counts.get(dir, 2), "two");
  EXPECT_EQ(*new_counts.get(dir, 99), "added");
  EXPECT_EQ(*new_events.get(dir, 2), "two");
}

TEST(migrate, goes_forward_step_by_step_and_keeps_a_copy_of_what_was) {
  temp_folder temp;
  make_old_folder(temp / "data");
  const auto layout = third();
  {
    auto dir = open(temp / "data", new_program, layout);
    ASSERT_TRUE(dir) << dir.error().what;
    expect_new_folder(*dir);
    EXPECT_EQ(dir->who(), new_program);
    EXPECT_FALSE(old_counts.last(*dir)->has_value());
  }
  EXPECT_EQ(read_marker(temp / "data", 3)->value(), (marker{3, new_program}));
  // The copy is a data folder of the old schema by itself.
  auto copy = open(temp / "data/backup-schema-1", old_program, first);
  ASSERT_TRUE(copy) << copy.error().what;
  EXPECT_EQ(*old_counts.get(*copy, "two"), 2u);
  // Opened again nothing more happens, and the old program is refused.
  {
    auto dir = open(temp / "data", new_program, layout);
    ASSERT_TRUE(dir);
    expect_new_folder(*dir);
  }
  EXPECT_EQ(open(temp / "data", old_program, first).error().code, ec::schema_mismatch);
}

TEST(migrate, is_not_a_readers_business) {
  temp_folder temp;
  make_old_folder(temp / "data");
  const auto layout = third();
  const auto dir = open(temp / "data", {}, layout, open_mode::read_only);
  ASSERT_FALSE(dir);
  EXPECT_EQ(dir.error().code, ec::schema_mismatch);
  EXPECT_NE(dir.error().what.find("has schema 1, this version reads 3; start the node once"),
            std::string::npos);
  EXPECT_FALSE(std::filesystem::exists(temp / "data/backup-schema-1"));
}

TEST(migrate, refuses_when_a_step_is_missing_before_it_changes_anything) {
  temp_folder temp;
  make_old_folder(temp / "data");
  auto layout = third();
  layout.migrations.erase(layout.migrations.begin());
  const auto dir = open(temp / "data", new_program, layout);
  ASSERT_FALSE(dir);
  EXPECT_EQ(dir.error().code, ec::schema_mismatch);
  EXPECT_EQ(dir.error().what,
            (temp / "data").string()
              + ": has schema 1 and there is no step from 2 to 3; use sluice 0.1.0");
  EXPECT_TRUE(open(temp / "data", old_program, first));
}

TEST(migrate, a_step_that_fails_leaves_the_old_version_usable) {
  temp_folder temp;
  make_old_folder(temp / "data");
  const auto failing = third(true);
  const auto dir = open(temp / "data", new_program, failing);
  ASSERT_FALSE(dir);
  EXPECT_EQ(dir.error().code, ec::corrupt_data);
  EXPECT_NE(dir.error().what.find("cannot be migrated from schema 1: row x makes no sense"),
            std::string::npos);
  {
    auto old = open(temp / "data", old_program, first);
    ASSERT_TRUE(old) << old.error().what;
    EXPECT_EQ(*old_counts.get(*old, "one"), 1u);
  }
  const auto layout = third(); // and the next attempt, with a better program, succeeds
  auto done = open(temp / "data", new_program, layout);
  ASSERT_TRUE(done) << done.error().what;
  expect_new_folder(*done);
}

TEST(migrate, goes_on_where_a_crash_between_two_steps_left_it) {
  temp_folder temp;
  make_old_folder(temp / "data");
  auto second = third();
  second.version = 2;
  ASSERT_TRUE(open(temp / "data", new_program, second));
  // As if the process had ended before it wrote the marker.
  ASSERT_TRUE(write_marker(temp / "data", {1, old_program}));
  EXPECT_EQ(open(temp / "data", old_program, first).error().code, ec::schema_mismatch);
  const auto layout = third();
  auto dir = open(temp / "data", new_program, layout);
  ASSERT_TRUE(dir) << dir.error().what;
  expect_new_folder(*dir);
}

TEST(migrate, without_space_for_the_copy_changes_nothing) {
  temp_folder temp;
  temp_disk disk{temp / "disk", "400k"};
  if (!disk.mounted())
    GTEST_SKIP() << "mounting a small disk needs root";
  make_old_folder(temp / "disk/data");
  const auto before = test::names_below(temp / "disk");
  test::put_content(temp / "disk/ballast", std::string(400'000, 'x')); // as much as there is
  const auto layout = third();
  const auto dir = open(temp / "disk/data", new_program, layout);
  ASSERT_FALSE(dir);
  EXPECT_EQ(dir.error().code, ec::storage_full) << dir.error().what;
  std::filesystem::remove(temp / "disk/ballast");
  EXPECT_EQ(test::names_below(temp / "disk"), before);
  EXPECT_TRUE(open(temp / "disk/data", old_program, first));
}

} // namespace
} // namespace sluice::storage
