/// A round of a small job with miners of any kind.
#pragma once

#include "actors/liquidity/miner.hpp"
#include "actors/liquidity/round.hpp"
#include "tests/support/job_world.hpp"
#include "tests/support/miner_messages.hpp"

#include <functional>
#include <memory>
#include <vector>

namespace sluice::test {

/// Round 2 of a small job: blocks 20..29, asked before 20, after 24 and after 28.
class round_test : public actor_test {
protected:
  round_test() { links.simulators = keep(spawn_simulators(sys, 2)); }

  round_config config(round_kind kind = round_kind::evaluation) const {
    return {{job.id, kind, {2}}, 20, job, {}, true};
  }

  void join(uint16_t uid, const miner_actor& handle) {
    links.miners.push_back({{uid}, {"key-" + std::to_string(uid)}, "", handle});
  }

  void join(uint16_t uid, std::string_view what) {
    join(uid, keep(spawn_miner(sys, *parse_strategy(what))));
  }

  /// Answers every question with what `plan` returns, and remembers what it was asked and sent.
  struct diary {
    std::vector<rebalance_query> asked;
    std::vector<proposal_refused> notices;
  };
  miner_actor writer(diary& book, std::function<rebalance_reply(const rebalance_query&)> plan) {
    return mock<miner_actor>(
      on_question([&book, plan](const rebalance_query& query) {
        book.asked.push_back(query);
        return plan(query);
      }),
      on_notice([&book](const proposal_refused& x) { book.notices.push_back(x); },
                [](const miner_scores&) {}),
      [](atom::fence) { return atom::done_v; });
  }

  static rebalance_reply accept(std::vector<desired_position> desired) {
    rebalance_reply reply;
    reply.accepted = true;
    reply.desired_positions = std::move(desired);
    return reply;
  }

  /// Everything the vault has, 1000 ticks around where the price stands now.
  std::vector<desired_position> around(int32_t tick) const {
    const auto middle = tick / 10 * 10;
    return {{middle - 1000, middle + 1000, job.start.amount0, job.start.amount1, {}}};
  }

  std::shared_ptr<const window> until(uint64_t block) const { return market_of(job, 20, block); }

  /// Opening, two checkpoints, end.
  round_outcome play(const round_actor& round) {
    ask<atom::done>(round, checkpoint_call{19, true, until(19)});
    ask<atom::done>(round, checkpoint_call{24, false, until(24)});
    ask<atom::done>(round, checkpoint_call{28, false, until(28)});
    return ask<round_outcome>(round, atom::closing_v, until(29));
  }

  round_outcome play(round_config with) {
    return play(keep(spawn_round(sys, std::move(with), links)));
  }

  /// An executor that answers every order with this status.
  executor_actor
  executor(execution_status status, std::vector<execution_order>* seen, bool chain_failed = false) {
    return mock<executor_actor>([status, seen, chain_failed](const execution_order& order) {
      seen->push_back(order);
      live_execution x;
      x.status = status;
      x.asked = order.asked;
      x.error = status == execution_status::mined ? "" : "price moved too far";
      x.chain_failed = chain_failed;
      return x;
    });
  }

  job_config job = small_job();
  round_links links;
};

} // namespace sluice::test
