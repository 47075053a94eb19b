#include "actors/leads/fallback.hpp"
#include "tests/support/leads_world.hpp"

namespace sluice::test {
namespace {

using namespace std::chrono_literals;

class lead_fallback : public leads_test {
protected:
  lead_fallback_actor make(uint64_t polls) {
    return keep(spawn_lead_fallback(sys, {our_validator, polls, 5, clock()}, queues));
  }

  uint64_t rows() {
    uint64_t n = 0;
    EXPECT_TRUE(storage::tables::lead_queue_items.for_each(*disk, [&](auto&&...) { ++n; }));
    return n;
  }

  leads_queues_actor queues = make_queues();
  lead_question wanted{"r-1", 2, "bakeries", 85'000};
};

TEST_F(lead_fallback, gets_the_answer_of_a_miner_that_polls) {
  question<lead_answers> asked{sys, make(40), wanted};
  settle();
  const auto fetched = call<fetch_message, std::vector<leased_item>>(
    queues, fetch_call{{{"miner-2"}, ""}, lead_queue::miner_requests, 1});
  ASSERT_EQ((***fetched).size(), 1U);
  EXPECT_EQ((***fetched)[0].business_desc, "bakeries");
  ASSERT_TRUE(**(call<store_result_message, nothing>(
    queues,
    store_result_call{
      {{"miner-2"}, "body-1"}, lead_queue::miner_requests, (***fetched)[0].id, {some_lead("a")}})));
  EXPECT_FALSE(asked.answered());
  advance(5s);
  ASSERT_TRUE(asked.answered());
  ASSERT_EQ(asked.look()->answers.size(), 1U);
  EXPECT_EQ(asked.look()->answers[0].key, hotkey{"miner-2"});
  EXPECT_EQ(asked.look()->answers[0].leads, std::vector{some_lead("a")});
  EXPECT_EQ(rows(), 0U); // acknowledged
}

TEST_F(lead_fallback, gives_up_after_its_polls_and_leaves_nothing_behind) {
  question<lead_answers> asked{sys, make(40), wanted};
  settle();
  advance(199s);
  EXPECT_FALSE(asked.answered());
  advance(1s);
  ASSERT_TRUE(asked.answered());
  EXPECT_EQ(asked.look()->asked, 0U);
  advance(10s);
  EXPECT_EQ(rows(), 0U);
  EXPECT_TRUE(sched.clock().schedule().empty()); // nobody is waited for
}

TEST_F(lead_fallback, without_polls_asks_nobody) {
  EXPECT_EQ(ask<lead_answers>(make(0), wanted).asked, 0U);
  EXPECT_EQ(rows(), 0U);
}

} // namespace
} // namespace sluice::test
