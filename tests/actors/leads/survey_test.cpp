#include "actors/leads/survey.hpp"
#include "tests/support/leads_world.hpp"

namespace sluice::test {
namespace {

using namespace std::chrono_literals;

class lead_survey : public leads_test {
protected:
  lead_question wanted{"r-1", 3, "bakeries", 85'000};
};

TEST_F(lead_survey, asks_everybody_who_is_connected_and_orders_by_uid) {
  join(3, miner_with({some_lead("c")}));
  join(1, miner_with({some_lead("a"), some_lead("b")}));
  join(2, {}); // away
  const auto survey = keep(spawn_lead_survey(sys, {true}, miners));
  const auto answers = ask<lead_answers>(survey, wanted);
  EXPECT_EQ(answers.asked, 2U);
  ASSERT_EQ(answers.answers.size(), 2U);
  EXPECT_EQ(answers.answers[0].uid, miner_uid{1});
  EXPECT_EQ(answers.answers[0].key, hotkey{"miner-1"});
  EXPECT_EQ(answers.answers[0].leads, (std::vector{some_lead("a"), some_lead("b")}));
  EXPECT_EQ(answers.answers[1].uid, miner_uid{3});
  ASSERT_EQ(questions.size(), 2U);
  EXPECT_EQ(questions[0], wanted);
}

TEST_F(lead_survey, finds_silence_by_the_fence_while_time_stands_still) {
  join(1, silent_miner());
  join(2, miner_with({some_lead("a")}));
  const auto before = sched.clock().now();
  const auto answers = ask<lead_answers>(keep(spawn_lead_survey(sys, {true}, miners)), wanted);
  EXPECT_EQ(answers.asked, 2U);
  ASSERT_EQ(answers.answers.size(), 1U);
  EXPECT_EQ(answers.answers[0].uid, miner_uid{2});
  EXPECT_EQ(sched.clock().now(), before);
}

TEST_F(lead_survey, waits_for_a_miner_far_away_no_longer_than_its_deadline) {
  join(1, keep(sys.spawn([](miner_actor::pointer self) -> miner_actor::behavior_type {
         return {
           [self](const miner_question&) { return self->make_response_promise<miner_answer>(); },
           [](const miner_notice&) {},
           [self](atom::fence) { return self->make_response_promise<atom::done>(); }};
       })));
  question<lead_answers> asked{sys, keep(spawn_lead_survey(sys, {false}, miners)), wanted};
  settle();
  advance(85s);
  EXPECT_FALSE(asked.answered());
  advance(6s);
  ASSERT_TRUE(asked.answered());
  EXPECT_EQ(asked.look()->asked, 1U);
  EXPECT_TRUE(asked.look()->answers.empty());
}

TEST_F(lead_survey, answers_at_once_when_nobody_is_there_and_asks_once) {
  const auto survey = keep(spawn_lead_survey(sys, {true}, {}));
  EXPECT_EQ(ask<lead_answers>(survey, wanted).asked, 0U);
  EXPECT_TRUE(ask_error<lead_answers>(survey, wanted)); // it has ended
}

TEST_F(lead_survey, takes_what_cannot_be_read_for_silence) {
  join(1, mock<miner_actor>(
            [](const miner_question&) { return miner_answer{miner_body{"{\"leads\":7}"}}; },
            [](const miner_notice&) {}, [](atom::fence) { return atom::done_v; }));
  const auto answers = ask<lead_answers>(keep(spawn_lead_survey(sys, {true}, miners)), wanted);
  EXPECT_EQ(answers.asked, 1U);
  EXPECT_TRUE(answers.answers.empty());
}

} // namespace
} // namespace sluice::test
