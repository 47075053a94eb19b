#include "actors/leads/stored_flow.hpp"
#include "tests/support/leads_world.hpp"

namespace sluice::test {
namespace {

namespace tables = storage::tables;

class stored_lead_flow : public leads_test {
protected:
  void store_state(const flow_record& record, uint64_t attempt, publish_trigger trigger) {
    lead_step step;
    step.time_us = static_cast<int64_t>(leads_start_ms) * 1000;
    step.attempt = attempt;
    step.trigger = trigger;
    storage::batch writes;
    tables::lead_flow.put(writes, tables::lead_flow_key, record);
    tables::lead_steps.put(writes, 1, step);
    ASSERT_TRUE(disk->commit(writes));
  }
  stored_flow_state stored() { return *stored_flow(*disk, terms, leads_start_ms + 1000); }

  flow_terms terms = flow_terms_of({});
};

TEST_F(stored_lead_flow, of_an_empty_folder_begins) {
  auto made = stored();
  EXPECT_EQ(made.attempt.number, 0U);
  EXPECT_EQ(made.flow.record(), flow_record{});
  EXPECT_FALSE(made.flow.publish_open());
}

TEST_F(stored_lead_flow, has_the_attempt_of_the_last_step_open_again) {
  store_state({5, 0, 0, true}, 5, publish_trigger::curated);
  auto made = stored();
  EXPECT_EQ(made.attempt.number, 5U);
  EXPECT_TRUE(made.flow.publish_open());
  EXPECT_EQ(made.flow.state(), curation_state::publishing);
  ASSERT_EQ(made.actions.size(), 1U); // sourced leads wait again
  EXPECT_EQ(made.actions[0].what, flow_action::kind::pause_sourced);
  made.flow.publish_ended(5, publish_end::done, leads_start_ms);
  EXPECT_EQ(made.flow.record(), (flow_record{5, 0, leads_start_ms, false}));
  EXPECT_EQ(made.flow.state(), curation_state::idle);
}

TEST_F(stored_lead_flow, of_the_timer_has_sourced_leads_go_on) {
  store_state({5, 2, 0, false}, 5, publish_trigger::retry);
  const auto made = stored();
  EXPECT_EQ(made.attempt.number, 5U);
  EXPECT_TRUE(made.flow.publish_open());
  EXPECT_TRUE(made.flow.sourced_may_run());
  EXPECT_TRUE(made.actions.empty());
}

TEST_F(stored_lead_flow, of_an_attempt_that_was_noted_goes_on_from_the_record) {
  store_state({5, 0, leads_start_ms, false}, 5, publish_trigger::timer);
  lead_publish row;
  row.number = 5;
  row.result = publish_end::done;
  storage::batch writes;
  tables::lead_publishes.put(writes, 5, row);
  ASSERT_TRUE(disk->commit(writes));
  const auto made = stored();
  EXPECT_EQ(made.attempt.number, 0U);
  EXPECT_FALSE(made.flow.publish_open());
  EXPECT_EQ(made.flow.record().attempts, 5U);
}

} // namespace
} // namespace sluice::test
