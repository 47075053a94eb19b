// Jobs of different length, jobs that come, go and fail: which rounds are part of which step.
#include "actors/liquidity/steps_done.hpp"
#include "tests/actors/liquidity/liquidity_world.hpp"

#include <filesystem>

namespace sluice::test {
namespace {

using namespace std::chrono_literals;
namespace tables = storage::tables;

class liquidity_pace : public liquidity_test {
protected:
  /// Plays up to step `last`, from what is on the disk, with at most `budget` messages; false when
  /// they ran out.
  bool play_steps(const std::vector<job_config>& jobs, uint64_t last, size_t& budget) {
    raise(three_miners(), "killed");
    const auto whom = mechanism(jobs);
    const bool done = play_on(whom, last, budget);
    for (const auto& x :
         {caf::actor_cast<caf::actor>(links.storage_writer), caf::actor_cast<caf::actor>(whom),
          caf::actor_cast<caf::actor>(links.roster), caf::actor_cast<caf::actor>(links.simulators),
          caf::actor_cast<caf::actor>(links.reporter)})
      caf::anon_send_exit(x, caf::exit_reason::kill);
    settle();
    links = {};
    disk.reset();
    return done;
  }

  table_rows rows_of_killed() {
    auto rows = rows_of(*open_disk("killed"));
    std::filesystem::remove_all(folder.path() / "killed");
    return rows;
  }

private:
  bool play_on(const liquidity_actor& whom, uint64_t last, size_t& budget) {
    for (auto n = jobs_steps_done(*disk)->value_or(0) + 1; n <= last; ++n) {
      question<step_report> asked{sys, whom, atom::step_v, n};
      while (!asked.answered()) {
        if (budget == 0)
          return false;
        --budget;
        if (!sched.try_run_once()) {
          ADD_FAILURE() << "nothing moves and step " << n << " is not done";
          return false;
        }
      }
      EXPECT_EQ(*jobs_steps_done(*disk), n);
    }
    return true;
  }
};

/// Rounds of 10, 15 and 40 blocks.
TEST_F(liquidity_pace, a_kill_after_any_message_leaves_the_same_rows) {
  auto middle = small_job("middle", 4);
  middle.round_seconds = 30;
  auto slow = small_job("slow", 5);
  slow.round_seconds = 80;
  const std::vector<job_config> jobs{small_job("quick", 3), middle, slow};
  constexpr size_t no_limit = 1'000'000;
  auto budget = no_limit;
  ASSERT_TRUE(play_steps(jobs, 6, budget));
  const auto messages = no_limit - budget;
  const auto expected = rows_of_killed();
  ASSERT_GT(messages, 100U);
  for (size_t k = 1; k <= messages; k += messages / 41) {
    budget = k;
    play_steps(jobs, 6, budget);
    budget = no_limit;
    ASSERT_TRUE(play_steps(jobs, 6, budget));
    ASSERT_EQ(first_other_row(expected, rows_of_killed()), "")
      << "killed after " << k << " of " << messages << " messages";
  }
}

TEST_F(liquidity_pace, a_job_that_is_given_up_has_failed_for_good_and_its_part_is_burned) {
  raise();
  leave_a_job_that_cannot_begin();
  auto whom = mechanism({small_job("bad", 3), small_job("good", 4)});
  for (uint64_t n = 2; n <= 4; ++n)
    step(whom, n);
  for (const bool restarted : {false, true}) {
    SCOPED_TRACE(restarted);
    if (restarted) {
      kill(whom);
      whom = mechanism({small_job("bad", 3), small_job("good", 4)});
      EXPECT_TRUE(step(whom, 5).at(0).failed);
    }
    const auto record = *tables::jobs.get(*disk, {"bad"});
    EXPECT_TRUE(record.ended && record.failed);
    EXPECT_NE(record.status.find("given up: "), std::string::npos) << record.status;
    const auto scores = ask<mechanism_scores>(whom, atom::scores_v, epoch_no{2});
    std::vector<job_standing> all;
    for (const auto* name : {"bad", "good"}) {
      const auto job = *tables::jobs.get(*disk, {name});
      scoreboard board{job.config.board};
      ASSERT_TRUE(tables::miner_scores.for_prefix(
        *disk, job.config.id,
        [&](const miner_key& key, miner_score x) { board.restore(key.key, x); }));
      double revenue = 0;
      for (auto x : job.revenue)
        revenue += x;
      all.push_back({job.config.id,
                     standing_of(board, {{{1}, {"one"}}, {{2}, {"two"}}, {{3}, {"three"}}}),
                     revenue,
                     {},
                     job.failed});
    }
    ASSERT_FALSE(parts_of(all[0], score_policy::winner_per_job).empty()) << "nothing to burn";
    const auto expected = liquidity_scores({2}, all, score_policy::winner_per_job, {{0}, 1},
                                           total_revenue(all), emission_settings{}.per_epoch);
    ASSERT_TRUE(expected);
    EXPECT_EQ(scores, *expected);
  }
}

/// Nobody knows what its part is: then no scores are better than wrong ones.
TEST_F(liquidity_pace, a_job_whose_record_cannot_be_read_leaves_no_scores_until_it_is_removed) {
  raise();
  const auto first = mechanism({small_job("bad", 3)});
  step(first, 1);
  kill(first);
  storage::batch writes;
  writes.writes.push_back({std::string{tables::miner_scores.store},
                           std::string{tables::miner_scores.name},
                           storage::encode_key(miner_key{{"bad"}, {"one"}}), "?", false});
  ASSERT_TRUE(disk->commit(writes));
  const auto whom = mechanism({small_job("bad", 3), small_job("good", 4)});
  const auto reports = step(whom, 2);
  ASSERT_EQ(reports.size(), 2U);
  EXPECT_TRUE(reports[0].failed);
  EXPECT_EQ(reports[1].completed, 1U);
  const auto why = sentence(ask_error<mechanism_scores>(whom, atom::scores_v, epoch_no{1}));
  EXPECT_NE(why.find("job remove bad"), std::string::npos) << why;
  ask<atom::done>(whom, command_about("bad", job_act::remove));
  EXPECT_EQ(ask<mechanism_scores>(whom, atom::scores_v, epoch_no{1}).mechanism, "liquidity");
}

TEST_F(liquidity_pace, a_step_with_a_job_that_failed_is_played_and_says_so) {
  raise();
  leave_a_job_that_cannot_begin();
  const auto whom = mechanism({small_job("bad", 3), small_job("good", 4)});
  for (uint64_t n = 2; n <= 3; ++n) {
    question<step_report> asked{sys, whom, atom::step_v, n};
    for (int i = 0; i < 100 && !asked.answered(); ++i)
      advance(1s);
    ASSERT_TRUE(asked.answered() && asked.look());
    EXPECT_EQ(asked.look()->outcome, step_outcome::played);
    EXPECT_TRUE(asked.look()->failed);
    EXPECT_EQ(asked.look()->note.find("bad: given up: "), 0U) << asked.look()->note;
  }
}

/// The row that was lost is back: the operator has restored it.
TEST_F(liquidity_pace, a_job_that_was_given_up_goes_on_when_it_is_resumed) {
  raise();
  const auto first = mechanism({small_job("bad", 3)});
  step(first, 1);
  kill(first);
  const auto lost = *tables::checkpoints.get(*disk, {{"bad"}, 20});
  storage::batch writes;
  tables::checkpoints.erase(writes, {{"bad"}, 20});
  ASSERT_TRUE(disk->commit(writes));
  const auto whom = mechanism({small_job("bad", 3), small_job("good", 4)});
  EXPECT_TRUE(step(whom, 2).at(0).failed);
  const auto refused = ask_error<atom::done>(whom, command_about("good", job_act::resume));
  EXPECT_EQ(sentence(refused), "job good is not paused");
  writes = {};
  tables::checkpoints.put(writes, {{"bad"}, 20}, lost);
  ASSERT_TRUE(disk->commit(writes));
  ask<atom::done>(whom, command_about("bad", job_act::resume));
  EXPECT_FALSE(tables::jobs.get(*disk, {"bad"})->failed);
  for (uint64_t n = 3; n <= 4; ++n) {
    const auto reports = step(whom, n);
    ASSERT_EQ(reports.size(), 2U);
    EXPECT_EQ(reports[0].completed, n - 1); // step 2 is the one that it missed
    EXPECT_FALSE(reports[0].failed);
    ASSERT_TRUE(reports[0].evaluation);
    EXPECT_EQ(reports[0].evaluation->status, round_status::completed);
  }
}

/// Rounds of 10 and of 25 blocks: the longer one ends in steps 3, 5, 8, 10, ...
TEST_F(liquidity_pace, jobs_of_different_length_play_at_their_own_pace) {
  raise();
  auto slow = small_job("slow", 4);
  slow.round_seconds = 50;
  auto whom = mechanism({small_job("quick", 3), slow});
  for (uint64_t n = 1; n <= 10; ++n) {
    SCOPED_TRACE(n);
    const auto reports = step(whom, n);
    const auto due = n * 20 / 50;
    const bool ends = due > (n - 1) * 20 / 50;
    ASSERT_EQ(reports.size(), ends ? 2U : 1U);
    EXPECT_EQ(reports[0].job, job_id{"quick"});
    EXPECT_EQ(reports[0].completed, n);
    if (ends) {
      EXPECT_EQ(reports[1].completed, due);
      ASSERT_TRUE(reports[1].evaluation);
      EXPECT_EQ(reports[1].evaluation->end_block - reports[1].evaluation->start_block, 24U);
    }
    EXPECT_EQ(tables::jobs.get(*disk, {"slow"})->completed, due);
    EXPECT_EQ(*jobs_steps_done(*disk), n);
    EXPECT_TRUE(ask<mechanism_scores>(whom, atom::scores_v, epoch_no{n}).mechanism == "liquidity");
    if (n == 4) { // nothing of it is in memory only
      kill(whom);
      whom = mechanism({small_job("quick", 3), slow});
    }
  }
}

TEST_F(liquidity_pace, a_job_of_another_length_that_is_added_changes_the_step) {
  raise();
  auto slow = small_job("slow", 4);
  slow.round_seconds = 60;
  const auto whom = mechanism({slow});
  EXPECT_EQ(step(whom, 1).at(0).completed, 1U); // alone: a step is its round
  ask<atom::done>(whom, command_about("quick", job_act::add, small_job("quick", 3)));
  for (uint64_t n = 2; n <= 7; ++n) {
    const auto reports = step(whom, n);
    EXPECT_EQ(reports.at(0).job, job_id{"quick"});
    EXPECT_EQ(reports.at(0).completed, n - 1);
    EXPECT_EQ(tables::jobs.get(*disk, {"slow"})->completed, 1 + (n - 1) / 3);
  }
  ask<atom::done>(whom, command_about("quick", job_act::remove));
  EXPECT_EQ(step(whom, 8).at(0).completed, 4U); // alone again
  EXPECT_EQ(step(whom, 9).at(0).completed, 5U);
}

/// A round that is due much later is played meanwhile, where time is paced.
TEST_F(liquidity_pace, a_paced_step_does_not_last_as_long_as_the_longest_round) {
  raise();
  auto slow = small_job("slow", 4);
  slow.round_seconds = 200;
  const auto whom = keep(spawn_liquidity(
    sys,
    {{.policy = {}, .simulators = 2, .emission = {}, .jobs = {small_job("quick", 3), slow}},
     1,
     {0}},
    links));
  for (uint64_t n = 1; n <= 20; ++n) {
    SCOPED_TRACE(n);
    question<step_report> asked{sys, whom, atom::step_v, n};
    settle();
    int seconds = 0;
    for (; seconds < 900 && !asked.answered(); ++seconds)
      advance(1s);
    ASSERT_TRUE(asked.answered() && asked.look());
    if (n > 10) { // a job looks for its first round at the pace of its feed
      EXPECT_LE(seconds, 30) << "a round of the quick one lasts 20";
    }
    EXPECT_EQ(tables::jobs.get(*disk, {"slow"})->completed, n / 10);
  }
}

TEST_F(liquidity_pace, a_job_is_there_when_its_command_is_answered) {
  raise();
  const auto whom = mechanism({small_job("a", 3)});
  question<step_report> asked{sys, whom, atom::step_v, uint64_t{1}};
  for (int i = 0; i < 60; ++i)
    ASSERT_TRUE(sched.try_run_once());
  question<atom::done> added{sys, whom, command_about("new", job_act::add, small_job("new", 5))};
  while (!added.answered())
    ASSERT_TRUE(sched.try_run_once());
  EXPECT_FALSE(asked.answered()) << "inside the step";
  const auto record = tables::jobs.get(*disk, {"new"});
  ASSERT_TRUE(record);
  EXPECT_FALSE(record->begun);
  EXPECT_EQ(*jobs_steps_done(*disk), 0U);
  settle();
  EXPECT_EQ(step(whom, 2).at(1).completed, 1U);
}

TEST_F(liquidity_pace, configured_jobs_are_stored_before_their_first_round_is_over) {
  raise();
  const auto whom = mechanism({small_job("a", 3), small_job("b", 4)});
  question<step_report> asked{sys, whom, atom::step_v, uint64_t{1}};
  while (!tables::jobs.get(*disk, {"b"}))
    ASSERT_TRUE(sched.try_run_once());
  EXPECT_FALSE(asked.answered());
  EXPECT_TRUE(tables::jobs.get(*disk, {"a"}));
  EXPECT_EQ(*jobs_steps_done(*disk), 0U);
  settle();
}

TEST_F(liquidity_pace, a_job_that_comes_back_with_other_rounds_is_refused) {
  raise();
  const auto whom = mechanism({small_job("a", 3), small_job("b", 4)});
  step(whom, 1);
  ask<atom::done>(whom, command_about("b", job_act::remove));
  auto other = small_job("b", 4);
  other.round_seconds = 40;
  const auto no = ask_error<atom::done>(whom, command_about("b", job_act::add, other));
  EXPECT_NE(sentence(no).find("round_seconds was 20 and is 40"), std::string::npos) << sentence(no);
  ask<atom::done>(whom, command_about("b", job_act::add, small_job("b", 4)));
  EXPECT_EQ(step(whom, 2).at(1).completed, 2U);
}

/// What the configuration no longer has is not waited for, also after a restart.
TEST_F(liquidity_pace, a_job_that_left_the_configuration_holds_up_nobody) {
  raise();
  auto whom = mechanism({small_job("a", 3), small_job("b", 4)});
  step(whom, 1);
  kill(whom);
  whom = mechanism({small_job("a", 3)});
  for (uint64_t n = 2; n <= 4; ++n)
    step(whom, n);
  EXPECT_EQ(*jobs_steps_done(*disk), 4U);
  kill(whom);
  whom = mechanism({small_job("a", 3), small_job("b", 4)}); // it is back: with the next step
  EXPECT_EQ(step(whom, 5).at(1).completed, 2U);
  EXPECT_EQ(*jobs_steps_done(*disk), 5U);
}

TEST_F(liquidity_pace, without_a_single_job_left_everything_is_burned) {
  raise();
  leave_a_job_that_cannot_begin();
  const auto whom = mechanism({small_job("bad", 3)});
  EXPECT_TRUE(step(whom, 2).at(0).failed);
  const auto scores = ask<mechanism_scores>(whom, atom::scores_v, epoch_no{1});
  EXPECT_EQ(scores.scores, (std::map<miner_uid, double>{{{0}, 1.0}}));
}

} // namespace
} // namespace sluice::test
