#include "actors/consensus/local_workers.hpp"
#include "net/consensus/task_bodies.hpp"
#include "rules/consensus/name.hpp"
#include "tests/support/actor_test.hpp"

namespace sluice::test {
namespace {

class local_workers : public actor_test {
protected:
  static miner_question task(std::string mechanism = std::string{consensus_name}) {
    return {std::move(mechanism), net::task_question_body({"a", "t", "translation", "one two", 0}),
            1000};
  }
};

TEST_F(local_workers, answer_as_their_strategy_does) {
  const auto miner = keep(spawn_task_worker(sys, {"m"}, {}));
  const auto answer = ask<miner_answer>(miner, task());
  EXPECT_EQ(net::task_answer_in(answer.body)->result, "two one");
  EXPECT_TRUE(ask_error<miner_answer>(miner, task("other")));
  EXPECT_TRUE(ask_error<miner_answer>(
    miner, miner_question{std::string{consensus_name}, miner_body{"{}"}, 1000}));
}

TEST_F(local_workers, stay_silent_and_answer_a_fence) {
  const auto miner = keep(spawn_task_worker(sys, {"m"}, {worker_strategy_kind::silent, 1}));
  question<miner_answer> asked{sys, miner, task()};
  settle();
  EXPECT_FALSE(asked.answered());
  EXPECT_EQ(ask<atom::done>(miner, atom::fence_v), atom::done_v);
}

TEST_F(local_workers, are_made_from_a_configuration) {
  const auto made = local_task_workers({{{50}, {"m"}, "lazy:seed=3"}});
  ASSERT_EQ(made.size(), 1U);
  EXPECT_EQ(made[0].label, "lazy:seed=3");
  EXPECT_THROW(local_task_workers({{{50}, {"m"}, "other"}}), std::runtime_error);
  EXPECT_EQ(worker_strategy_fault("silent"), "");
  EXPECT_NE(worker_strategy_fault("other"), "");
}

} // namespace
} // namespace sluice::test
