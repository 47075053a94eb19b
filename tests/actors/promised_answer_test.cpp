#include "actors/promised_answer.hpp"
#include "tests/support/actor_test.hpp"

namespace sluice::test {
namespace {

using debtor_actor = caf::typed_actor<caf::replies_to<uint64_t>::with<uint64_t>,
                                      caf::reacts_to<atom::due>, caf::reacts_to<atom::closing>>;

/// Owes every answer until it is due, or forgets it.
struct debtor_state {
  std::vector<promised_answer<uint64_t>> debts;
};

debtor_actor::behavior_type debtor(debtor_actor::stateful_pointer<debtor_state> self) {
  return {[self](uint64_t) {
            self->state.debts.emplace_back(self);
            return self->state.debts.back().promise();
          },
          [self](atom::due) {
            for (auto& x : self->state.debts) {
              x.deliver(uint64_t{7});
              x.deliver(uint64_t{8});
            }
          },
          [self](atom::closing) { self->state.debts.clear(); }};
}

class owed_test : public actor_test {
protected:
  debtor_actor whom = keep(sys.spawn(debtor));
  question<uint64_t> asked{sys, whom, uint64_t{1}};
};

TEST_F(owed_test, the_first_payment_counts) {
  settle();
  EXPECT_FALSE(asked.answered());
  caf::anon_send(whom, atom::due_v);
  settle();
  ASSERT_TRUE(asked.answered());
  EXPECT_EQ(*asked.look(), 7U);
}

TEST_F(owed_test, what_is_forgotten_is_an_error) {
  settle();
  caf::anon_send(whom, atom::closing_v);
  settle();
  ASSERT_TRUE(asked.answered());
  EXPECT_EQ(asked.look().error(), caf::sec::request_receiver_down);
}

TEST_F(owed_test, whoever_dies_in_debt_leaves_an_error) {
  settle();
  kill(whom);
  ASSERT_TRUE(asked.answered());
  EXPECT_EQ(asked.look().error(), caf::sec::request_receiver_down);
}

} // namespace
} // namespace sluice::test
