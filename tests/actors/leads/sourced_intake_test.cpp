#include "actors/leads/sourced_intake.hpp"
#include "tests/support/leads_world.hpp"

namespace sluice::test {
namespace {

using namespace std::chrono_literals;
namespace tables = storage::tables;

class sourced_intake : public leads_test {
protected:
  void queue_prospects(const std::string& body, std::vector<lead> all) {
    const auto added = call<queue_prospects_message, uint64_t>(
      queues, queue_prospects_call{{{"miner-1"}, body}, std::move(all)});
    ASSERT_TRUE(added->has_value() && **added);
  }

  uint64_t counter(intake_verdict x) {
    return tables::lead_counters.find(*disk, tables::intake_key(x))->value_or(0);
  }
  bool has(const std::string& email) { return tables::lead_pool.find(*disk, email)->has_value(); }

  leads_queues_actor queues = make_queues();
};

TEST_F(sourced_intake, takes_what_waits_in_the_queue_and_counts_every_verdict) {
  auto disposable = some_lead("x");
  disposable.owner_email = "x@mailinator.com";
  auto of_another = some_lead("y");
  of_another.source = "miner-2";
  queue_prospects("body-1", {some_lead("a"), some_lead("a"), disposable, of_another, lead{}});
  make_intake(queues, false);
  settle();
  EXPECT_TRUE(has("a@example.com"));
  EXPECT_EQ(tables::lead_pool.get(*disk, "a@example.com")->submitted_by, "miner-1");
  EXPECT_EQ(counter(intake_verdict::accepted), 1U);
  EXPECT_EQ(counter(intake_verdict::duplicate), 1U);
  EXPECT_EQ(counter(intake_verdict::disposable_domain), 1U);
  EXPECT_EQ(counter(intake_verdict::wrong_source), 1U);
  EXPECT_EQ(counter(intake_verdict::missing_email), 1U);
  EXPECT_EQ(*tables::lead_names.get(*disk, tables::lead_k_miner_key), "miner-1");
  uint64_t left = 0;
  ASSERT_TRUE(tables::lead_queue_items.for_each(*disk, [&](auto&&...) { ++left; }));
  EXPECT_EQ(left, 0U);
}

TEST_F(sourced_intake, looks_again_after_a_while_when_the_queue_was_empty) {
  make_intake(queues, false);
  settle();
  queue_prospects("body-1", {some_lead("a")});
  EXPECT_FALSE(has("a@example.com"));
  advance(1s);
  EXPECT_TRUE(has("a@example.com"));
}

TEST_F(sourced_intake, waits_while_anybody_holds_it) {
  const auto intake = make_intake(queues, false);
  ask<atom::done>(intake, intake_gate{intake_holder::curation, false});
  ask<atom::done>(intake, intake_gate{intake_holder::operator_, false});
  queue_prospects("body-1", {some_lead("a")});
  advance(10s);
  EXPECT_FALSE(has("a@example.com"));
  ask<atom::done>(intake, intake_gate{intake_holder::curation, true});
  advance(10s);
  EXPECT_FALSE(has("a@example.com"));
  ask<atom::done>(intake, intake_gate{intake_holder::operator_, true});
  advance(1s);
  EXPECT_TRUE(has("a@example.com"));
}

TEST_F(sourced_intake, stays_held_by_an_operator_over_a_restart) {
  storage::batch writes;
  tables::lead_names.put(writes, storage::intake_held_key, "operator");
  ASSERT_TRUE(disk->commit(writes));
  queue_prospects("body-1", {some_lead("a")});
  make_intake(queues, false);
  advance(10s);
  EXPECT_FALSE(has("a@example.com"));
}

TEST_F(sourced_intake, takes_a_steps_prospects_once_however_often_it_is_asked) {
  auto config = intake_config(true);
  config.miners = {{{"miner-1"}, *parse_lead_strategy("sourcer:seed=3")},
                   {{"miner-2"}, *parse_lead_strategy("disposable:seed=3")}};
  intake_report first;
  for (int i = 0; i < 2; ++i) { // the second one is a new incarnation
    const auto intake
      = keep(spawn_sourced_intake(sys, config, {disk, storage_writer, chain, queues}));
    const auto report = ask<intake_report>(intake, intake_turn{1, now_ms});
    EXPECT_GT(report.prospects, 1U);
    EXPECT_GT(report.counts.of(intake_verdict::accepted), 0U);
    EXPECT_GT(report.counts.of(intake_verdict::disposable_domain), 0U);
    if (i == 0)
      first = report;
    EXPECT_EQ(report, first);
    kill(intake);
  }
  EXPECT_EQ(counter(intake_verdict::accepted), first.counts.of(intake_verdict::accepted));
}

TEST_F(sourced_intake, makes_up_for_steps_in_which_it_was_held) {
  auto config = intake_config(true);
  config.miners = {{{"miner-1"}, *parse_lead_strategy("sourcer:seed=3")}};
  const auto intake
    = keep(spawn_sourced_intake(sys, config, {disk, storage_writer, chain, queues}));
  const auto one = ask<intake_report>(intake, intake_turn{1, now_ms});
  ask<atom::done>(intake, intake_gate{intake_holder::operator_, false});
  EXPECT_EQ(ask<intake_report>(intake, intake_turn{2, now_ms}), intake_report{});
  ask<atom::done>(intake, intake_gate{intake_holder::operator_, true});
  const auto rest = ask<intake_report>(intake, intake_turn{3, now_ms});
  EXPECT_EQ(one.batches, 1U);
  EXPECT_EQ(rest.batches, 2U);
}

TEST_F(sourced_intake, takes_the_leads_of_validators_only) {
  const auto intake = make_intake(queues, true);
  auto of_miner = some_lead("a");
  of_miner.source = "miner-3";
  const auto stored = call<store_leads_message, leads_stored>(
    intake, store_leads_call{{our_validator, "body-1"}, {of_miner, of_miner}});
  ASSERT_TRUE(stored->has_value() && **stored);
  EXPECT_EQ(***stored, (leads_stored{1, 1}));
  EXPECT_EQ(tables::lead_pool.get(*disk, "a@example.com")->submitted_by, "miner-3");
  const auto refused = call<store_leads_message, leads_stored>(
    intake, store_leads_call{{{"miner-1"}, "body-2"}, {some_lead("b")}});
  EXPECT_EQ((**refused).error().code, ec::refused);
}

TEST_F(sourced_intake, answers_with_the_disks_reason_when_nothing_can_be_written) {
  const auto intake = keep(spawn_sourced_intake(
    sys, intake_config(true),
    {disk, refusing_storage_writer(ec::storage_full, "the disk is full"), chain, queues}));
  for (int i = 0; i < 2; ++i) { // nothing is remembered of the first attempt
    const auto stored = call<store_leads_message, leads_stored>(
      intake, store_leads_call{{our_validator, "body"}, {some_lead("a")}});
    ASSERT_TRUE(stored->has_value());
    EXPECT_EQ((**stored).error().what, "the disk is full");
  }
}

} // namespace
} // namespace sluice::test
