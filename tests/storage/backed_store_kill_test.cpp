// A process that writes rows and takes backups is killed anywhere in between: what it reported as
// written is there, and every backup that has a name is good.
#include "storage/backed_store.hpp"
#include "storage/checked_table.hpp"
#include "tests/storage/temp_folder.hpp"

#include <gtest/gtest.h>

#include <array>
#include <csignal>
#include <random>

namespace sluice::storage {
namespace {

constexpr int kill_rounds = 20;
constexpr int64_t kill_begin_s = 1'767'225'600;
constexpr checked_table<uint64_t, std::string> kill_rows{"own", "rows"};

store_layout kill_layout() {
  store_layout made;
  made.store = "own";
  made.tables = {"rows"};
  made.check = [](const environment& env) {
    return kill_rows.for_each(env, [](uint64_t, const std::string&) {});
  };
  return made;
}

backed_options kill_options(int64_t now_s) {
  backed_options made;
  made.now_s = now_s;
  made.keep = 4;
  made.map_bytes = 1 << 20;
  return made;
}

/// In the child: a row, a byte to the parent, now and then a backup; until it is killed.
[[noreturn]] void write_until_killed(const std::filesystem::path& dir, uint64_t first, int to) {
  auto store
    = backed_store::open(dir, kill_layout(), kill_options(kill_begin_s + static_cast<int>(first)));
  if (!store)
    ::_exit(1);
  for (uint64_t number = first; number < first + 100'000; ++number) {
    batch out;
    kill_rows.put(out, number, std::string(300, static_cast<char>('a' + number % 26)));
    if (!store->commit(out) || ::write(to, "x", 1) != 1)
      ::_exit(2);
    if (number % 5 == 0 && !store->back_up(kill_begin_s + static_cast<int64_t>(number)))
      ::_exit(3);
  }
  ::_exit(4);
}

/// Reads so many bytes; how many there were.
uint64_t read_progress(int from, uint64_t wanted) {
  uint64_t seen = 0;
  std::array<char, 64> bytes{};
  while (seen < wanted) {
    const auto n = ::read(from, bytes.data(), std::min<uint64_t>(bytes.size(), wanted - seen));
    if (n <= 0)
      break;
    seen += static_cast<uint64_t>(n);
  }
  return seen;
}

TEST(backed_store, that_is_killed_has_every_row_it_reported_and_only_good_backups) {
  const uint64_t seed = std::random_device{}();
  SCOPED_TRACE("seed " + std::to_string(seed));
  std::mt19937_64 chance{seed};
  test::temp_folder temp;
  uint64_t next = 1;
  for (int round = 0; round < kill_rounds; ++round) {
    std::array<int, 2> ends{};
    ASSERT_EQ(::pipe(ends.data()), 0);
    const pid_t child = ::fork();
    ASSERT_GE(child, 0);
    if (child == 0)
      write_until_killed(temp / "own", next, ends[1]);
    ::close(ends[1]);
    auto reported = read_progress(ends[0], 1 + chance() % 12);
    ::kill(child, SIGKILL);
    reported += read_progress(ends[0], UINT64_MAX); // what it had written before
    ::close(ends[0]);
    int status = 0;
    ASSERT_EQ(::waitpid(child, &status, 0), child);
    ASSERT_TRUE(WIFSIGNALED(status)) << "exit code " << WEXITSTATUS(status);
    auto store = backed_store::open(temp / "own", kill_layout(), kill_options(kill_begin_s));
    ASSERT_TRUE(store) << store.error().what;
    EXPECT_FALSE(store->opening().restored) << store->opening().damage;
    const auto last = kill_rows.last(*store);
    ASSERT_TRUE(last && *last);
    EXPECT_GE((*last)->first, next + reported - 1);
    next = (*last)->first + 1;
    const auto backups = list_backups(temp / "own/backups");
    ASSERT_TRUE(backups);
    for (const auto& one : *backups)
      EXPECT_TRUE(verify_backup(one)) << one.path;
  }
  uint64_t expected = 1;
  auto store = backed_store::open(temp / "own", kill_layout(), kill_options(kill_begin_s));
  ASSERT_TRUE(store);
  ASSERT_TRUE(kill_rows.for_each(
    *store, [&](uint64_t number, const std::string&) { EXPECT_EQ(number, expected++); }));
  EXPECT_EQ(expected, next);
}

} // namespace
} // namespace sluice::storage
