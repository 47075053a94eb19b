// Kills a job, and everything around it, after any number of messages.
#include "actors/liquidity/liquidity.hpp"
#include "tests/support/actor_hunt.hpp"
#include "tests/support/job_world.hpp"
#include "tests/support/jobs_of.hpp"
#include "tests/support/old_checkpoint.hpp"

namespace sluice::test {
namespace {

namespace tables = storage::tables;

constexpr uint64_t steps = 3;
constexpr size_t no_limit = 1'000'000;

const std::vector<local_miner_config> all_sorts{{{1}, {"one"}, "wide:width=0.1"},
                                                {{2}, {"two"}, "narrow:width=0.001"},
                                                {{3}, {"three"}, "volatility:floor=0.0005"},
                                                {{4}, {"four"}, "garbage"},
                                                {{5}, {"five"}, "silent"}};

class job_restart : public job_test {
protected:
  /// The rows of a run that nobody disturbs, and how many messages it takes.
  std::pair<table_rows, size_t> undisturbed(const job_config& config) {
    raise(all_sorts, "undisturbed");
    auto budget = no_limit;
    const auto whom = raise_job(config);
    EXPECT_TRUE(play(whom, steps, budget));
    auto rows = rows_of(*disk);
    terminate(whom);
    return {std::move(rows), no_limit - budget};
  }

  /// Rows after incarnations of so many messages each and a last one without a limit.
  table_rows disturbed(const job_config& config, const std::vector<size_t>& incarnations) {
    for (auto budget : incarnations) {
      raise(all_sorts, "disturbed");
      const auto whom = raise_job(config);
      play(whom, steps, budget);
      terminate(whom);
    }
    raise(all_sorts, "disturbed");
    const auto whom = raise_job(config);
    auto budget = no_limit;
    EXPECT_TRUE(play(whom, steps, budget));
    auto rows = rows_of(*disk);
    terminate(whom);
    std::filesystem::remove_all(folder.path() / "disturbed");
    return rows;
  }

  static job_config config(pool_model model) {
    auto job = small_job();
    job.model = model;
    return job;
  }
};

TEST_F(job_restart, a_kill_after_any_message_leaves_the_same_rows) {
  const auto [expected, messages] = undisturbed(config(pool_model::observed));
  ASSERT_GT(messages, 100U);
  ASSERT_FALSE(expected.empty());
  for (size_t k = 0; k <= messages; k += 3)
    ASSERT_EQ(first_other_row(expected, disturbed(config(pool_model::observed), {k})), "")
      << "killed after " << k << " of " << messages << " messages";
}

TEST_F(job_restart, many_kills_leave_the_same_rows) {
  const auto [expected, messages] = undisturbed(config(pool_model::replayed));
  for (size_t each : {messages / 2, messages / 3 + 1, messages / 5}) {
    const std::vector<size_t> incarnations(6, each);
    ASSERT_EQ(first_other_row(expected, disturbed(config(pool_model::replayed), incarnations)), "")
      << "incarnations of " << each << " messages";
  }
}

/// Full after two rounds: one start is full, one is not, and the blocks of a round lie between.
TEST_F(job_restart, kills_between_full_checkpoints_leave_the_same_rows) {
  full_checkpoint_after = 60;
  const auto job = config(pool_model::observed);
  const auto [expected, messages] = undisturbed(job);
  raise(all_sorts, "undisturbed");
  std::string kinds;
  ASSERT_TRUE(tables::checkpoints.for_each(*disk, [&](const block_key&, const checkpoint& x) {
    kinds += storage::is_full(x) ? 'F' : '-';
  }));
  terminate({});
  ASSERT_EQ(kinds.size(), 1 + steps);
  EXPECT_EQ(kinds.front(), 'F');
  EXPECT_NE(kinds.find('-'), std::string::npos) << kinds;
  EXPECT_NE(kinds.find('F', 1), std::string::npos) << kinds;
  for (size_t k = 1; k <= messages; k += 5)
    ASSERT_EQ(first_other_row(expected, disturbed(job, {k, messages / 3})), "")
      << "killed after " << k << " of " << messages << " messages";
}

TEST_F(job_restart, the_pace_of_full_checkpoints_changes_no_other_row) {
  const auto without = [](table_rows all) {
    std::erase_if(all, [](const auto& x) { return x.first.starts_with("checkpoints"); });
    return all;
  };
  std::optional<table_rows> expected;
  for (const uint64_t after : {1, 60, 1'000'000}) {
    full_checkpoint_after = after;
    auto rows = without(undisturbed(config(pool_model::observed)).first);
    std::filesystem::remove_all(folder.path() / "undisturbed");
    ASSERT_EQ(first_other_row(expected.value_or(rows), rows), "") << after;
    expected = std::move(rows);
  }
}

/// A folder as version 0.2.0 has left it: a full checkpoint at every start, the market's pool in
/// it.
TEST_F(job_restart, a_folder_of_version_0_2_0_goes_on) {
  const auto job = config(pool_model::observed);
  const auto [expected, messages] = undisturbed(job);
  full_checkpoint_after = 1;
  raise(all_sorts);
  auto budget = no_limit;
  auto whom = raise_job(job);
  ASSERT_TRUE(play(whom, 2, budget));
  terminate(whom);
  full_checkpoint_after = storage::full_checkpoint_after;
  raise(all_sorts);
  storage::batch writes;
  ASSERT_TRUE(tables::checkpoints.for_each(*disk, [&](const block_key& key, const checkpoint& x) {
    tables::checkpoints.put(writes, key, as_version_0_2_0(x));
  }));
  ASSERT_EQ(writes.writes.size(), 3U);
  ASSERT_TRUE(disk->commit(writes));
  budget = no_limit;
  whom = raise_job(job);
  ASSERT_TRUE(play(whom, steps, budget));
  auto rows = rows_of(*disk);
  for (const auto& [key, value] : expected) {
    if (!key.starts_with("checkpoints")) {
      EXPECT_EQ(rows[key], value) << key;
    }
  }
  const auto last = *tables::checkpoints.last(*disk);
  EXPECT_FALSE(storage::is_full(last->second));
  EXPECT_EQ(last->first.block, 40U);
  terminate(whom);
}

TEST_F(job_restart, every_start_of_a_round_is_counted) {
  raise(all_sorts);
  const auto job = config(pool_model::observed);
  size_t budget = no_limit;
  auto whom = raise_job(job);
  ASSERT_TRUE(play(whom, 1, budget));
  terminate(whom);
  for (uint32_t attempts = 1; attempts <= 3; ++attempts) {
    raise(all_sorts);
    whom = raise_job(job);
    question<job_report> asked{sys, whom, atom::step_v, uint64_t{2}};
    const round_key second{job.id, round_kind::evaluation, {2}};
    const auto begun = [&] {
      const auto row = *tables::rounds.find(*disk, second);
      return row && row->attempts == attempts;
    };
    while (!begun())
      ASSERT_TRUE(sched.try_run_once());
    EXPECT_EQ(tables::rounds.get(*disk, second)->status, round_status::active);
    terminate(whom);
  }
  raise(all_sorts);
  EXPECT_EQ(ask<job_report>(raise_job(job), atom::step_v, uint64_t{2}).evaluation->attempts, 4U);
}

/// Here the storage writer goes on: what the dead job had sent arrives after its successor has
/// read.
TEST_F(job_restart, a_successor_does_not_mind_what_its_dead_predecessor_had_sent) {
  const auto job = config(pool_model::observed);
  const auto [expected, messages] = undisturbed(job);
  for (size_t k = 5; k < messages; k += 7) {
    SCOPED_TRACE(testing::Message() << "killed after " << k << " messages");
    raise(all_sorts, "beside");
    const auto mechanism = keep(spawn_liquidity(sys, {{{}, 2, {}, {job}}, 0, {}}, links));
    actor_hunt hunt{sched};
    size_t delivered = 0;
    for (uint64_t step = 1; step <= steps; ++step) {
      question<step_report> asked{sys, mechanism, atom::step_v, step};
      while (!asked.answered()) {
        hunt.look();
        if (++delivered == k)
          hunt.kill("job");
        ASSERT_TRUE(sched.try_run_once());
      }
      ASSERT_TRUE(asked.look());
    }
    EXPECT_EQ(first_other_row(expected, rows_of(*disk)), "");
    kill(mechanism);
    terminate({});
    std::filesystem::remove_all(folder.path() / "beside");
    if (HasFailure())
      return;
  }
}

} // namespace
} // namespace sluice::test
