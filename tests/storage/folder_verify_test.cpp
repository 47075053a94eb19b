#include "storage/folder_verify.hpp"
#include "tests/storage/whole_folder.hpp"

#include <gtest/gtest.h>

namespace sluice::storage {
namespace {

namespace fs = std::filesystem;
using test::fill_folder;
using test::temp_folder;

set_verdict set_verdict_of(const fs::path& folder) {
  const auto bytes = run_guarded(folder, [&](work_progress&) -> result<std::string> {
    auto made = verify_set(folder, tables::schema_version);
    return made ? result<std::string>{encode(*made)} : result<std::string>{made.error()};
  });
  EXPECT_TRUE(bytes) << bytes.error().what;
  return *decode<set_verdict>(*bytes);
}

store_verdict store_verdict_of(const fs::path& folder, size_t number) {
  std::optional<backup_manifest> manifest;
  if (const auto stated = read_manifest(folder); stated)
    manifest = *stated;
  const auto bytes = run_guarded(folder, [&](work_progress& progress) -> result<std::string> {
    auto made = verify_store(folder, number, test::layout(), true, manifest, progress);
    return made ? result<std::string>{encode(*made)} : result<std::string>{made.error()};
  });
  EXPECT_TRUE(bytes) << bytes.error().what;
  return *decode<store_verdict>(*bytes);
}

TEST(folder_verify, finds_nothing_wrong_with_a_folder_as_it_was_written) {
  temp_folder temp;
  fill_folder(temp / "data", 1, 50);
  const auto set = set_verdict_of(temp / "data");
  EXPECT_TRUE(set.opened);
  EXPECT_TRUE(set.damage.empty()) << set.damage.front().what;
  EXPECT_TRUE(set.foreign.empty()) << set.foreign.front();
  EXPECT_FALSE(set.backup);
  EXPECT_GE(set.commit, 50U);
  uint64_t rows = 0;
  for (size_t i = 0; i < 3; ++i) {
    const auto store = store_verdict_of(temp / "data", i);
    EXPECT_EQ(store.damaged, 0U) << store.damage.front().what;
    EXPECT_EQ(store.decoded, store.rows); // every table has a type
    EXPECT_TRUE(store.notes.empty());
    rows += store.rows;
  }
  EXPECT_EQ(rows, test::rows_in(temp / "data").size());
}

/// A changed byte anywhere in a value is found at its row, whatever the type would make of it.
TEST(folder_verify, names_the_row_that_was_changed) {
  temp_folder temp;
  fill_folder(temp / "data", 1, 40);
  {
    auto dir = open(temp / "data"); // so long that it lies on pages of its own, which stay
    batch writes;
    tables::checkpoints.put(writes, {{"j"}, 1000}, {1000, 0, std::string(20'000, 'z'), "c"});
    ASSERT_TRUE(dir->commit(writes));
  }
  const auto file = temp / "data" / "pool-events" / "data.mdb";
  auto bytes = test::content(file);
  const auto at = bytes.find(std::string(10'000, 'z'));
  ASSERT_NE(at, std::string::npos);
  bytes[at + 5000] = 'y';
  test::put_content(file, bytes);
  const auto store = store_verdict_of(temp / "data", 1);
  ASSERT_EQ(store.damaged, 1U);
  EXPECT_EQ(store.damage[0].store, "pool_events");
  EXPECT_EQ(store.damage[0].table, "checkpoints");
  EXPECT_EQ(store.damage[0].key.substr(0, 4), "6a00"); // "j", closed
  EXPECT_NE(store.damage[0].what.find("checksum"), std::string::npos);
  EXPECT_EQ(store_verdict_of(temp / "data", 0).damaged, 0U);
}

TEST(folder_verify, survives_any_damage_and_says_so) {
  temp_folder temp;
  fill_folder(temp / "data", 1, 40);
  const auto file = temp / "data" / "node" / "data.mdb";
  const auto whole = test::content(file);
  uint64_t seed = 15;
  size_t found = 0;
  for (int i = 0; i < 60; ++i) {
    auto bytes = whole;
    for (int k = 0; k < 40; ++k) {
      seed = seed * 6364136223846793005U + 1442695040888963407U;
      bytes[(seed >> 20) % bytes.size()] = static_cast<char>(seed >> 56);
    }
    if (i % 6 == 5)
      bytes.resize(bytes.size() / 4096 / 2 * 4096);
    test::put_content(file, bytes);
    const auto verdict
      = run_guarded(temp / "data", [&](work_progress& progress) -> result<std::string> {
          auto made = verify_store(temp / "data", 0, test::layout(), true, {}, progress);
          return made ? result<std::string>{encode(*made)} : result<std::string>{made.error()};
        });
    if (!verdict) {
      EXPECT_EQ(verdict.error().code, ec::corrupt_data) << verdict.error().what;
      ++found;
    } else {
      found += decode<store_verdict>(*verdict)->damaged > 0 ? 1 : 0; // else in pages that are free
    }
  }
  EXPECT_GT(found, 20U);
}

TEST(folder_verify, a_store_of_another_time_is_no_part_of_the_set) {
  temp_folder temp;
  fill_folder(temp / "data", 1, 5);
  fs::copy(temp / "data", temp / "old", fs::copy_options::recursive);
  fill_folder(temp / "data", 6, 9);
  for (const auto* store : {"node", "pool-events", "devchain"}) {
    fs::copy(temp / "data", temp / "mixed", fs::copy_options::recursive);
    fs::copy_file(temp / "old" / store / "data.mdb", temp / "mixed" / store / "data.mdb",
                  fs::copy_options::overwrite_existing);
    const auto set = set_verdict_of(temp / "mixed");
    EXPECT_FALSE(set.damage.empty()) << store;
    fs::remove_all(temp / "mixed");
  }
}

TEST(folder_verify, names_files_that_are_not_ours_and_is_good_all_the_same) {
  temp_folder temp;
  fill_folder(temp / "data", 1, 2);
  test::put_content(temp / "data" / "notes.txt", "mine");
  test::put_content(temp / "data" / "node" / "data.mdb.bak", "old");
  const auto set = set_verdict_of(temp / "data");
  EXPECT_EQ(set.foreign, (std::vector<std::string>{"node/data.mdb.bak", "notes.txt"}));
  EXPECT_TRUE(set.damage.empty());
}

TEST(folder_verify, of_a_backup_compares_every_byte) {
  temp_folder temp;
  fill_folder(temp / "data", 1, 20);
  const auto taken = test::backed_up(temp / "data", temp / "b", 1'764'565'206);
  ASSERT_TRUE(taken) << taken.error().what;
  EXPECT_TRUE(set_verdict_of(taken->path).damage.empty());
  for (size_t i = 0; i < 3; ++i)
    EXPECT_EQ(store_verdict_of(taken->path, i).damaged, 0U);
  const auto file = fs::path{taken->path} / "devchain" / "data.mdb";
  auto bytes = test::content(file);
  bytes.back() = static_cast<char>(bytes.back() ^ 1); // where no row is
  test::put_content(file, bytes);
  EXPECT_GE(store_verdict_of(taken->path, 2).damaged, 1U);
  test::put_content(fs::path{taken->path} / "SLUICE", "sluice data folder\n");
  EXPECT_FALSE(set_verdict_of(taken->path).damage.empty());
}

TEST(folder_verify, figures_are_those_of_the_tables) {
  temp_folder temp;
  fill_folder(temp / "data", 1, 25);
  const auto bytes = run_guarded(temp / "data", [&](work_progress&) -> result<std::string> {
    auto made = look_at_folder(temp / "data", tables::schema_version);
    return made ? result<std::string>{encode(*made)} : result<std::string>{made.error()};
  });
  ASSERT_TRUE(bytes) << bytes.error().what;
  const auto x = decode<set_figures>(*bytes);
  ASSERT_EQ(x->stores.size(), 3U);
  EXPECT_EQ(x->mark.who.seed, who.seed);
  uint64_t checkpoints = 0;
  for (const auto& table : x->stores[1].tables)
    if (table.name == "checkpoints")
      checkpoints = table.rows;
  EXPECT_EQ(checkpoints, 25U);
  EXPECT_GT(x->free_bytes, 0U);
}

} // namespace
} // namespace sluice::storage
