#include "rules/limits.hpp"
#include "tests/actors/liquidity/liquidity_world.hpp"
#include "tests/support/actor_hunt.hpp"

namespace sluice::test {
namespace {

using namespace std::chrono_literals;
namespace tables = storage::tables;

class liquidity : public liquidity_test {};

TEST_F(liquidity, a_step_is_one_report_per_job_by_name) {
  raise();
  auto idle = small_job("idle");
  idle.active = false;
  const auto whom = mechanism({small_job("zeta", 3), idle, small_job("alpha", 4)});
  for (uint64_t n = 1; n <= 2; ++n) {
    const auto reports = step(whom, n);
    ASSERT_EQ(reports.size(), 2U);
    EXPECT_EQ(reports[0].job, job_id{"alpha"});
    EXPECT_EQ(reports[1].job, job_id{"zeta"});
    for (const auto& x : reports)
      EXPECT_EQ(x.completed, n);
  }
}

TEST_F(liquidity, a_job_that_fails_once_finishes_its_step) {
  raise();
  const auto whom = mechanism({small_job("a", 3), small_job("b", 4)});
  actor_hunt hunt{sched};
  question<step_report> asked{sys, whom, atom::step_v, uint64_t{1}};
  for (int i = 0; i < 60; ++i) {
    hunt.look();
    ASSERT_TRUE(sched.try_run_once());
  }
  ASSERT_TRUE(hunt.kill("job"));
  settle();
  ASSERT_TRUE(asked.answered()); // the first restart waits for nothing
  ASSERT_EQ(jobs_of(*asked.look()).size(), 2U);
  for (const auto& x : jobs_of(*asked.look())) {
    EXPECT_EQ(x.completed, 1U);
    ASSERT_TRUE(x.evaluation);
    EXPECT_EQ(x.evaluation->status, round_status::completed);
  }
}

TEST_F(liquidity, a_child_of_a_job_that_fails_is_a_failure_of_the_job_and_no_more) {
  for (const auto* child : {"round", "pool_feed", "executor", "miner_session"}) {
    SCOPED_TRACE(child);
    raise(three_miners(), child);
    const auto whom = mechanism({small_job("a", 3)});
    step(whom, 1); // a live round comes second
    actor_hunt hunt{sched};
    question<step_report> asked{sys, whom, atom::step_v, uint64_t{2}};
    bool dead = false;
    for (int i = 0; i < 5000 && !dead; ++i) {
      hunt.look();
      dead = i > 40 && hunt.kill(child);
      sched.try_run_once();
    }
    settle();
    for (int i = 0; i < 10 && !asked.answered(); ++i)
      advance(1s);
    EXPECT_TRUE(dead || child == std::string{"executor"}); // it may never have had a turn
    ASSERT_TRUE(asked.answered());
    EXPECT_EQ(jobs_of(*asked.look()).at(0).completed, 2U);
    EXPECT_EQ(jobs_of(*asked.look()).at(0).evaluation->status, round_status::completed);
    kill(whom);
    terminate({});
  }
}

TEST_F(liquidity, rounds_that_always_end_their_job_are_passed_over) {
  raise();
  break_market(bad_job());
  const auto whom = mechanism({bad_job(), small_job("good", 4)});
  for (uint64_t n = 1; n <= 4; ++n) {
    const auto reports = step(whom, n);
    ASSERT_EQ(reports.size(), 2U);
    const auto& [bad, good] = std::tie(reports[0], reports[1]);
    EXPECT_EQ(bad.completed, n);
    EXPECT_FALSE(bad.ended);
    ASSERT_TRUE(bad.evaluation);
    EXPECT_EQ(bad.evaluation->status, round_status::failed);
    EXPECT_EQ(bad.evaluation->note,
              "given up after " + std::to_string(limits::round_attempts_max) + " failures");
    EXPECT_EQ(good.completed, n);
    ASSERT_TRUE(good.evaluation);
    EXPECT_EQ(good.evaluation->status, round_status::completed);
  }
  const auto scores = ask<mechanism_scores>(whom, atom::scores_v, epoch_no{1});
  EXPECT_EQ(scores.epoch, epoch_no{1});
}

TEST_F(liquidity, a_job_that_cannot_even_begin_is_abandoned_and_the_others_go_on) {
  raise();
  leave_a_job_that_cannot_begin();
  const auto whom = mechanism({small_job("bad", 3), small_job("good", 4)});
  for (uint64_t n = 2; n <= 3; ++n) {
    const auto reports = step(whom, n);
    ASSERT_EQ(reports.size(), 2U);
    EXPECT_TRUE(reports[0].ended);
    EXPECT_TRUE(reports[0].failed);
    EXPECT_NE(reports[0].note.find("recorded start"), std::string::npos) << reports[0].note;
    EXPECT_EQ(reports[1].job, job_id{"good"});
    EXPECT_EQ(reports[1].completed, n - 1); // it is new in step 2
    EXPECT_FALSE(reports[1].ended);
  }
  const auto scores = ask<mechanism_scores>(whom, atom::scores_v, epoch_no{2});
  EXPECT_EQ(scores.mechanism, "liquidity");
}

TEST_F(liquidity, the_scores_are_those_of_the_standings) {
  raise();
  const auto config = small_job();
  const auto whom = mechanism({config});
  for (uint64_t n = 1; n <= 4; ++n)
    step(whom, n);
  const auto scores = ask<mechanism_scores>(whom, atom::scores_v, epoch_no{7});
  const auto record = *tables::jobs.get(*disk, config.id);
  scoreboard board{config.board};
  ASSERT_TRUE(tables::miner_scores.for_prefix(
    *disk, config.id, [&](const miner_key& key, miner_score x) { board.restore(key.key, x); }));
  double revenue = 0;
  for (auto x : record.revenue)
    revenue += x;
  const std::vector<job_standing> all{
    {config.id, standing_of(board, {{{1}, {"one"}}, {{2}, {"two"}}, {{3}, {"three"}}}), revenue}};
  const auto expected = liquidity_scores({7}, all, score_policy::winner_per_job, {{0}, 1}, revenue,
                                         emission_settings{}.per_epoch);
  ASSERT_TRUE(expected);
  EXPECT_EQ(scores, *expected);
}

TEST_F(liquidity, a_paused_job_plays_no_rounds_and_misses_none_when_it_goes_on) {
  raise();
  const auto whom = mechanism({small_job("a", 3), small_job("b", 4)});
  step(whom, 1);
  ask<atom::done>(whom, command_about("a", job_act::pause));
  for (uint64_t n = 2; n <= 4; ++n) {
    const auto reports = step(whom, n);
    ASSERT_EQ(reports.size(), 1U); // a paused job did nothing
    EXPECT_EQ(reports[0].job, job_id{"b"});
    EXPECT_EQ(reports[0].outcome, step_outcome::played);
    EXPECT_EQ(reports[0].completed, n);
  }
  ask<atom::done>(whom, command_about("a", job_act::resume));
  const auto reports = step(whom, 5);
  EXPECT_EQ(reports[0].outcome, step_outcome::played);
  EXPECT_EQ(reports[0].completed, 2U); // not four at once
  ASSERT_TRUE(reports[0].evaluation);
  EXPECT_EQ(reports[1].completed, 5U);
}

TEST_F(liquidity, a_command_about_a_job_holds_after_a_restart) {
  raise();
  auto whom = mechanism({small_job("a", 3), small_job("b", 4)});
  step(whom, 1);
  ask<atom::done>(whom, command_about("a", job_act::pause));
  ask<atom::done>(whom, command_about("c", job_act::add, small_job("c", 5)));
  ask<atom::done>(whom, command_about("b", job_act::remove));
  kill(whom);
  whom = mechanism({small_job("a", 3), small_job("b", 4)});
  const auto reports = step(whom, 2);
  ASSERT_EQ(reports.size(), 1U);
  EXPECT_EQ(reports[0].job, job_id{"c"});
  EXPECT_EQ(reports[0].completed, 1U);
  const auto kept = tables::job_orders.get(*disk, {"a"});
  ASSERT_TRUE(kept);
  EXPECT_EQ(kept->who, "ann");
}

TEST_F(liquidity, commands_in_the_middle_of_a_step_count_from_the_next) {
  raise();
  const auto whom = mechanism({small_job("a", 3), small_job("b", 4)});
  question<step_report> asked{sys, whom, atom::step_v, uint64_t{1}};
  for (int i = 0; i < 60; ++i)
    ASSERT_TRUE(sched.try_run_once());
  question<atom::done> paused{sys, whom, command_about("a", job_act::pause)};
  question<atom::done> added{sys, whom, command_about("c", job_act::add, small_job("c", 5))};
  settle();
  ASSERT_TRUE(paused.answered() && added.answered() && asked.answered());
  ASSERT_TRUE(asked.look()) << sys.render(asked.look().error());
  ASSERT_EQ(jobs_of(*asked.look()).size(), 2U);
  EXPECT_EQ(jobs_of(*asked.look())[0].completed, 1U);
  EXPECT_EQ(jobs_of(*asked.look())[1].job, job_id{"b"});
  const auto next = step(whom, 2);
  ASSERT_EQ(next.size(), 2U);
  EXPECT_EQ(next[0].job, job_id{"b"});
  EXPECT_EQ(next[0].completed, 2U);
  EXPECT_EQ(next[1].job, job_id{"c"});
  EXPECT_EQ(next[1].completed, 1U);
}

TEST_F(liquidity, a_removed_job_leaves_the_step_and_the_scores_at_once) {
  raise();
  const auto whom = mechanism({small_job("a", 3), small_job("b", 4)});
  step(whom, 1);
  question<step_report> asked{sys, whom, atom::step_v, uint64_t{2}};
  for (int i = 0; i < 40; ++i)
    ASSERT_TRUE(sched.try_run_once());
  EXPECT_FALSE(asked.answered());
  ask<atom::done>(whom, command_about("a", job_act::remove));
  ASSERT_TRUE(asked.answered());
  ASSERT_EQ(jobs_of(*asked.look()).size(), 1U);
  EXPECT_EQ(jobs_of(*asked.look()).at(0).job, job_id{"b"});
  EXPECT_EQ(step(whom, 3).size(), 1U);
  ask<atom::done>(whom, command_about("b", job_act::remove));
  EXPECT_TRUE(step(whom, 4).empty());
  const auto none = ask_error<mechanism_scores>(whom, atom::scores_v, epoch_no{1});
  EXPECT_EQ(sentence(none), "no liquidity job is played");
}

TEST_F(liquidity, a_command_that_cannot_be_is_refused_and_nothing_is_stored) {
  raise();
  const auto whom = mechanism({small_job("a", 3)});
  const auto no = ask_error<atom::done>(whom, command_about("z", job_act::pause));
  EXPECT_EQ(sentence(no), "job z is not played here; there are a");
  EXPECT_FALSE(tables::job_orders.get(*disk, {"z"}));
}

TEST_F(liquidity, a_step_is_played_paused_or_over_as_its_jobs_are) {
  raise();
  const auto whom = mechanism({small_job("a", 3), small_job("b", 4)});
  EXPECT_EQ(ask<step_report>(whom, atom::step_v, uint64_t{1}).outcome, step_outcome::played);
  ask<atom::done>(whom, command_about("a", job_act::pause));
  EXPECT_EQ(ask<step_report>(whom, atom::step_v, uint64_t{2}).outcome, step_outcome::played);
  ask<atom::done>(whom, command_about("b", job_act::pause));
  const auto idle = ask<step_report>(whom, atom::step_v, uint64_t{3});
  EXPECT_EQ(idle.outcome, step_outcome::paused);
  EXPECT_TRUE(jobs_of(idle).empty());
  EXPECT_EQ(ask<step_report>(mechanism({}), atom::step_v, uint64_t{1}).outcome,
            step_outcome::paused);
}

TEST_F(liquidity, a_command_as_text_is_answered_as_json_when_it_is_durable) {
  raise();
  const auto whom = mechanism({small_job("a", 3), small_job("b", 4)});
  const mechanism_command pause{"job pause", {"a"}, "alice", 7};
  EXPECT_EQ(ask<std::string>(whom, pause), R"({"job":"a","done":"pause"})");
  const auto kept = tables::job_orders.get(*disk, {"a"});
  ASSERT_TRUE(kept);
  EXPECT_EQ(kept->what, job_order_kind::pause);
  EXPECT_EQ(kept->who, "alice");
  const mechanism_command nobody{"job pause", {"nobody"}, "alice", 8};
  EXPECT_NE(sentence(ask_error<std::string>(whom, nobody)).find("nobody"), std::string::npos);
}

} // namespace
} // namespace sluice::test
