// Stepped time: a turn is the same whoever was killed in it, and whenever.
#include "tests/support/table_dump.hpp"
#include "tests/support/task_world.hpp"

namespace sluice::test {
namespace {

constexpr uint64_t turns = 3;
constexpr uint64_t step_ms = 900'000;
constexpr size_t no_limit = 1'000'000;
constexpr dev_task_terms small_world{7, 3};

class distributor_turns : public task_test {
protected:
  distributor_turns() {
    join(50, worker(50, worker_strategy_kind::worker), 0.9);
    join(51, worker(51, worker_strategy_kind::slow), 0.8);
    join(52, worker(52, worker_strategy_kind::lazy), 0.8);
    join(53, worker(53, worker_strategy_kind::liar), 0.7);
    join(54, worker(54, worker_strategy_kind::silent), 0.6);
    settings.tasks.review_s = 1800;
  }

  static task_turn turn(uint64_t step) { return {step, tasks_start_ms + step * step_ms}; }

  /// The turn that was begun last: whoever plays steps goes on with it.
  uint64_t first_turn() {
    const auto row
      = storage::tables::consensus_task_turn.find(*disk, storage::tables::consensus_task_turn_key);
    EXPECT_TRUE(row);
    return row && *row ? (*row)->step : 1;
  }

  /// Plays the turns with so many messages at most; false when they were not enough.
  bool play(size_t& budget) {
    const auto first = first_turn();
    distributor = spawn_task_distributor(sys, config(), {disk, storage_writer, roster, miners});
    for (uint64_t step = first; step <= turns; ++step) {
      question<task_turn_report> asked{sys, distributor, turn(step)};
      while (!asked.answered() && budget > 0 && sched.try_run_once())
        --budget;
      if (!asked.answered())
        return false;
      EXPECT_TRUE(asked.look()) << "step " << step;
      reports.resize(turns); // of those before, what an earlier incarnation has seen
      if (asked.look())
        reports[step - 1] = *asked.look();
    }
    return true;
  }

  task_distributor_config config() {
    task_distributor_config made;
    made.settings = settings;
    made.world = small_world;
    made.unix_ms = [] { return tasks_start_ms; };
    return made;
  }

  void end() {
    kill(distributor);
    distributor = task_distributor_actor{};
  }

  /// Another folder and its writer.
  void begin(const std::string& name) {
    kill(storage_writer);
    disk.reset();
    disk = open_disk(name);
    storage_writer = keep(spawn_storage_writer(sys, {disk, false}));
  }

  table_rows rows_after(const std::string& name, const std::vector<size_t>& budgets) {
    begin(name);
    for (auto budget : budgets) {
      play(budget);
      end();
    }
    auto budget = no_limit;
    EXPECT_TRUE(play(budget));
    used = no_limit - budget;
    auto rows = rows_of(*disk);
    end();
    return rows;
  }

  task_distributor_actor distributor;
  std::vector<task_turn_report> reports;
  size_t used = 0;
};

TEST_F(distributor_turns, give_out_tasks_and_take_answers) {
  rows_after("one", {});
  uint64_t submitted = 0, answered = 0, ended = 0;
  for (const auto& x : reports) {
    EXPECT_TRUE(x.is_over);
    EXPECT_EQ(x.submitted, small_world.tasks);
    EXPECT_GT(x.assigned, 0U);
    EXPECT_EQ(x.refused, 0U);
    submitted += x.submitted;
    answered += x.answered;
    ended += x.ended;
  }
  EXPECT_EQ(submitted, turns * small_world.tasks);
  EXPECT_GT(answered, 0U);
  EXPECT_GT(ended, 0U);
}

TEST_F(distributor_turns, are_answered_from_the_disk_when_they_are_over) {
  begin("two");
  auto budget = no_limit;
  ASSERT_TRUE(play(budget));
  const auto last = reports.back();
  end();
  distributor = spawn_task_distributor(sys, config(), {disk, storage_writer, roster, miners});
  const auto rows = rows_of(*disk);
  EXPECT_EQ(ask<task_turn_report>(distributor, turn(turns)), last);
  EXPECT_EQ(first_other_row(rows, rows_of(*disk)), "");
  EXPECT_TRUE(ask_error<task_turn_report>(distributor, turn(1)));
  end();
}

TEST_F(distributor_turns, leave_the_same_rows_after_a_kill_at_any_message) {
  const auto expected = rows_after("undisturbed", {});
  const auto reported = reports;
  const auto messages = used;
  ASSERT_GT(messages, 50U);
  for (size_t k = 0; k <= messages; ++k) {
    const auto name = "disturbed-" + std::to_string(k);
    ASSERT_EQ(first_other_row(expected, rows_after(name, {k})), "")
      << "killed after " << k << " of " << messages << " messages";
    ASSERT_EQ(reports.back(), reported.back());
    std::filesystem::remove_all(folder.path() / name);
  }
}

TEST_F(distributor_turns, leave_the_same_rows_after_many_kills) {
  const auto expected = rows_after("undisturbed", {});
  for (const auto each : {used / 2, used / 3 + 1, used / 5})
    ASSERT_EQ(first_other_row(expected, rows_after("disturbed-by-" + std::to_string(each),
                                                   std::vector<size_t>(6, each))),
              "")
      << "incarnations of " << each << " messages";
}

} // namespace
} // namespace sluice::test
