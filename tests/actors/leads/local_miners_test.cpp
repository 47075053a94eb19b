#include "actors/leads/local_miners.hpp"
#include "net/leads/bodies.hpp"
#include "rules/leads/name.hpp"
#include "tests/support/actor_test.hpp"

#include <stdexcept>

namespace sluice::test {
namespace {

class local_lead_miner : public actor_test {
protected:
  static local_miner_config
  config_of(uint16_t uid, const std::string& strategy, std::string_view mechanism = leads_name) {
    return {{uid}, {"m" + std::to_string(uid)}, strategy, std::string{mechanism}};
  }

  static miner_question asking_for(uint64_t leads) {
    return {std::string{leads_name}, net::lead_question_body({"r", leads, "bakeries", 0}), 1000};
  }
};

TEST_F(local_lead_miner, answers_as_its_strategy_does_and_names_who_sources) {
  const auto miners
    = local_lead_miners({config_of(30, "curator:seed=3"), config_of(31, "both:seed=3"),
                         config_of(32, "sourcer:seed=3"), config_of(33, "lazy:seed=3")});
  ASSERT_EQ(miners.size(), 4U);
  EXPECT_EQ(miners[0].label, "curator:seed=3");
  const auto handle = keep(miners[0].spawn(sys));
  const auto got = net::lead_answer_in(ask<miner_answer>(handle, asking_for(6)).body);
  ASSERT_TRUE(got) << got.error().what;
  EXPECT_EQ(*got, *curated_answer({lead_strategy_kind::curator, 3}, {"m30"}, {{"m31"}, {"m32"}},
                                  {"r", 6, "bakeries", 1000}));
  EXPECT_EQ(got->leads.size(), 6U);
}

TEST_F(local_lead_miner, reads_a_question_that_came_as_text) {
  const auto handle = keep(spawn_lead_miner(sys, {{"m"}, {lead_strategy_kind::both, 1}}, {}));
  auto question = asking_for(2);
  question.body = miner_body{question.body.text()};
  EXPECT_EQ(net::lead_answer_in(ask<miner_answer>(handle, question).body)->leads.size(), 2U);
  question.body = miner_body{"{}"};
  EXPECT_TRUE(ask_error<miner_answer>(handle, question));
  question = asking_for(2);
  question.mechanism = "other";
  EXPECT_TRUE(ask_error<miner_answer>(handle, question));
}

TEST_F(local_lead_miner, a_silent_one_passes_the_fence_without_an_answer) {
  const auto handle = keep(spawn_lead_miner(sys, {{"m"}, {lead_strategy_kind::silent, 1}}, {}));
  test::question<miner_answer> asked{sys, handle, asking_for(1)};
  EXPECT_EQ(ask<atom::done>(handle, atom::fence_v), atom::done_v);
  EXPECT_FALSE(asked.answered());
}

TEST_F(local_lead_miner, a_strategy_that_is_none_is_refused) {
  EXPECT_THROW(local_lead_miners({config_of(30, "wide")}), std::runtime_error);
  EXPECT_EQ(lead_strategy_fault("lazy"), "");
  EXPECT_NE(lead_strategy_fault("wide").find("curator, sourcer"), std::string::npos);
}

TEST_F(local_lead_miner, those_of_the_dev_world_are_sorted_by_uid_and_of_this_mechanism) {
  const auto all = dev_lead_miners({config_of(32, "lazy:seed=2"), config_of(1, "hold", ""),
                                    config_of(31, "both:seed=2"), config_of(33, "wide")});
  ASSERT_EQ(all.size(), 2U);
  EXPECT_EQ(all[0].key, hotkey{"m31"});
  EXPECT_EQ(all[1].what, (lead_strategy{lead_strategy_kind::lazy, 2}));
}

} // namespace
} // namespace sluice::test
