#include "actors/base/promised_answer.hpp"
#include "tests/support/actor_test.hpp"

namespace sluice::test {
namespace {

using promiser_actor = caf::typed_actor<caf::replies_to<uint64_t>::with<uint64_t>,
                                        caf::reacts_to<atom::due>, caf::reacts_to<atom::closing>>;

/// Promises every answer, and gives it when it is due, or forgets it.
struct promiser_state {
  std::vector<promised_answer<uint64_t>> promised;
};

promiser_actor::behavior_type promiser(promiser_actor::stateful_pointer<promiser_state> self) {
  return {[self](uint64_t) {
            self->state.promised.emplace_back(self);
            return self->state.promised.back().promise();
          },
          [self](atom::due) {
            for (auto& x : self->state.promised) {
              x.deliver(uint64_t{7});
              x.deliver(uint64_t{8});
            }
          },
          [self](atom::closing) { self->state.promised.clear(); }};
}

class promised_answer_test : public actor_test {
protected:
  promiser_actor whom = keep(sys.spawn(promiser));
  question<uint64_t> asked{sys, whom, uint64_t{1}};
};

TEST_F(promised_answer_test, the_first_answer_counts) {
  settle();
  EXPECT_FALSE(asked.answered());
  caf::anon_send(whom, atom::due_v);
  settle();
  ASSERT_TRUE(asked.answered());
  EXPECT_EQ(*asked.look(), 7U);
}

TEST_F(promised_answer_test, what_is_forgotten_is_an_error) {
  settle();
  caf::anon_send(whom, atom::closing_v);
  settle();
  ASSERT_TRUE(asked.answered());
  EXPECT_EQ(asked.look().error(), caf::sec::request_receiver_down);
}

TEST_F(promised_answer_test, an_actor_that_ends_without_an_answer_leaves_an_error) {
  settle();
  kill(whom);
  ASSERT_TRUE(asked.answered());
  EXPECT_EQ(asked.look().error(), caf::sec::request_receiver_down);
}

} // namespace
} // namespace sluice::test
