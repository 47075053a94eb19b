#include "actors/storage_writer.hpp"
#include "storage/liquidity/tables.hpp"
#include "storage/tables.hpp"
#include "tests/support/actor_end.hpp"
#include "tests/support/actor_test.hpp"

#include <sys/resource.h>

namespace sluice::test {
namespace {

namespace tables = storage::tables;

class storage_writer : public actor_test {
protected:
  std::shared_ptr<storage::data_dir> disk = open_disk();
  storage_writer_actor writer;
  actor_end end;

  storage_writer() { raise(); }

  void raise() {
    writer = keep(spawn_storage_writer(sys, {disk, false}));
    end = actor_end{writer};
  }

  static storage::batch scores_batch(const std::string& name, uint64_t epoch) {
    storage::batch writes;
    tables::scores_of_mechanisms.put(writes, name, {name, {epoch}, {}, {}});
    return writes;
  }

  /// A row in each of two stores: commits of such batches are counted by the journal.
  static storage::batch two_stores(uint64_t n) {
    auto writes = scores_batch("m" + std::to_string(n), n);
    tables::checkpoints.put(writes, {{"job"}, n}, {n, 0, "", ""});
    return writes;
  }

  std::optional<uint64_t> epoch_of(const std::string& name) const {
    const auto row = tables::scores_of_mechanisms.find(*disk, name);
    return *row ? std::optional{(*row)->epoch.value} : std::nullopt;
  }
};

using questions = std::vector<std::unique_ptr<question<atom::done>>>;

TEST_F(storage_writer, answers_only_what_is_durable) {
  question<atom::done> asked{sys, writer, scores_batch("m", 7)};
  size_t steps = 0;
  while (!asked.answered()) {
    EXPECT_FALSE(epoch_of("m")) << "the answer comes with the commit, not a turn later";
    ASSERT_TRUE(sched.try_run_once());
    ++steps;
  }
  EXPECT_TRUE(asked.look());
  EXPECT_GT(steps, 0u);
  EXPECT_EQ(epoch_of("m"), 7u);
}

TEST_F(storage_writer, batches_that_wait_together_share_one_commit_and_are_all_answered) {
  questions asked;
  for (uint64_t n = 1; n <= 100; ++n)
    asked.push_back(std::make_unique<question<atom::done>>(sys, writer, two_stores(n)));
  settle();
  for (uint64_t n = 1; n <= 100; ++n) {
    SCOPED_TRACE(n);
    ASSERT_TRUE(asked[n - 1]->answered());
    EXPECT_TRUE(asked[n - 1]->look());
    EXPECT_EQ(epoch_of("m" + std::to_string(n)), n);
    EXPECT_TRUE(tables::checkpoints.get(*disk, {{"job"}, n}));
  }
  EXPECT_EQ(tables::journal.get(*disk, tables::journal_key)->number, 1u);
  ask<atom::done>(writer, two_stores(101));
  EXPECT_EQ(tables::journal.get(*disk, tables::journal_key)->number, 2u);
}

TEST_F(storage_writer, of_two_batches_with_the_same_key_the_later_one_wins) {
  question<atom::done> first{sys, writer, scores_batch("m", 1)};
  question<atom::done> second{sys, writer, scores_batch("m", 2)};
  settle();
  EXPECT_TRUE(first.look());
  EXPECT_TRUE(second.look());
  EXPECT_EQ(epoch_of("m"), 2u);
}

TEST_F(storage_writer, an_empty_batch_is_answered_like_any_other) {
  EXPECT_EQ(ask<atom::done>(writer, storage::batch{}), atom::done_v);
  EXPECT_FALSE(end);
}

TEST_F(storage_writer,
       what_cannot_be_written_is_reported_to_every_caller_and_ends_the_storage_writer) {
  ask<atom::done>(writer, scores_batch("before", 1));
  storage::batch wrong;
  wrong.writes.push_back({"node", "no_such_table", "key", "value", false});
  questions asked;
  asked.push_back(std::make_unique<question<atom::done>>(sys, writer, scores_batch("good", 1)));
  asked.push_back(std::make_unique<question<atom::done>>(sys, writer, wrong));
  asked.push_back(std::make_unique<question<atom::done>>(sys, writer, scores_batch("fine", 1)));
  settle();
  for (const auto& x : asked) {
    ASSERT_TRUE(x->answered());
    ASSERT_FALSE(x->look());
    EXPECT_EQ(x->look().error(), caf::make_error(ec::invalid_argument));
    EXPECT_NE(sentence(x->look().error()).find("no_such_table"), std::string::npos);
  }
  ASSERT_TRUE(end);
  EXPECT_EQ(*end, caf::make_error(ec::invalid_argument));
  EXPECT_FALSE(epoch_of("good")) << "all of a commit or nothing";
  EXPECT_FALSE(epoch_of("fine"));
  EXPECT_EQ(epoch_of("before"), 1u);
  EXPECT_EQ(ask_error<atom::done>(writer, scores_batch("late", 1)),
            caf::sec::request_receiver_down);
}

TEST_F(storage_writer, a_fence_is_answered_when_everything_before_it_is_durable) {
  question<atom::done> asked{sys, writer, scores_batch("m", 7)};
  question<uint64_t> fence{sys, writer, atom::fence_v, std::string{}};
  while (!fence.answered())
    ASSERT_TRUE(sched.try_run_once());
  EXPECT_EQ(epoch_of("m"), 7u);
  EXPECT_EQ(*fence.look(), 0u);
}

TEST_F(storage_writer, a_later_incarnation_of_a_writer_ends_the_earlier_ones) {
  const auto live
    = [&](const std::string& who) { return ask<uint64_t>(writer, atom::fence_v, who); };
  const auto first = live("a");
  ask<atom::done>(writer, incarnation_batch{"a", first, scores_batch("m", 1)});
  const auto other = live("b");
  const auto second = live("a");
  EXPECT_NE(first, second);
  EXPECT_EQ(ask_error<atom::done>(writer, incarnation_batch{"a", first, scores_batch("m", 2)}),
            caf::make_error(ec::refused));
  EXPECT_EQ(epoch_of("m"), 1u);
  ask<atom::done>(writer, incarnation_batch{"a", second, scores_batch("m", 3)});
  EXPECT_EQ(epoch_of("m"), 3u);
  ask<atom::done>(
    writer,
    incarnation_batch{"b", other, scores_batch("m", 4)}); // incarnations are each writer's own
  EXPECT_EQ(epoch_of("m"), 4u);
  EXPECT_FALSE(end); // a refusal is nobody's failure
}

/// No file may grow beyond what it has now plus a little, until this goes.
class full_disk {
public:
  full_disk() {
    getrlimit(RLIMIT_FSIZE, &before_);
    auto limit = before_;
    limit.rlim_cur = 1 << 20;
    setrlimit(RLIMIT_FSIZE, &limit);
  }
  ~full_disk() { setrlimit(RLIMIT_FSIZE, &before_); }
  full_disk(const full_disk&) = delete;
  full_disk& operator=(const full_disk&) = delete;

private:
  rlimit before_{};
};

TEST_F(storage_writer, a_full_disk_is_an_error_and_an_end_and_the_next_incarnation_goes_on) {
  ask<atom::done>(writer, scores_batch("before", 1));
  auto large = scores_batch("large", 1);
  tables::checkpoints.put(large, {{"job"}, 1}, {1, 0, std::string(4 << 20, 'x'), ""});
  {
    const full_disk full;
    EXPECT_EQ(ask_error<atom::done>(writer, large), caf::make_error(ec::storage_full));
    ASSERT_TRUE(end);
    EXPECT_EQ(*end, caf::make_error(ec::storage_full));
  }
  raise();
  ask<atom::done>(writer, large);
  ask<atom::done>(writer, scores_batch("after", 2));
  EXPECT_EQ(epoch_of("before"), 1u);
  EXPECT_EQ(epoch_of("after"), 2u);
  EXPECT_EQ(tables::checkpoints.get(*disk, {{"job"}, 1})->replica.size(), size_t{4 << 20});
}

TEST_F(storage_writer, ends_within_a_second_when_the_lock_file_is_taken_away) {
  auto other = keep(spawn_storage_writer(sys, {disk, false, std::chrono::seconds(1)}));
  const actor_end other_end{other};
  advance(std::chrono::seconds(5));
  EXPECT_FALSE(other_end);
  std::filesystem::remove(folder.path() / "data/LOCK");
  EXPECT_FALSE(other_end);
  advance(std::chrono::seconds(1));
  ASSERT_TRUE(other_end) << "without any commit";
  EXPECT_EQ(*other_end, caf::make_error(ec::unreachable));
  EXPECT_NE(sentence(*other_end).find("LOCK is gone"), std::string::npos);
  // The one that does not look by itself finds out before it writes.
  EXPECT_EQ(ask_error<atom::done>(writer, scores_batch("m", 1)), caf::make_error(ec::unreachable));
  EXPECT_EQ(*end, caf::make_error(ec::unreachable));
  EXPECT_FALSE(epoch_of("m"));
  raise(); // and a next incarnation does not begin
  settle();
  EXPECT_TRUE(end);
}

TEST_F(storage_writer, writes_the_marker_again_when_it_is_gone) {
  keep(spawn_storage_writer(sys, {disk, false, std::chrono::seconds(1)}));
  const auto marker = folder.read("data/SLUICE");
  std::filesystem::remove(folder.path() / "data/SLUICE");
  advance(std::chrono::seconds(1));
  EXPECT_EQ(folder.read("data/SLUICE"), marker);
  ask<atom::done>(writer, scores_batch("m", 1));
  EXPECT_EQ(epoch_of("m"), 1u);
}

} // namespace
} // namespace sluice::test
