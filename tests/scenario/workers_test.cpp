#include "actors/liquidity/work/simulators.hpp"
#include "sim/evaluate/batch.hpp"
#include "tests/support/far_worker.hpp"
#include "tests/support/job_world.hpp"

#include <random>

namespace sluice::test {
namespace {

/// Rounds of questions as a node asks them, while workers come, go, die, freeze and come back.
class workers_come_and_go : public actor_test {
protected:
  const job_config job = small_job();
  const std::shared_ptr<const window> market = market_of(job, 100, 140);

  simulation question_of(std::mt19937_64& chance) const {
    auto seen = std::make_shared<window>(*market);
    seen->blocks.resize(1 + chance() % market->blocks.size());
    seen->to = seen->blocks.back()->block.number;
    simulation work{seen, {}, chance() % 2 == 0 ? pool_model::observed : pool_model::replayed, 10};
    const auto tick = market->start.tick / 10 * 10;
    for (size_t count = 1 + chance() % 12; count > 0; --count) {
      plan what{job.start, {}, {}, {}};
      const auto width = static_cast<int32_t>(10 * (1 + chance() % 40));
      what.opening = {{tick - width, tick + width, job.start.amount0, job.start.amount1, {}}};
      work.plans.push_back(std::move(what));
    }
    return work;
  }

  static bool equal(const simulation_result& got, const simulation& asked) {
    const auto wanted = evaluate_all(*asked.market, asked.plans, asked.model, asked.positions_max);
    if (got.outcomes.size() != wanted.size())
      return false;
    for (size_t i = 0; i < wanted.size(); ++i)
      if (!got.outcomes[i] || !wanted[i] || *got.outcomes[i] != *wanted[i])
        return false;
    return true;
  }
};

TEST_F(workers_come_and_go, every_answer_is_the_same_with_0_1_or_5_of_them) {
  for (const size_t count : {0, 1, 5}) {
    SCOPED_TRACE(count);
    std::mt19937_64 chance{1};
    const auto pool = keep(spawn_simulators(sys, 2));
    std::vector<std::unique_ptr<far_worker>> far;
    for (size_t i = 0; i < count; ++i)
      far.push_back(std::make_unique<far_worker>(sys, pool, 1 + i % 2, "w" + std::to_string(i)));
    settle();
    for (int i = 0; i < 20; ++i) {
      const auto asked = question_of(chance);
      EXPECT_TRUE(equal(ask<simulation_result>(pool, asked), asked)) << "question " << i;
    }
    uint64_t batches = 0;
    for (const auto& row : ask<std::vector<worker_row>>(pool, atom::roster_v)) {
      EXPECT_GT(row.checked, 0u) << row.name;
      batches += row.batches;
    }
    EXPECT_EQ(batches > 0, count > 0) << "they did some of it";
    far.clear();
    settle();
    EXPECT_TRUE(ask<std::vector<worker_row>>(pool, atom::roster_v).empty());
  }
}

TEST_F(workers_come_and_go, no_accident_of_any_seed_changes_or_loses_an_answer) {
  for (uint64_t seed = 1; seed <= 200; ++seed) {
    SCOPED_TRACE("seed " + std::to_string(seed));
    std::mt19937_64 chance{seed};
    const auto pool = keep(
      spawn_simulators(sys, 1 + static_cast<uint32_t>(chance() % 2), {.sample = 1 + chance() % 5}));
    std::vector<std::unique_ptr<far_worker>> far;
    struct open_question {
      simulation asked;
      std::unique_ptr<question<simulation_result>> answer;
    };
    std::vector<open_question> open;
    for (int step = 0; step < 60; ++step) {
      switch (chance() % 7) {
      case 0:
        if (far.size() < 5)
          far.push_back(std::make_unique<far_worker>(sys, pool, 1 + chance() % 3, "w"));
        break;
      case 1:
        if (!far.empty() && chance() % 3 == 0)
          far.erase(far.begin() + static_cast<long>(chance() % far.size()));
        break;
      case 2:
        if (!far.empty() && chance() % 3 == 0)
          far[chance() % far.size()]->freeze();
        break;
      case 3:
      case 4: {
        auto asked = question_of(chance);
        auto answer = std::make_unique<question<simulation_result>>(sys, pool, asked);
        open.push_back({std::move(asked), std::move(answer)});
        break;
      }
      default: // some messages, in the order of the mailboxes or another
        for (auto messages = chance() % 40; messages > 0; --messages) {
          auto& jobs = sched.jobs;
          if (jobs.size() > 1)
            std::swap(jobs.front(), jobs[chance() % jobs.size()]);
          if (!sched.try_run_once())
            break;
        }
      }
    }
    settle();
    advance(std::chrono::seconds(30)); // those that are frozen are waited for no longer
    for (auto& [asked, answer] : open) {
      ASSERT_TRUE(answer->answered()) << "a question was lost";
      ASSERT_TRUE(answer->look()) << sys.render(answer->look().error());
      EXPECT_TRUE(equal(*answer->look(), asked));
    }
    far.clear();
    kill(pool);
  }
}

} // namespace
} // namespace sluice::test
