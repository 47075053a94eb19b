#include "storage/backup.hpp"
#include "storage/page_check.hpp"
#include "tests/storage/small_environment.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <random>

namespace sluice::storage {
namespace {

using test::in_child;
using test::temp_folder;

using row_map = std::map<std::string, std::string>;

environment_options checked_pages() {
  auto o = two_tables();
  o.checksums = true;
  return o;
}

/// Rows of all sizes, some erased again: branches, large values, lists of free pages.
row_map fill(const temp_folder& temp, std::mt19937_64& chance) {
  row_map rows;
  auto env = storage::open(temp, checked_pages());
  for (int commit = 0; commit < 30; ++commit) {
    batch writes;
    for (int i = 0; i < 40; ++i) {
      const auto key = "key" + std::to_string(chance() % 700);
      if (chance() % 4 == 0) {
        rows.erase(key);
        writes.writes.push_back({"node", "a", key, "", true});
        continue;
      }
      const auto bytes = chance() % 10 == 0 ? chance() % 30'000 : chance() % 300;
      rows[key] = std::string(bytes, static_cast<char>('a' + chance() % 26));
      writes.writes.push_back(put(key, rows[key]));
    }
    EXPECT_TRUE(env.commit(writes));
  }
  return rows;
}

TEST(page_check, finds_every_page_of_a_sound_file_and_nothing_to_complain_of) {
  const uint64_t seed = std::random_device{}();
  SCOPED_TRACE(testing::Message() << "seed " << seed);
  std::mt19937_64 chance{seed};
  for (int round = 0; round < 5; ++round) {
    temp_folder temp;
    const auto rows = fill(temp, chance);
    const auto look = look_at_file(temp / "env");
    ASSERT_TRUE(look && look->head);
    const auto report = check_pages(temp / "env", look->head->newest());
    ASSERT_TRUE(report) << report.error().what;
    EXPECT_EQ(report->rows, rows.size());
    EXPECT_TRUE(report->all);
    EXPECT_LE(report->highest, look->head->newest().last_page);
    const auto few = check_pages(temp / "env", look->head->newest(), {.pages_max = 3});
    ASSERT_TRUE(few) << few.error().what;
    EXPECT_FALSE(few->all);
    EXPECT_LT(few->pages, report->pages);
  }
}

TEST(page_check, a_file_that_was_cut_anywhere_is_refused_or_lacks_nothing) {
  std::mt19937_64 chance{5};
  temp_folder temp;
  const auto rows = fill(temp, chance);
  const auto data = temp / "env/data.mdb";
  const auto good = test::content(data);
  size_t refused = 0;
  for (size_t pages = 2; pages * 4096 < good.size(); ++pages) {
    test::put_content(data, good.substr(0, pages * 4096 - chance() % 2));
    const int ended = in_child([&] {
      auto o = checked_pages();
      o.read_only = pages % 2 == 0;
      const auto env = environment::open(temp / "env", o);
      if (!env)
        return env.error().code == ec::corrupt_data ? 1 : 2;
      for (const auto& [key, value] : rows)
        if (const auto got = env->get("a", key); !got || *got != value)
          return 3;
      return 0;
    });
    ASSERT_LE(ended, 1) << pages << " pages";
    refused += ended == 1 ? 1 : 0;
    if (ended == 1) {
      EXPECT_LE(std::filesystem::file_size(data), pages * 4096) << "nothing was mended";
    }
  }
  EXPECT_GT(refused, good.size() / 4096 / 2);
}

/// Some bytes changed, most of them where pages describe themselves.
std::string damaged(std::string bytes, std::mt19937_64& chance) {
  for (auto changes = 1 + chance() % 3; changes > 0; --changes) {
    const auto page = chance() % (bytes.size() / 4096);
    const auto at = page * 4096 + (chance() % 3 == 0 ? chance() % 4096 : chance() % 64);
    bytes[at] = static_cast<char>(chance());
  }
  return bytes;
}

/// Everything that a program does with a store. The answer is 0 (nothing noticed), 1 (a sentence),
/// or, wrong, 2: other rows than were written.
int use_damaged(const std::filesystem::path& path, const row_map& rows, bool write) {
  auto o = checked_pages();
  o.read_only = !write;
  auto env = environment::open(path, o);
  if (!env)
    return 1;
  size_t found = 0;
  const auto walked = env->scan("a", {}, [&](std::string_view key, std::string_view value) {
    const auto i = rows.find(std::string{key});
    found += i != rows.end() && i->second == value ? 1 : 1000;
    return true;
  });
  if (!walked)
    return 1;
  if (found != rows.size())
    return 2;
  if (write)
    for (int i = 0; i < 20; ++i)
      if (!env->commit(batch{{put("new" + std::to_string(i), std::string(5000, 'n')),
                              {"node", "a", rows.begin()->first, "", true}}}))
        return 1;
  return 0;
}

TEST(page_check, no_damage_ends_the_process_by_a_signal_or_becomes_another_row) {
  const uint64_t seed = std::random_device{}();
  SCOPED_TRACE(testing::Message() << "seed " << seed);
  std::mt19937_64 chance{seed};
  temp_folder temp;
  const auto rows = fill(temp, chance);
  const auto data = temp / "env/data.mdb";
  const auto good = test::content(data);
  std::map<int, size_t> ends;
  for (int trial = 0; trial < 400; ++trial) {
    const auto bytes = damaged(good, chance);
    test::put_content(data, bytes);
    const bool write = trial % 2 == 0;
    const int ended = in_child([&] { return use_damaged(temp / "env", rows, write); });
    ++ends[ended];
    ASSERT_TRUE(ended == 0 || ended == 1 || ended == 3) << "trial " << trial << ": " << ended;
  }
  RecordProperty("unnoticed", static_cast<int>(ends[0]));
  RecordProperty("sentences", static_cast<int>(ends[1]));
  RecordProperty("last_resort", static_cast<int>(ends[3]));
  EXPECT_GT(ends[1], 200u) << "most of it is noticed";
  EXPECT_LE(ends[3], 4u) << "before LMDB meets it";
}

} // namespace
} // namespace sluice::storage
