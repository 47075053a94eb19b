#include "actors/liquidity/work/simulators.hpp"
#include "sim/evaluate/batch.hpp"
#include "tests/support/job_world.hpp"

#include <caf/scheduled_actor.hpp>

namespace sluice::test {
namespace {

/// Who waits for a turn now: after a spawn, who was spawned.
std::vector<caf::actor> waiting(caf::scheduler::test_coordinator& sched) {
  std::vector<caf::actor> all;
  for (auto* job : sched.jobs)
    if (auto* x = dynamic_cast<caf::scheduled_actor*>(job))
      all.push_back(caf::actor_cast<caf::actor>(caf::strong_actor_ptr{x->ctrl()}));
  return all;
}

class simulators : public actor_test {
protected:
  const job_config job = small_job();
  const std::shared_ptr<const window> market = market_of(job, 100, 130);
  simulator_pool_actor pool;
  std::vector<caf::actor> workers;

  void raise(uint32_t count) {
    pool = keep(spawn_simulators(sys, count));
    sched.run_once(); // the pool is started, its simulators have not had a turn yet
    workers = waiting(sched);
    settle();
    ASSERT_EQ(workers.size(), count);
  }

  /// Ranges of different widths; one of them moves, and the last one cannot be played at all.
  simulation work(size_t count) const {
    simulation x{market, {}, pool_model::observed, 10};
    for (size_t i = 0; i < count; ++i) {
      plan what{job.start, {}, {}, {}};
      const auto tick = market->start.tick / 10 * 10;
      const auto width = static_cast<int32_t>(10 * (i + 1));
      what.opening = {{tick - width, tick + width, job.start.amount0, job.start.amount1, {}}};
      if (i == 2)
        what.rebalances = {{110, {{tick, tick + 50, job.start.amount0, 0, {}}}}};
      if (i == 6)
        what.rebalances = {{120, {}}, {110, {}}};
      x.plans.push_back(std::move(what));
    }
    return x;
  }

  /// The simulator dies with its part of the work in its mailbox.
  std::unique_ptr<question<simulation_result>>
  ask_as_it_dies(const caf::actor& victim, const simulation& what) {
    caf::anon_send_exit(victim, caf::exit_reason::kill);
    auto asked = std::make_unique<question<simulation_result>>(sys, pool, what);
    EXPECT_EQ(sched.jobs.size(), 2u);
    std::swap(sched.jobs[0], sched.jobs[1]); // the pool hands out before the victim has its turn
    settle();
    return asked;
  }

  static void expect_right(const simulation& asked, const simulation_result& got) {
    ASSERT_EQ(got.outcomes.size(), asked.plans.size());
    for (size_t i = 0; i < asked.plans.size(); ++i) {
      SCOPED_TRACE("plan " + std::to_string(i));
      const auto expected
        = evaluate(*asked.market, asked.plans[i], asked.model, asked.positions_max);
      ASSERT_EQ(bool(got.outcomes[i]), bool(expected));
      if (expected)
        EXPECT_EQ(*got.outcomes[i], *expected);
      else
        EXPECT_EQ(got.outcomes[i].error(), expected.error());
    }
  }
};

TEST_F(simulators, results_are_in_order_and_the_same_for_any_number_of_simulators) {
  EXPECT_FALSE(evaluate(*market, work(7).plans[6], pool_model::observed, 10));
  EXPECT_NE(*evaluate(*market, work(7).plans[0], pool_model::observed, 10),
            *evaluate(*market, work(7).plans[1], pool_model::observed, 10));
  for (const uint32_t count : {1, 2, 5}) {
    SCOPED_TRACE(std::to_string(count) + " simulators");
    raise(count);
    for (const size_t plans : {0, 1, 2, 3, 5, 7, 12}) {
      SCOPED_TRACE(std::to_string(plans) + " plans");
      expect_right(work(plans), ask<simulation_result>(pool, work(plans)));
    }
  }
}

TEST_F(simulators, none_is_as_good_as_one) {
  pool = keep(spawn_simulators(sys, 0));
  expect_right(work(3), ask<simulation_result>(pool, work(3)));
}

TEST_F(simulators, requests_that_overlap_do_not_mix) {
  raise(2);
  question<simulation_result> one{sys, pool, work(7)};
  question<simulation_result> two{sys, pool, work(3)};
  settle();
  ASSERT_TRUE(one.look());
  ASSERT_TRUE(two.look());
  expect_right(work(7), *one.look());
  expect_right(work(3), *two.look());
}

TEST_F(simulators, the_work_of_one_that_dies_is_done_by_another) {
  for (const uint32_t count : {2, 3, 5})
    for (uint32_t victim = 0; victim < count; ++victim) {
      SCOPED_TRACE(std::to_string(victim) + " of " + std::to_string(count));
      raise(count);
      const auto asked = ask_as_it_dies(workers.at(victim), work(7));
      ASSERT_TRUE(asked->look());
      expect_right(work(7), *asked->look());
    }
}

TEST_F(simulators, the_work_of_the_only_one_is_done_in_its_next_incarnation) {
  raise(1);
  caf::anon_send_exit(workers[0], caf::exit_reason::kill);
  sched.run_once(); // the simulator fails,
  sched.run_once(); // the pool brings it back: the next time it has to wait
  const auto second = waiting(sched);
  settle();
  ASSERT_EQ(second.size(), 1u);
  const auto asked = ask_as_it_dies(second[0], work(7));
  EXPECT_FALSE(asked->answered());
  const auto meanwhile = std::make_unique<question<simulation_result>>(sys, pool, work(3));
  settle();
  EXPECT_FALSE(meanwhile->answered());
  advance(std::chrono::milliseconds(50));
  ASSERT_TRUE(asked->look());
  ASSERT_TRUE(meanwhile->look());
  expect_right(work(7), *asked->look());
  expect_right(work(3), *meanwhile->look());
}

TEST_F(simulators, they_are_as_many_again_after_a_failure) {
  raise(2);
  for (const auto& x : workers)
    kill(x);
  expect_right(work(7), ask<simulation_result>(pool, work(7)));
}

/// A worker in this process: what it answers is up to the test.
class fake_worker {
public:
  caf::result<simulation_result> play(simulator_actor::pointer self, const simulation& work) {
    asked.push_back(work);
    promises.push_back(self->make_response_promise<simulation_result>());
    return promises.back();
  }

  std::vector<simulation> asked;
  std::vector<caf::typed_response_promise<simulation_result>> promises;
};

class worker_pool : public simulators {
protected:
  fake_worker far;
  simulator_actor handle;

  void raise_with_worker(uint32_t count, uint32_t cores, ledger_terms terms = {}) {
    pool = keep(spawn_simulators(sys, count, terms));
    handle
      = keep(sys.spawn([this](simulator_actor::pointer self) -> simulator_actor::behavior_type {
          return {[this, self](const simulation& work) { return far.play(self, work); }};
        }));
    caf::anon_send(pool, worker_came{"w1", cores, handle});
    settle();
  }

  simulation_result right(const simulation& x) const {
    return {evaluate_all(*x.market, x.plans, x.model, x.positions_max)};
  }

  void answer(size_t number, simulation_result what) {
    caf::actor_cast<caf::scheduled_actor*>(handle)->context(nullptr);
    far.promises.at(number).deliver(std::move(what));
    settle();
  }

  std::vector<worker_row> rows() { return ask<std::vector<worker_row>>(pool, atom::roster_v); }
};

TEST_F(worker_pool, a_worker_gets_two_batches_per_core_and_its_answers_count) {
  raise_with_worker(1, 1);
  question<simulation_result> asked{sys, pool, work(4)};
  settle();
  ASSERT_EQ(far.asked.size(), 2u) << "of four parts, one is at home and one waits";
  EXPECT_FALSE(asked.answered()) << "a worker's first part is a sample, but not its second";
  answer(1, right(far.asked[1]));
  ASSERT_TRUE(asked.answered()) << "the sample has been done at home";
  expect_right(work(4), *asked.look());
  answer(0, right(far.asked[0]));
  EXPECT_EQ(rows(), (std::vector<worker_row>{{"w1", 1, 2, 0, 1, false}}));
}

TEST_F(worker_pool, one_that_calculates_differently_is_sent_away_and_changes_nothing) {
  raise_with_worker(1, 1);
  question<simulation_result> asked{sys, pool, work(3)};
  settle();
  ASSERT_FALSE(far.asked.empty());
  auto wrong = right(far.asked[0]);
  wrong.outcomes[0]->metrics.fees0 = wrong.outcomes[0]->metrics.fees0 + u256{1};
  answer(0, wrong);
  ASSERT_TRUE(asked.answered());
  expect_right(work(3), *asked.look());
  EXPECT_TRUE(rows().empty());
  expect_right(work(5), ask<simulation_result>(pool, work(5)));
}

TEST_F(worker_pool, one_that_does_not_answer_delays_nobody_for_long) {
  raise_with_worker(1, 2, {.patience_ms = 300});
  question<simulation_result> asked{sys, pool, work(6)};
  settle();
  EXPECT_FALSE(asked.answered());
  advance(std::chrono::milliseconds(299));
  EXPECT_FALSE(asked.answered());
  advance(std::chrono::milliseconds(1));
  ASSERT_TRUE(asked.answered());
  expect_right(work(6), *asked.look());
  EXPECT_TRUE(rows().at(0).slow);
  const auto before = far.asked.size();
  expect_right(work(6), ask<simulation_result>(pool, work(6)));
  EXPECT_EQ(far.asked.size(), before) << "it gets nothing more";
  answer(0, right(far.asked[0])); // late, without harm
  EXPECT_FALSE(rows().at(0).slow);
  question<simulation_result> again{sys, pool, work(6)};
  settle();
  EXPECT_GT(far.asked.size(), before) << "until it has answered";
}

TEST_F(worker_pool, what_a_lost_worker_had_is_done_at_home) {
  raise_with_worker(2, 2);
  question<simulation_result> asked{sys, pool, work(7)};
  settle();
  EXPECT_FALSE(asked.answered());
  caf::anon_send_exit(handle, caf::exit_reason::kill);
  settle();
  ASSERT_TRUE(asked.answered());
  expect_right(work(7), *asked.look());
  EXPECT_TRUE(rows().empty());
}

} // namespace
} // namespace sluice::test
