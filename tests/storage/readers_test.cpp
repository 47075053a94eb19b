// Readers of other processes are real ones: a child that opens the store, reads and is stopped or
// killed in the middle.
#include "storage/readers.hpp"
#include "storage/sizes.hpp"
#include "storage/tables.hpp"
#include "tests/storage/layout.hpp"
#include "tests/storage/temp_folder.hpp"

#include <gtest/gtest.h>
#include <sys/wait.h>

#include <array>
#include <csignal>
#include <optional>
#include <string>
#include <unistd.h>
#include <utility>
#include <vector>

namespace sluice::storage {
namespace {

/// A child in the middle of a read transaction.
class reading_child {
public:
  explicit reading_child(const std::filesystem::path& folder) {
    std::array<int, 2> ends{};
    if (::pipe(ends.data()) != 0)
      return;
    pid_ = ::fork();
    if (pid_ == 0)
      read_for_ever(folder, ends[1]);
    ::close(ends[1]);
    char byte = 0;
    inside_ = ::read(ends[0], &byte, 1) == 1;
    ::close(ends[0]);
  }
  reading_child(const reading_child&) = delete;
  ~reading_child() { end(SIGKILL); }

  pid_t pid() const { return pid_; }
  bool inside() const { return inside_; }
  /// Sends it and waits until it is gone; answers the signal that ended it.
  int end(int signal) {
    if (pid_ <= 0)
      return 0;
    if (signal != 0)
      ::kill(pid_, signal);
    int status = 0;
    ::waitpid(std::exchange(pid_, 0), &status, 0);
    return WIFSIGNALED(status) ? WTERMSIG(status) : 0;
  }

private:
  [[noreturn]] static void read_for_ever(const std::filesystem::path& folder, int to) {
    auto disk
      = data_dir::open(folder, {}, open_mode::read_only, {.layout = &storage::test::layout()});
    if (!disk)
      ::_exit(1);
    (void)disk->node().scan("meta", {}, [to](std::string_view, std::string_view) {
      const char byte = 1;
      if (::write(to, &byte, 1) == 1)
        for (;;)
          ::pause();
      return false;
    });
    ::_exit(2);
  }

  pid_t pid_ = 0;
  bool inside_ = false;
};

class readers : public testing::Test {
protected:
  readers() {
    auto opened
      = data_dir::open(folder_ / "data", {"test", 1, "digest"}, open_mode::create_or_continue,
                       {.layout = &storage::test::layout()});
    EXPECT_TRUE(opened) << opened.error().what;
    disk_.emplace(*std::move(opened));
    batch writes;
    tables::meta.put(writes, "schema", tables::schema_version);
    EXPECT_TRUE(disk_->commit(writes));
  }

  std::vector<int64_t> pids() const {
    std::vector<int64_t> all;
    const auto slots = readers_of(*disk_);
    EXPECT_TRUE(slots) << slots.error().what;
    for (const auto& x : *slots)
      all.push_back(x.pid);
    return all;
  }

  test::temp_folder folder_;
  std::optional<data_dir> disk_;
};

TEST_F(readers, are_seen_while_they_read_with_their_store_and_commit) {
  EXPECT_EQ(pids(), std::vector<int64_t>{});
  reading_child child{folder_ / "data"};
  ASSERT_TRUE(child.inside());
  const auto slots = readers_of(*disk_);
  ASSERT_TRUE(slots);
  ASSERT_EQ(slots->size(), 1U);
  EXPECT_EQ(slots->front().pid, child.pid());
  EXPECT_EQ(slots->front().store, "node");
  EXPECT_EQ(slots->front().commit, disk_->node().last_commit());
}

TEST_F(readers, that_are_killed_keep_their_slot_until_it_is_given_back) {
  reading_child child{folder_ / "data"};
  ASSERT_TRUE(child.inside());
  EXPECT_EQ(*clear_dead_readers(*disk_), 0U); // it runs
  const auto pid = child.pid();
  ASSERT_EQ(child.end(SIGKILL), SIGKILL);
  EXPECT_EQ(pids(), std::vector<int64_t>{pid});
  const auto cleared = clear_dead_readers(*disk_);
  ASSERT_TRUE(cleared) << cleared.error().what;
  EXPECT_GE(*cleared, 1U);
  EXPECT_EQ(pids(), std::vector<int64_t>{});
}

/// The point of it all: the file of a store stops growing.
TEST_F(readers, that_are_gone_do_not_let_the_store_grow_once_they_are_cleared) {
  const auto rewrite = [&](int times) {
    for (int i = 0; i < times; ++i) {
      batch writes;
      for (uint64_t n = 0; n < 20; ++n)
        tables::admin_actions.put(writes, n, {n, "w", std::string(3000, 'x'), std::to_string(i)});
      ASSERT_TRUE(disk_->commit(writes));
    }
  };
  rewrite(10);
  const auto before = disk_->node().size()->used_bytes;
  {
    reading_child child{folder_ / "data"};
    ASSERT_TRUE(child.inside());
    child.end(SIGKILL);
  }
  rewrite(20);
  const auto with_slot = disk_->node().size()->used_bytes;
  EXPECT_GT(with_slot, before + 1'000'000);
  ASSERT_TRUE(clear_dead_readers(*disk_));
  rewrite(60);
  EXPECT_LT(disk_->node().size()->used_bytes, with_slot + 500'000);
}

TEST_F(readers, can_be_asked_to_end_also_when_they_are_stopped) {
  reading_child child{folder_ / "data"};
  ASSERT_TRUE(child.inside());
  ::kill(child.pid(), SIGSTOP);
  const auto pid = child.pid();
  const auto asked = end_reader(*disk_, pid, reader_end::asked);
  ASSERT_TRUE(asked) << asked.error().what;
  EXPECT_EQ(child.end(0), SIGTERM);
  ASSERT_TRUE(clear_dead_readers(*disk_));
  EXPECT_EQ(pids(), std::vector<int64_t>{});
}

TEST_F(readers, that_do_not_go_are_forced) {
  reading_child child{folder_ / "data"};
  ASSERT_TRUE(child.inside());
  ASSERT_TRUE(end_reader(*disk_, child.pid(), reader_end::forced));
  EXPECT_EQ(child.end(0), SIGKILL);
}

TEST_F(readers, nobody_else_is_ended) {
  const auto self = end_reader(*disk_, ::getpid(), reader_end::asked);
  ASSERT_FALSE(self);
  EXPECT_EQ(self.error().code, ec::invalid_argument);
  const auto parent = end_reader(*disk_, ::getppid(), reader_end::asked);
  ASSERT_FALSE(parent);
  EXPECT_EQ(parent.error().code, ec::no_such_key);
  EXPECT_NE(parent.error().what.find("reads nothing of this folder"), std::string::npos);
  for (const int64_t pid : {int64_t{0}, int64_t{-1}, int64_t{1}})
    EXPECT_FALSE(end_reader(*disk_, pid, reader_end::forced)) << pid;
}

TEST(reader_lines, are_read_as_lmdb_writes_them) {
  const auto all = parse_readers("    pid     thread     txnid\n"
                                 "      4711 7f6c3a9f3740 120\n"
                                 "      4712 1f -\n"
                                 "(no active readers)\n"
                                 "  99 zz 3\n  4713 a 5 more\n\n 1 2 3",
                                 "node");
  ASSERT_EQ(all.size(), 2U);
  EXPECT_EQ(all[0], (reader_slot{"node", 4711, 0x7f6c3a9f3740, 120}));
  EXPECT_EQ(all[1], (reader_slot{"node", 1, 2, 3}));
  EXPECT_TRUE(parse_readers("(no active readers)\n", "node").empty());
}

TEST(reader_ages, count_from_the_first_time_that_a_transaction_was_seen) {
  reader_ages ages;
  const reader_slot a{"node", 10, 1, 5};
  const reader_slot b{"node", 11, 1, 5};
  EXPECT_EQ(ages.look(1000, {a}, 11), (std::vector<held_reader>{{a, 0, false}}));
  EXPECT_EQ(ages.look(4000, {a, b}, 11),
            (std::vector<held_reader>{{a, 3000, false}, {b, 0, true}}));
  auto later = a;
  later.commit = 6; // another transaction of the same thread
  EXPECT_EQ(ages.look(5000, {later, b}, 11),
            (std::vector<held_reader>{{b, 1000, true}, {later, 0, false}}));
  EXPECT_EQ(ages.look(6000, {}, 11), std::vector<held_reader>{});
  EXPECT_EQ(ages.look(9000, {a}, 11), (std::vector<held_reader>{{a, 0, false}}));
}

TEST(reader_ages, warn_of_a_foreign_reader_whenever_its_age_has_doubled) {
  reader_ages ages;
  const std::vector<reader_slot> seen{{"node", 10, 1, 5}, {"node", 11, 1, 5}};
  std::vector<uint64_t> warned;
  for (uint64_t s = 0; s <= 1000; s += 10) {
    const auto all = ages.look(s * 1000, seen, 11);
    for (const auto& x : ages.to_warn(all, 60'000)) {
      EXPECT_EQ(x.slot.pid, 10);
      warned.push_back(s);
    }
  }
  EXPECT_EQ(warned, (std::vector<uint64_t>{60, 120, 240, 480, 960}));
}

} // namespace
} // namespace sluice::storage
