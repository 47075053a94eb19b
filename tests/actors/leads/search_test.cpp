#include "actors/leads/search.hpp"
#include "tests/support/leads_world.hpp"

namespace sluice::test {
namespace {

namespace tables = storage::tables;

class lead_search : public leads_test {
protected:
  found_leads find(uint64_t num_leads = 2) {
    const auto actor = keep(spawn_lead_search(sys, {85'000, true}, links()));
    return ask<found_leads>(actor, lead_request{"r-1", num_leads, "bakeries", leads_start_ms});
  }
  search_links links() { return {disk, roster, fallback, ranker}; }

  std::vector<std::string> ids_of(const std::vector<lead>& all) {
    std::vector<std::string> ids;
    for (const auto& x : all)
      ids.push_back(x.id);
    return ids;
  }

  lead_fallback_actor fallback;
  lead_ranker_actor ranker;
};

TEST_F(lead_search, delivers_the_best_of_all_miners_by_score_then_arrival) {
  join(2, miner_with({some_lead("c", 0.9), some_lead("d", 0.2)}));
  join(1, miner_with({some_lead("a", 0.5), some_lead("b", 0.9)}));
  const auto found = find(3);
  EXPECT_EQ(found.outcome, buy_outcome::delivered);
  EXPECT_EQ(found.asked, 2U);
  EXPECT_EQ(found.answered, 2U);
  EXPECT_EQ(ids_of(found.leads), (std::vector<std::string>{"b", "c", "a"}));
}

TEST_F(lead_search, notes_who_curated_and_who_sourced_whatever_the_miner_states) {
  storage::batch writes;
  pool_lead known;
  known.submitted_by = "miner-4";
  tables::lead_pool.put(writes, "a@example.com", known);
  ASSERT_TRUE(disk->commit(writes));
  auto pooled = some_lead("a", 0.9);
  pooled.source = "somebody-else";
  pooled.curated_by = "somebody-else";
  pooled.created_at = lead_time::of_whole(1);
  auto stated = some_lead("b", 0.8);
  stated.source = "miner-3";
  join(1, miner_with({pooled, stated, some_lead("c", 0.7)}));
  const auto found = find(3);
  ASSERT_EQ(found.leads.size(), 3U);
  EXPECT_EQ(found.leads[0].source, "miner-4"); // who handed it in first
  EXPECT_EQ(found.leads[1].source, "miner-3");
  EXPECT_EQ(found.leads[2].source, "miner-1");
  for (const auto& x : found.leads) {
    EXPECT_EQ(x.curated_by, "miner-1");
    EXPECT_EQ(unix_us(x.created_at), int64_t{leads_start_ms} * 1000);
  }
}

TEST_F(lead_search, states_that_there_are_no_miners_or_no_answers) {
  const auto none = find();
  EXPECT_EQ(none.outcome, buy_outcome::no_miners);
  EXPECT_EQ(none.message, "no miners: nobody is connected who could be asked for leads");
  join(1, silent_miner());
  join(2, miner_with({}));
  const auto silent = find();
  EXPECT_EQ(silent.outcome, buy_outcome::timeout);
  EXPECT_EQ(silent.message, "no leads: none of 2 miners answered with any within 85 s");
  EXPECT_EQ(silent.answered, 1U);
}

TEST_F(lead_search, asks_miners_that_poll_when_nobody_who_is_connected_has_any) {
  join(1, silent_miner());
  fallback = mock<lead_fallback_actor>(
    [](const lead_question& x) {
      EXPECT_EQ(x.business_desc, "bakeries");
      lead_answers answers;
      answers.asked = 1;
      answers.answers.push_back({{}, {"miner-3"}, {some_lead("p")}});
      return answers;
    },
    [](atom::due) {});
  const auto found = find();
  EXPECT_EQ(found.outcome, buy_outcome::delivered);
  ASSERT_EQ(found.leads.size(), 1U);
  EXPECT_EQ(found.leads[0].curated_by, "miner-3");
}

TEST_F(lead_search, takes_the_order_of_a_ranking_program_and_falls_back_when_it_fails) {
  join(1, miner_with({some_lead("a", 0.1), some_lead("b", 0.9)}));
  ranker = mock<lead_ranker_actor>([](const ranking& x) {
    EXPECT_EQ(x.num_leads, 2U);
    EXPECT_EQ(x.business_desc, "bakeries");
    return std::vector<lead>{x.leads.front()};
  });
  EXPECT_EQ(ids_of(find().leads), (std::vector<std::string>{"a"}));
  ranker = mock<lead_ranker_actor>([](const ranking&) -> caf::result<std::vector<lead>> {
    return caf::make_error(ec::timeout, std::string{"rank: has not ended within 10 ms"});
  });
  EXPECT_EQ(ids_of(find().leads), (std::vector<std::string>{"b", "a"}));
  ranker = mock<lead_ranker_actor>([](const ranking&) { return std::vector<lead>{}; });
  EXPECT_EQ(find().outcome, buy_outcome::failed);
}

TEST_F(lead_search, that_is_killed_is_answered_by_an_error) {
  join(1, keep(sys.spawn([](miner_actor::pointer self) -> miner_actor::behavior_type {
         return {
           [self](const miner_question&) { return self->make_response_promise<miner_answer>(); },
           [](const miner_notice&) {},
           [self](atom::fence) { return self->make_response_promise<atom::done>(); }};
       })));
  const auto actor = keep(spawn_lead_search(sys, {85'000, true}, links()));
  question<found_leads> asked{sys, actor, lead_request{"r-1", 1, "", leads_start_ms}};
  settle();
  EXPECT_FALSE(asked.answered());
  kill(actor);
  ASSERT_TRUE(asked.answered());
  EXPECT_FALSE(asked.look());
}

} // namespace
} // namespace sluice::test
