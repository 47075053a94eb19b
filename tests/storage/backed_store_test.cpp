#include "storage/backed_store.hpp"
#include "storage/checked_table.hpp"
#include "tests/storage/temp_folder.hpp"

#include <gtest/gtest.h>

#include <random>

namespace sluice::storage {
namespace {

namespace fs = std::filesystem;
using test::temp_folder;

constexpr int64_t backed_day_s = 1'767'225'600; // 2026-01-01 00:00:00 UTC
constexpr checked_table<uint64_t, std::string> backed_rows{"own", "rows"};
constexpr checked_table<std::string, std::string> backed_names{"own", "names"};

store_layout backed_layout() {
  store_layout made;
  made.store = "own";
  made.tables = {"rows"};
  made.check = [](const environment& env) {
    return backed_rows.for_each(env, [](uint64_t, const std::string&) {});
  };
  return made;
}

/// Version 3: rows became names, then names became upper case.
store_layout backed_layout_3() {
  store_layout made;
  made.store = "own";
  made.version = 3;
  made.tables = {"names"};
  const auto to_names = [](const environment& env) -> result<batch> {
    batch out;
    auto walked = backed_rows.for_each(env, [&](uint64_t key, const std::string& text) {
      backed_names.put(out, std::to_string(key), text);
      backed_rows.erase(out, key);
    });
    if (!walked)
      return walked.error();
    return out;
  };
  const auto to_upper = [](const environment& env) -> result<batch> {
    batch out;
    auto walked = backed_names.for_each(env, [&](const std::string& key, std::string text) {
      for (auto& c : text)
        c = static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
      backed_names.put(out, key, text);
    });
    if (!walked)
      return walked.error();
    return out;
  };
  made.migrations = {{1, "names the rows", {"rows"}, to_names}, {2, "upper case", {}, to_upper}};
  return made;
}

backed_options backed_at(int64_t now_s) {
  backed_options made;
  made.now_s = now_s;
  made.map_bytes = 1 << 20;
  return made;
}

result<nothing> add_row(backed_store& store, uint64_t key, const std::string& text) {
  batch out;
  backed_rows.put(out, key, text);
  return store.commit(out);
}

TEST(backed_store, begins_empty_and_goes_on_with_what_it_has) {
  temp_folder temp;
  {
    auto store = backed_store::open(temp / "own", backed_layout(), backed_at(backed_day_s));
    ASSERT_TRUE(store) << store.error().what;
    EXPECT_TRUE(store->opening().created);
    EXPECT_EQ(store->last_backup_s(), 0);
    ASSERT_TRUE(add_row(*store, 1, "one"));
    const auto busy = backed_store::open(temp / "own", backed_layout(), backed_at(backed_day_s));
    ASSERT_FALSE(busy);
    EXPECT_EQ(busy.error().code, ec::busy);
  }
  auto store = backed_store::open(temp / "own", backed_layout(), backed_at(backed_day_s));
  ASSERT_TRUE(store) << store.error().what;
  EXPECT_FALSE(store->opening().created);
  EXPECT_FALSE(store->opening().restored);
  EXPECT_EQ(backed_rows.find(*store, 1)->value(), "one");
}

TEST(backed_store, is_backed_up_once_a_day_and_keeps_as_many_as_it_was_asked) {
  temp_folder temp;
  auto options = backed_at(backed_day_s);
  options.keep = 2;
  auto store = backed_store::open(temp / "own", backed_layout(), options);
  ASSERT_TRUE(store);
  int taken = 0;
  for (int hour = 0; hour < 24 * 4; ++hour) {
    ASSERT_TRUE(add_row(*store, static_cast<uint64_t>(hour), "x"));
    const auto made = store->back_up_when_due(backed_day_s + hour * 3600);
    ASSERT_TRUE(made) << made.error().what;
    taken += made->has_value() ? 1 : 0;
  }
  EXPECT_EQ(taken, 4);
  EXPECT_EQ(store->last_backup_s(), backed_day_s + 3 * 86'400);
  EXPECT_EQ(list_backups(temp / "own/backups")->size(), 2U);
}

TEST(backed_store, migrates_step_by_step_after_a_backup) {
  temp_folder temp;
  {
    auto store = backed_store::open(temp / "own", backed_layout(), backed_at(backed_day_s));
    ASSERT_TRUE(store && add_row(*store, 1, "one") && add_row(*store, 2, "two"));
  }
  {
    auto store = backed_store::open(temp / "own", backed_layout_3(), backed_at(backed_day_s + 5));
    ASSERT_TRUE(store) << store.error().what;
    EXPECT_EQ(store->opening().migrated_from, 1U);
    EXPECT_EQ(backed_names.find(*store, "2")->value(), "TWO");
    EXPECT_EQ(store->last_backup_s(), backed_day_s + 5);
  }
  const auto newer = backed_store::open(temp / "own", backed_layout(), backed_at(backed_day_s));
  ASSERT_FALSE(newer);
  EXPECT_EQ(newer.error().code, ec::schema_mismatch);
  EXPECT_NE(newer.error().what.find("version 3"), std::string::npos) << newer.error().what;
  const auto kept = list_backups(temp / "own/backups"); // what there was before
  ASSERT_EQ(kept->size(), 1U);
  ASSERT_TRUE(restore_backup(kept->front(), temp / "own/store", backed_day_s));
  auto again = backed_store::open(temp / "own", backed_layout(), backed_at(backed_day_s));
  ASSERT_TRUE(again) << again.error().what;
  EXPECT_EQ(backed_rows.find(*again, 2)->value(), "two");
}

TEST(backed_store, is_at_one_version_or_the_next_when_a_step_fails) {
  temp_folder temp;
  {
    auto store = backed_store::open(temp / "own", backed_layout(), backed_at(backed_day_s));
    ASSERT_TRUE(store && add_row(*store, 1, "one"));
  }
  auto failing = backed_layout_3();
  failing.migrations[1].step = [](const environment&) -> result<batch> {
    return fault{ec::refused, "not today"};
  };
  const auto failed = backed_store::open(temp / "own", failing, backed_at(backed_day_s));
  ASSERT_FALSE(failed);
  EXPECT_NE(failed.error().what.find("from version 2: not today"), std::string::npos)
    << failed.error().what;
  auto store = backed_store::open(temp / "own", backed_layout_3(), backed_at(backed_day_s + 1));
  ASSERT_TRUE(store) << store.error().what;
  EXPECT_EQ(store->opening().migrated_from, 2U);
  EXPECT_EQ(backed_names.find(*store, "1")->value(), "ONE");
  auto gap = backed_layout_3();
  gap.version = 5;
  gap.migrations.push_back({4, "", {}, gap.migrations[1].step});
  { auto closed = *std::move(store); }
  EXPECT_EQ(backed_store::open(temp / "own", gap, backed_at(backed_day_s)).error().code,
            ec::schema_mismatch);
}

/// What can happen to a file: none of it may end the process, and none may lose what was backed up.
std::string damage_backed(const fs::path& data, std::mt19937_64& chance, int kind) {
  auto bytes = test::content(data);
  switch (kind) {
  case 0:
    fs::resize_file(data, bytes.size() / 2);
    return "cut";
  case 1:
    fs::resize_file(data, 0);
    return "empty";
  case 2:
    fs::remove(data);
    return "missing";
  case 3:
    std::fill(bytes.begin(), bytes.begin() + 8192, '\0');
    break;
  case 4:
    std::fill(bytes.begin() + 8192, bytes.end(), '\xff');
    break;
  default:
    for (size_t i = 8192; i < bytes.size(); i += 512)
      bytes[i + chance() % 500] ^= static_cast<char>(1 + chance() % 255);
  }
  test::put_content(data, bytes);
  return "overwritten " + std::to_string(kind);
}

TEST(backed_store, is_restored_from_its_backup_whatever_happens_to_the_file) {
  const uint64_t seed = std::random_device{}();
  SCOPED_TRACE("seed " + std::to_string(seed));
  std::mt19937_64 chance{seed};
  temp_folder temp;
  {
    auto store = backed_store::open(temp / "own", backed_layout(), backed_at(backed_day_s));
    ASSERT_TRUE(store);
    batch rows;
    for (uint64_t i = 0; i < 400; ++i)
      backed_rows.put(rows, i, std::string(200, 'r'));
    ASSERT_TRUE(store->commit(rows) && store->back_up(backed_day_s));
    ASSERT_TRUE(add_row(*store, 1000, "after the backup"));
  }
  for (int kind = 0; kind < 12; ++kind) {
    const auto what = damage_backed(temp / "own/store/data.mdb", chance, kind);
    SCOPED_TRACE(what);
    auto store = backed_store::open(temp / "own", backed_layout(), backed_at(backed_day_s + kind));
    ASSERT_TRUE(store) << store.error().what;
    ASSERT_TRUE(store->opening().restored);
    EXPECT_EQ(store->opening().restored->taken_s, backed_day_s);
    EXPECT_FALSE(store->opening().damage.empty());
    EXPECT_EQ(backed_rows.find(*store, 399)->value(), std::string(200, 'r'));
    EXPECT_FALSE(backed_rows.find(*store, 1000)->has_value());
    EXPECT_TRUE(add_row(*store, 1000, "again")); // and it can be written to
  }
}

TEST(backed_store, refuses_to_start_on_a_damaged_file_without_a_backup) {
  temp_folder temp;
  {
    auto store = backed_store::open(temp / "own", backed_layout(), backed_at(backed_day_s));
    ASSERT_TRUE(store && add_row(*store, 1, "one"));
  }
  auto bytes = test::content(temp / "own/store/data.mdb");
  std::fill(bytes.begin(), bytes.end(), 'x');
  test::put_content(temp / "own/store/data.mdb", bytes);
  const auto refused = backed_store::open(temp / "own", backed_layout(), backed_at(backed_day_s));
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, ec::corrupt_data);
  EXPECT_NE(refused.error().what.find("no good backup"), std::string::npos) << refused.error().what;
  EXPECT_EQ(test::content(temp / "own/store/data.mdb"), bytes); // nothing was touched
}

TEST(backed_store, restores_when_a_row_is_not_what_was_written) {
  temp_folder temp;
  {
    auto store = backed_store::open(temp / "own", backed_layout(), backed_at(backed_day_s));
    ASSERT_TRUE(store && add_row(*store, 1, "one") && store->back_up(backed_day_s));
    batch out;
    backed_rows.put(out, 2, "two");
    out.writes[0].value[3] ^= 1;
    ASSERT_TRUE(store->commit(out));
  }
  auto store = backed_store::open(temp / "own", backed_layout(), backed_at(backed_day_s));
  ASSERT_TRUE(store) << store.error().what;
  EXPECT_TRUE(store->opening().restored);
  EXPECT_NE(store->opening().damage.find("checksum"), std::string::npos);
  EXPECT_FALSE(backed_rows.find(*store, 2)->has_value());
}

TEST(backed_store, takes_no_backup_of_damaged_rows_and_passes_over_one_that_has_them) {
  temp_folder temp;
  {
    auto store = backed_store::open(temp / "own", backed_layout(), backed_at(backed_day_s));
    ASSERT_TRUE(store && add_row(*store, 1, "one") && store->back_up(backed_day_s));
    batch out;
    backed_rows.put(out, 2, "two");
    out.writes[0].value[3] ^= 1;
    ASSERT_TRUE(store->commit(out));
    const auto refused = store->back_up(backed_day_s + 86'400);
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().code, ec::corrupt_data);
    for (const int day : {1, 2}) // as a program without this check would have
      ASSERT_TRUE(take_backup(store->disk(), temp / "own/backups", backed_day_s + day * 86'400, 7));
  }
  auto store = backed_store::open(temp / "own", backed_layout(), backed_at(backed_day_s));
  ASSERT_TRUE(store) << store.error().what;
  ASSERT_TRUE(store->opening().restored);
  EXPECT_EQ(store->opening().restored->taken_s, backed_day_s);
  EXPECT_EQ(store->opening().bad_backups.size(), 2U);
  EXPECT_EQ(backed_rows.find(*store, 1)->value(), "one");
}

TEST(backed_store, takes_no_folder_of_a_node_and_no_options_beyond_their_range) {
  temp_folder temp;
  test::put_content(temp / "SLUICE", "sluice");
  const auto node = backed_store::open(temp.path(), backed_layout(), backed_at(backed_day_s));
  ASSERT_FALSE(node);
  EXPECT_EQ(node.error().code, ec::bad_input);
  auto options = backed_at(backed_day_s);
  options.keep = 0;
  EXPECT_EQ(backed_store::open(temp / "own", backed_layout(), options).error().code,
            ec::out_of_range);
  options = backed_at(backed_day_s);
  options.every_s = 59;
  EXPECT_EQ(backed_store::open(temp / "own", backed_layout(), options).error().code,
            ec::out_of_range);
}

} // namespace
} // namespace sluice::storage
