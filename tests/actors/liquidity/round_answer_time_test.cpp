// How long a miner's answers took: its own file, because time passes in it.
#include "actors/liquidity/round.hpp"
#include "tests/support/job_world.hpp"
#include "tests/support/miner_messages.hpp"

namespace sluice::test {
namespace {

using namespace std::chrono_literals;

class round_answer_time : public actor_test {
protected:
  /// Answers when the test does.
  miner_actor holding(held_promise<miner_answer>& later) {
    return keep(sys.spawn([&later](miner_actor::pointer self) -> miner_actor::behavior_type {
      return {[self, &later](const miner_question&) {
                later = held_promise<miner_answer>{self};
                return later.promise();
              },
              on_any_notice(), [](atom::fence) { return atom::done_v; }};
    }));
  }

  static miner_answer keep_all() {
    rebalance_reply reply;
    reply.accepted = true;
    return answering_with(std::move(reply));
  }
};

TEST_F(round_answer_time, is_the_sum_over_all_questions_of_the_round) {
  const auto job = small_job();
  held_promise<miner_answer> later;
  round_links links;
  links.simulators = keep(spawn_simulators(sys, 2));
  links.miners.push_back({{1}, {"key-1"}, "", holding(later)});
  const auto round
    = keep(spawn_round(sys, {{job.id, round_kind::evaluation, {2}}, 20, job, {}, false}, links));
  const std::pair<uint64_t, std::chrono::milliseconds> questions[]
    = {{19, 1500ms}, {24, 250ms}, {28, 1ms}};
  for (const auto& [block, takes] : questions) {
    question<atom::done> asked{sys, round,
                               checkpoint_call{block, block == 19, market_of(job, 20, block)}};
    settle();
    advance(takes);
    later.deliver(keep_all());
    settle();
    ASSERT_TRUE(asked.answered()) << block;
  }
  later = {};
  const auto done = ask<round_outcome>(round, atom::closing_v, market_of(job, 20, 29));
  ASSERT_EQ(done.predictions.size(), 1U);
  EXPECT_EQ(done.predictions[0].response_us, 1'751'000U);
}

} // namespace
} // namespace sluice::test
