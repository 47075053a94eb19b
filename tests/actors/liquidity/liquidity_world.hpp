/// The liquidity actor with its jobs, for tests of its steps.
#pragma once

#include "actors/liquidity/liquidity.hpp"
#include "tests/support/job_world.hpp"
#include "tests/support/jobs_of.hpp"

#include <chrono>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace sluice::test {

class liquidity_test : public job_test {
protected:
  liquidity_actor mechanism(std::vector<job_config> jobs) {
    return keep(spawn_liquidity(
      sys, {{.policy = {}, .simulators = 2, .emission = {}, .jobs = std::move(jobs)}, 0, {0}},
      links));
  }

  /// A step, with as much time as restarts want.
  std::vector<job_report> step(const liquidity_actor& whom, uint64_t number) {
    question<step_report> asked{sys, whom, atom::step_v, number};
    settle();
    for (int i = 0; i < 100 && !asked.answered(); ++i)
      advance(std::chrono::seconds{1});
    EXPECT_TRUE(asked.answered()) << "step " << number;
    return asked.look() ? jobs_of(*asked.look()) : std::vector<job_report>{};
  }

  /// Simulators that cannot play this market.
  void break_market(const job_config& job) {
    const auto fee = job.terms.fee;
    links.simulators
      = mock<simulator_actor>([fee](const simulation& work) -> caf::result<simulation_result> {
          if (work.market->terms.fee == fee)
            return caf::make_error(ec::unreachable, std::string{"the simulator is on fire"});
          simulation_result done;
          for (const auto& x : work.plans)
            done.outcomes.push_back(evaluate(*work.market, x, work.model, work.positions_max));
          return done;
        });
  }

  static job_config bad_job() {
    auto job = small_job("bad", 9);
    job.terms.fee = 3000;
    job.terms.tick_spacing = 60;
    return job;
  }

  /// Job "bad" has played a step, and the recorded start of its next round is lost.
  void leave_a_job_that_cannot_begin() {
    const auto first = mechanism({small_job("bad", 3)});
    step(first, 1);
    kill(first);
    storage::batch writes;
    storage::tables::checkpoints.erase(writes, {{"bad"}, 20});
    ASSERT_TRUE(disk->commit(writes));
  }
};

/// An operator's command.
inline job_command
command_about(const std::string& job, job_act act, std::optional<job_config> added = {}) {
  return {{job}, act, std::move(added), "ann", 7};
}

} // namespace sluice::test
