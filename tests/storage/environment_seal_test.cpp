#include "tests/storage/layout.hpp"
#include "tests/storage/small_disk.hpp"
#include "tests/storage/small_environment.hpp"

#include <gtest/gtest.h>

#include <map>
#include <random>

namespace sluice::storage {
namespace {

using test::temp_folder;

TEST(environment_seal, gives_all_rows_of_all_tables_a_checksum_in_one_transaction) {
  const uint64_t seed = std::random_device{}();
  SCOPED_TRACE(testing::Message() << "seed " << seed);
  std::mt19937_64 chance{seed};
  temp_folder temp;
  std::map<std::string, std::string> rows;
  {
    auto o = two_tables();
    o.tables.emplace_back("old"); // that nobody names later
    auto env = storage::open(temp, o);
    for (int i = 0; i < 2000; ++i)
      rows["k" + std::to_string(chance() % 5000)]
        = std::string(chance() % (i % 50 == 0 ? 9000 : 400), 'v');
    batch writes;
    for (const auto& [key, value] : rows)
      for (const auto* table : {"a", "b", "old"})
        writes.writes.push_back(put(key, value, table));
    ASSERT_TRUE(env.commit(writes));
  }
  {
    auto o = two_tables();
    o.map_bytes = 1 << 20; // it has to grow meanwhile
    auto env = storage::open(temp, o);
    const auto before = env.last_commit();
    ASSERT_TRUE(env.seal_rows(batch{{put("more", "a stamp")}}));
    EXPECT_EQ(env.last_commit(), before + 1);
    EXPECT_TRUE(env.has_checksums());
    EXPECT_EQ(*env.get("a", "more"), "a stamp");
  }
  rows["more"] = "a stamp";
  auto o = two_tables();
  o.tables.emplace_back("old");
  o.checksums = true;
  const auto env = storage::open(temp, o);
  for (const auto* table : {"a", "b", "old"}) {
    if (table[0] != 'a')
      rows.erase("more");
    std::map<std::string, std::string> seen;
    ASSERT_TRUE(env.scan(table, {}, [&](std::string_view key, std::string_view value) {
      seen.emplace(key, value);
      return true;
    }));
    EXPECT_EQ(seen, rows) << table;
  }
}

TEST(environment_seal, that_fails_changes_nothing) {
  temp_folder temp;
  auto env = storage::open(temp);
  ASSERT_TRUE(env.commit(batch{{put("k", "v")}}));
  EXPECT_EQ(env.seal_rows(batch{{put("k", "v", "none")}}).error().code, ec::invalid_argument);
  EXPECT_FALSE(env.has_checksums());
  EXPECT_EQ(*env.get("a", "k"), "v");
}

/// A folder as schema 4 has left it: no stamps, no checksums.
schema fourth() {
  auto layout = test::layout();
  layout.version = stamped_since - 1;
  return layout;
}

void make_fourth(const std::filesystem::path& path) {
  const auto layout = fourth();
  auto dir = data_dir::open(path, who, open_mode::create_or_continue, {.layout = &layout});
  ASSERT_TRUE(dir) << dir.error().what;
  for (uint64_t n = 1; n <= 50; ++n) {
    auto writes = scores_batch(n);
    tables::feed_blocks.put(writes, {{"j"}, n}, {n, n * 2, {}, {}});
    tables::extrinsics.put(writes, n, {"hash", n, "", {}});
    ASSERT_TRUE(dir->commit(writes));
  }
  EXPECT_EQ(dir->id(), "");
  EXPECT_EQ(test::content(path / "SLUICE").find("\nfolder"), std::string::npos);
}

void expect_fifth(const std::filesystem::path& path) {
  auto dir = storage::open(path);
  ASSERT_TRUE(dir) << dir.error().what;
  EXPECT_EQ(stored_epoch(*dir), 50u);
  EXPECT_EQ(tables::feed_blocks.get(*dir, {{"j"}, 7})->time, 14u);
  EXPECT_EQ(tables::extrinsics.get(*dir, 50)->hash, "hash");
  const auto stamps = dir->stamps();
  ASSERT_TRUE(stamps);
  EXPECT_TRUE(check_set(*stamps, std::vector<std::string>{"node", "pool_events", "devchain"},
                        dir->id(), "D"));
  for (const auto* store : {&dir->node(), &dir->pool_events(), &dir->devchain()}) {
    const auto report = store->check_rows([](auto, auto, const fault&) { return true; });
    ASSERT_TRUE(report);
    EXPECT_EQ(report->bad, 0u);
    EXPECT_GT(report->rows, 1u);
  }
  EXPECT_EQ(read_marker(path, tables::schema_version)->value(),
            (marker{tables::schema_version, who, dir->id(), stores_state::ready}));
}

TEST(environment_seal, takes_a_folder_from_schema_4_to_5_with_a_copy_of_what_was) {
  temp_folder temp;
  make_fourth(temp / "data");
  std::vector<std::string> said;
  {
    auto dir = data_dir::open(
      temp / "data", who, open_mode::create_or_continue,
      {.layout = &test::layout(), .on_progress = [&](const auto& x) { said.push_back(x); }});
    ASSERT_TRUE(dir) << dir.error().what;
  }
  EXPECT_FALSE(said.empty());
  expect_fifth(temp / "data");
  const auto layout = fourth();
  const auto copy = data_dir::open(temp / "data/backup-schema-4", who,
                                   open_mode::create_or_continue, {.layout = &layout});
  ASSERT_TRUE(copy) << copy.error().what;
  EXPECT_EQ(stored_epoch(*copy), 50u);
}

/// Every mixture that a crash between the stores can leave.
TEST(environment_seal, goes_on_where_a_crash_between_two_stores_left_it) {
  const std::string id(32, 'c');
  for (size_t sealed = 0; sealed <= 3; ++sealed) {
    SCOPED_TRACE(sealed);
    temp_folder temp;
    make_fourth(temp / "data");
    ASSERT_TRUE(write_marker(temp / "data", {stamped_since - 1, who, id, stores_state::sealing}));
    const std::vector<std::pair<std::string, std::string>> stores{
      {"node", "node"}, {"pool-events", "pool_events"}, {"devchain", "devchain"}};
    for (size_t i = 0; i < sealed; ++i) {
      environment_options o;
      o.store = stores[i].second;
      o.tables = {"stamp"};
      auto env = environment::open(temp / "data" / stores[i].first, o);
      ASSERT_TRUE(env);
      batch stamp;
      tables::stamp_in(o.store).put(stamp, tables::stamp_key,
                                    {id, o.store, row_format, who, 0, {}});
      ASSERT_TRUE(env->seal_rows(stamp));
    }
    const auto reader
      = data_dir::open(temp / "data", {}, open_mode::read_only, {.layout = &test::layout()});
    EXPECT_EQ(reader.error().code, ec::schema_mismatch) << reader.error().what;
    expect_fifth(temp / "data");
    EXPECT_EQ(storage::open(temp / "data")->id(), id);
  }
}

TEST(environment_seal, a_store_of_schema_4_that_is_missing_or_emptied_is_refused) {
  for (const std::string name : {"node", "pool-events", "devchain"}) {
    temp_folder temp;
    make_fourth(temp / "data");
    test::put_content(temp / "data" / name / "data.mdb", "");
    EXPECT_EQ(storage::open(temp / "data").error().code, ec::corrupt_data);
    std::filesystem::remove_all(temp / "data" / name);
    EXPECT_EQ(storage::open(temp / "data").error().code, ec::corrupt_data);
  }
}

} // namespace
} // namespace sluice::storage
