// kill -9 while writing: what was answered is there, and every batch is whole.
#include "tests/storage/layout.hpp"
#include "tests/storage/small_disk.hpp"
#include "tests/storage/temp_folder.hpp"

#include <gtest/gtest.h>
#include <sys/mman.h>

#include <csignal>
#include <random>
#include <thread>
#include <unistd.h>

namespace sluice::storage {
namespace {

using test::temp_folder;

constexpr int incarnations = 40;

/// Batch `n`: a row in each of the three stores, one replaced, one added.
batch numbered(uint64_t n) {
  batch writes;
  tables::scores_of_mechanisms.put(writes, "m", {"m", {n}, {}, {}});
  publish_record row;
  row.epoch = {n};
  row.hash = std::string(500, 'h');
  tables::published.put(writes, {n}, row);
  tables::feed_blocks.put(writes, {{"j"}, n}, {n, n * 2, {}, {}});
  tables::extrinsics.put(writes, n, {"hash", n, "", {}});
  return writes;
}

/// The number of the last whole batch; fails the test when a batch is there in part.
uint64_t whole_batches(const data_dir& dir) {
  const auto scores = tables::scores_of_mechanisms.find(dir, "m");
  const uint64_t n = *scores ? (*scores)->epoch.value : 0;
  const auto count = [&dir](const auto& table) {
    uint64_t rows = 0;
    EXPECT_TRUE(table.for_each(dir, [&rows](const auto&, const auto&) { ++rows; }));
    return rows;
  };
  EXPECT_EQ(count(tables::published), n);
  EXPECT_EQ(count(tables::feed_blocks), n);
  EXPECT_EQ(count(tables::extrinsics), n);
  return n;
}

/// Commits one batch after the other, reporting after each how far it is, until it is killed. After
/// many it only waits for that: a disk in memory would fill up while the killer waits for its turn.
int write_until_killed(const std::filesystem::path& path, volatile uint64_t* answered) {
  auto dir = data_dir::open(path, who, open_mode::create_or_continue, {.layout = &test::layout()});
  if (!dir)
    return 1;
  const auto last = tables::published.last(*dir);
  if (!last)
    return 1;
  if (*last && (*last)->first.value == *answered + 1)
    *answered
      = *answered + 1; // the incarnation before was killed between its commit and its answer
  const auto enough = *answered + 300;
  for (auto n = *answered + 1; n <= enough; ++n) {
    if (!dir->commit(numbered(n)))
      return 2;
    *answered = n;
  }
  for (;;)
    ::pause();
}

TEST(crash, a_killed_writer_loses_nothing_that_it_answered) {
  temp_folder temp;
  void* shared
    = ::mmap(nullptr, sizeof(uint64_t), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
  ASSERT_NE(shared, MAP_FAILED);
  auto* answered = static_cast<volatile uint64_t*>(shared);
  std::mt19937_64 chance{98};
  uint64_t spins_max = 1;
  for (int incarnation = 0; incarnation < incarnations; ++incarnation) {
    SCOPED_TRACE(testing::Message() << "incarnation " << incarnation);
    const auto before = *answered;
    const pid_t writer = ::fork();
    if (writer == 0)
      ::_exit(write_until_killed(temp / "data", answered));
    // Some incarnations end while the folder is being opened, the others after a few commits and a
    // bit.
    const auto enough = before + chance() % 4;
    int status = 0;
    while (*answered < enough && ::waitpid(writer, &status, WNOHANG) == 0)
      std::this_thread::yield();
    for (auto spins = chance() % spins_max; spins > 0; --spins)
      std::this_thread::yield();
    spins_max = 1 + (spins_max * 3) % 4001;
    ::kill(writer, SIGKILL);
    ::waitpid(writer, &status, 0);
    ASSERT_TRUE(WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL) << "the writer gave up";
    const int ended = test::in_child([&] {
      const auto dir = data_dir::open(temp / "data", who, open_mode::create_or_continue,
                                      {.layout = &test::layout()});
      if (!dir)
        return 1;
      const auto n = whole_batches(*dir);
      const bool right = n == *answered || n == *answered + 1;
      return testing::Test::HasFailure() ? 2 : right ? 0 : 3;
    });
    ASSERT_EQ(ended, 0) << "answered " << *answered;
  }
  EXPECT_GT(*answered, static_cast<uint64_t>(incarnations) / 2);
  ::munmap(shared, sizeof(uint64_t));
}

TEST(crash, an_entry_of_the_journal_is_taken_over_at_the_next_open) {
  temp_folder temp;
  {
    auto dir = data_dir::open(temp / "data", who, open_mode::create_or_continue,
                              {.layout = &test::layout()});
    ASSERT_TRUE(dir);
    ASSERT_TRUE(dir->commit(numbered(1)));
    // As a crash between the two commits leaves it: the node's part and the journal, no more.
    auto writes = numbered(2);
    journal_entry entry{2, {}};
    std::erase_if(writes.writes, [&entry](const write& w) {
      if (w.store == node_store)
        return false;
      entry.writes.push_back(w);
      return true;
    });
    tables::journal.put(writes, tables::journal_key, entry);
    ASSERT_TRUE(dir->commit(writes));
    EXPECT_FALSE(tables::feed_blocks.get(*dir, {{"j"}, 2}));
  }
  for (int i = 0; i < 2; ++i) {
    auto dir = data_dir::open(temp / "data", who, open_mode::create_or_continue,
                              {.layout = &test::layout()});
    ASSERT_TRUE(dir);
    EXPECT_EQ(whole_batches(*dir), 2u);
  }
  // An entry that was taken over is not taken over again, over what came later.
  auto dir = data_dir::open(temp / "data", who, open_mode::create_or_continue,
                            {.layout = &test::layout()});
  batch later;
  tables::feed_blocks.put(later, {{"j"}, 2}, {2, 999, {}, {}});
  ASSERT_TRUE(dir->commit(later));
  ASSERT_TRUE(dir->commit(numbered(3)));
  EXPECT_EQ(tables::feed_blocks.get(*dir, {{"j"}, 2})->time, 999u);
}

} // namespace
} // namespace sluice::storage
