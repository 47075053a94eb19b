#include "actors/leads/curation.hpp"
#include "tests/support/leads_world.hpp"

namespace sluice::test {
namespace {

using namespace std::chrono_literals;
namespace tables = storage::tables;

class curation : public leads_test {
protected:
  curation_config config(bool stepped) {
    curation_config made;
    made.own = our_validator;
    made.terms = flow_terms_of(made.rules);
    made.terms.spacing_ms = 0;
    made.stepped = stepped;
    made.start_ms = now_ms;
    made.unix_ms = clock();
    made.own_thread = false;
    return made;
  }

  curation_actor make(const curation_config& with) {
    return keep(spawn_curation(sys, with, links()));
  }
  curation_links links() { return {disk, storage_writer, roster, queues, intake}; }

  /// A sourced intake that notes what it is asked.
  void watch_intake() {
    intake = mock<sourced_intake_actor>([](const store_leads_message&) {},
                                        [this](const intake_gate& x) {
                                          events.push_back(x.open ? "resume" : "pause");
                                          return atom::done_v;
                                        },
                                        [](const intake_turn&) { return intake_report{}; },
                                        [](atom::due) {});
  }

  /// A storage writer that notes what it writes, and writes it.
  void watch_storage_writer() {
    storage_writer = mock<storage_writer_actor>(
      [this](const storage::batch& x) -> caf::result<atom::done> {
        events.push_back("store");
        EXPECT_TRUE(disk->commit(x));
        return atom::done_v;
      },
      [](const incarnation_batch&) { return atom::done_v; },
      [](atom::fence, const std::string&) -> uint64_t { return 1; }, [](atom::flush) {});
  }

  auto buy(const curation_actor& whom, uint64_t num_leads = 2) {
    auto answer = std::make_shared<std::optional<result<buy_leads_answer>>>();
    caf::anon_send(whom, buy_leads_message{buy_leads_call{{}, num_leads, "bakeries"},
                                           [this, answer](result<buy_leads_answer> x) {
                                             events.push_back("reply");
                                             answer->emplace(std::move(x));
                                           }});
    settle();
    return answer;
  }

  publish_order due(const curation_actor& whom) {
    return ask<publish_order>(whom, publish_query{now_ms});
  }

  uint64_t documents() {
    return tables::lead_counters.find(*disk, tables::lead_results_key)->value_or(0);
  }

  leads_queues_actor queues = make_queues();
  sourced_intake_actor intake = make_intake(queues, true);
  std::vector<std::string> events;
};

TEST_F(curation, stores_then_replies_then_publishes_then_resumes) {
  watch_intake();
  watch_storage_writer();
  join(1, miner_with({some_lead("a"), some_lead("b")}));
  const auto actor = make(config(false));
  settle();
  EXPECT_EQ(due(actor).trigger, publish_trigger::start);
  ask<atom::done>(actor, attempt_ended{1, publish_end::done, now_ms, ""});
  const auto answer = buy(actor);
  ASSERT_TRUE(answer->has_value() && **answer);
  EXPECT_EQ((***answer).outcome, buy_outcome::delivered);
  EXPECT_EQ((***answer).leads.size(), 2U);
  EXPECT_EQ(documents(), 1U);
  const auto order = due(actor);
  EXPECT_EQ(order.attempt, 2U);
  EXPECT_EQ(order.trigger, publish_trigger::curated);
  EXPECT_TRUE(order.record.pending);
  EXPECT_EQ(events, (std::vector<std::string>{"pause", "store", "reply"}));
  ask<atom::done>(actor, attempt_ended{2, publish_end::done, now_ms, ""});
  EXPECT_EQ(events, (std::vector<std::string>{"pause", "store", "reply", "resume"}));
  EXPECT_FALSE(due(actor).record.pending);
}

TEST_F(curation, delivers_although_publishing_fails_and_resumes_all_the_same) {
  watch_intake();
  join(1, miner_with({some_lead("a")}));
  const auto actor = make(config(false));
  settle();
  ask<atom::done>(actor, attempt_ended{1, publish_end::failed, now_ms, "the chain is down"});
  EXPECT_TRUE(**buy(actor));
  ask<atom::done>(actor, attempt_ended{2, publish_end::failed, now_ms, "the chain is down"});
  EXPECT_EQ(events, (std::vector<std::string>{"pause", "reply", "resume"}));
  EXPECT_EQ(due(actor).attempt, 0U);
  now_ms += 1'199'999; // two failures: 1200 s
  EXPECT_EQ(due(actor).attempt, 0U);
  now_ms += 1;
  EXPECT_EQ(due(actor).attempt, 3U);
  EXPECT_EQ(due(actor).trigger, publish_trigger::retry);
}

TEST_F(curation, gives_sourced_leads_free_after_the_bound) {
  watch_intake();
  join(1, miner_with({some_lead("a")}));
  const auto actor = make(config(false));
  settle();
  ask<atom::done>(actor, attempt_ended{1, publish_end::done, now_ms, ""});
  EXPECT_TRUE(**buy(actor));
  now_ms += 119'000;
  advance(2s);
  EXPECT_EQ(events.back(), "reply");
  now_ms += 1'000;
  advance(2s);
  EXPECT_EQ(events.back(), "resume");
}

TEST_F(curation, answers_a_buyer_with_the_reason_when_nothing_can_be_stored) {
  watch_intake();
  storage_writer = refusing_storage_writer(ec::storage_full, "the disk is full");
  join(1, miner_with({some_lead("a")}));
  const auto actor = make(config(false));
  settle();
  const auto answer = buy(actor);
  ASSERT_TRUE(answer->has_value() && **answer);
  EXPECT_EQ((***answer).outcome, buy_outcome::failed);
  EXPECT_EQ((***answer).message, "the leads could not be stored: the disk is full");
  EXPECT_TRUE((***answer).leads.empty());
  EXPECT_EQ(events, (std::vector<std::string>{"pause", "reply", "resume"}));
  EXPECT_FALSE(due(actor).record.pending);
}

TEST_F(curation, answers_a_buyer_when_there_is_nobody_to_ask) {
  auto without = config(false);
  without.rules.fallback_polls = 0;
  const auto answer = buy(make(without));
  ASSERT_TRUE(answer->has_value() && **answer);
  EXPECT_EQ((***answer).outcome, buy_outcome::no_miners);
  EXPECT_EQ(documents(), 0U);
}

TEST_F(curation, covers_overlapping_requests_with_one_publish) {
  join(1, miner_with({some_lead("a")}));
  const auto actor = make(config(true));
  EXPECT_EQ(due(actor).attempt, 1U);
  ask<atom::done>(actor, attempt_ended{1, publish_end::done, now_ms, ""});
  const auto answers = ask<std::vector<buy_leads_answer>>(
    actor, step_requests{{{"dev-1-1", 1, "x", now_ms}, {"dev-1-2", 1, "y", now_ms}}});
  ASSERT_EQ(answers.size(), 2U);
  EXPECT_EQ(answers[0].outcome, buy_outcome::delivered);
  EXPECT_EQ(answers[1].outcome, buy_outcome::delivered);
  EXPECT_EQ(documents(), 2U);
  const auto order = due(actor);
  EXPECT_EQ(order.attempt, 2U);
  ask<atom::done>(actor, attempt_ended{2, publish_end::done, now_ms, ""});
  EXPECT_EQ(due(actor).attempt, 0U); // both are covered
  EXPECT_FALSE(due(actor).record.pending);
}

TEST_F(curation, delivers_again_what_an_earlier_incarnation_had_stored) {
  join(1, miner_with({some_lead("a")}));
  const step_requests wanted{{{"dev-1-1", 1, "x", now_ms}}};
  auto actor = make(config(true));
  const auto first = ask<std::vector<buy_leads_answer>>(actor, wanted);
  kill(actor);
  actor = make(config(true));
  const auto again = ask<std::vector<buy_leads_answer>>(actor, wanted);
  ASSERT_EQ(again.size(), 1U);
  EXPECT_EQ(again[0].leads, first.at(0).leads);
  EXPECT_EQ(documents(), 1U);
  EXPECT_EQ(questions.size(), 1U); // nobody was asked twice
  EXPECT_EQ(due(actor).trigger, publish_trigger::curated);
}

TEST_F(curation, takes_a_step_that_is_asked_again_for_no_second_request) {
  join(1, miner_with({some_lead("a")}));
  const step_requests wanted{{{"dev-1-1", 1, "x", now_ms}}};
  const auto actor = make(config(true));
  const auto first = ask<std::vector<buy_leads_answer>>(actor, wanted);
  EXPECT_EQ(due(actor).attempt, 1U);
  const auto again = ask<std::vector<buy_leads_answer>>(actor, wanted);
  EXPECT_EQ(again.at(0).leads, first.at(0).leads);
  ask<atom::done>(actor, attempt_ended{1, publish_end::done, now_ms, ""});
  EXPECT_EQ(due(actor).attempt, 0U); // the attempt has covered it
}

TEST_F(curation, searches_again_when_a_search_ends_without_an_answer) {
  size_t asked = 0;
  roster = mock<roster_actor>(
    [this, &asked](atom::roster) -> caf::result<std::vector<roster_entry>> {
      if (++asked < 3)
        return caf::make_error(ec::unreachable, std::string{"the roster restarts"});
      return miners;
    },
    [](const miner_came&) {}, [](const miner_gone&) {},
    [](atom::ban, const hotkey&, const ban_record&) { return atom::done_v; },
    [](atom::unban, const hotkey&) { return atom::done_v; },
    [](atom::view, const roster_watcher_actor&) { return roster_snapshot{}; });
  join(1, miner_with({some_lead("a")}));
  const auto actor = make(config(true));
  const auto answers
    = ask<std::vector<buy_leads_answer>>(actor, step_requests{{{"dev-1-1", 1, "x", now_ms}}});
  EXPECT_EQ(answers.at(0).outcome, buy_outcome::delivered);
  EXPECT_EQ(asked, 3U);
}

TEST_F(curation, serves_requests_that_wait_in_the_queue) {
  const auto asked = call<queue_request_message, std::string>(
    queues, queue_request_call{{{"buyer"}, "body-1"}, lead_queue::requests, 1, "bakeries"});
  join(1, miner_with({some_lead("a")}));
  make(config(false));
  settle();
  const auto delivered = tables::lead_answers.find(*disk, ***asked);
  ASSERT_TRUE(delivered && *delivered);
  EXPECT_EQ((*delivered)->leads.size(), 1U);
  EXPECT_EQ(documents(), 1U);
  EXPECT_TRUE(tables::lead_flow.get(*disk, tables::lead_flow_key)->pending);
}

TEST_F(curation, ranks_by_a_program_where_one_is_configured) {
  auto ranked = config(false);
  ranked.rules.rank_command = {"/bin/sh", "-c", "echo [1]"};
  join(1, miner_with({some_lead("a", 0.9), some_lead("b", 0.1)}));
  const auto answer = buy(make(ranked));
  ASSERT_TRUE(answer->has_value() && **answer);
  ASSERT_EQ((***answer).leads.size(), 1U);
  EXPECT_EQ((***answer).leads[0].id, "b");
}

TEST_F(curation, publishes_when_an_operator_wants_it) {
  const auto actor = make(config(true));
  settle();
  EXPECT_EQ(due(actor).attempt, 1U);
  ask<atom::done>(actor, attempt_ended{1, publish_end::done, now_ms, ""});
  EXPECT_EQ(due(actor).attempt, 0U);
  ask<atom::done>(actor, atom::publish_v, now_ms);
  EXPECT_EQ(due(actor).attempt, 2U);
  EXPECT_EQ(due(actor).trigger, publish_trigger::operator_);
}

} // namespace
} // namespace sluice::test
