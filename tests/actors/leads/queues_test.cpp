#include "actors/leads/queues.hpp"
#include "tests/support/leads_world.hpp"

namespace sluice::test {
namespace {

namespace tables = storage::tables;

class leads_queues_of_a_node : public leads_test {
protected:
  auto add(std::string wallet, std::string body, std::vector<lead> all) {
    return call<queue_prospects_message, uint64_t>(
      queues, queue_prospects_call{{{std::move(wallet)}, std::move(body)}, std::move(all)});
  }

  auto fetch(std::string wallet, lead_queue from, uint64_t limit = 10) {
    return call<fetch_message, std::vector<leased_item>>(
      queues, fetch_call{{{std::move(wallet)}, ""}, from, limit});
  }

  uint64_t rows() {
    uint64_t n = 0;
    EXPECT_TRUE(tables::lead_queue_items.for_each(*disk, [&](auto&&...) { ++n; }));
    return n;
  }

  leads_queues_actor queues = make_queues();
};

TEST_F(leads_queues_of_a_node, answers_when_it_is_durable_and_the_same_body_once) {
  for (int i = 0; i < 2; ++i) {
    const auto added = add("miner-1", "body-1", {some_lead("a"), some_lead("b")});
    ASSERT_TRUE(added->has_value() && **added) << (**added).error().what;
    EXPECT_EQ(***added, 2U);
    EXPECT_EQ(rows(), 1U);
  }
}

TEST_F(leads_queues_of_a_node, refuses_wallets_that_are_not_what_a_call_needs) {
  const auto stranger = add("stranger", "body-1", {some_lead("a")});
  ASSERT_TRUE(stranger->has_value());
  EXPECT_EQ((**stranger).error().code, ec::refused);
  EXPECT_NE((**stranger).error().what.find("stranger is not registered"), std::string::npos);
  const auto miner = fetch("miner-1", lead_queue::prospects);
  EXPECT_EQ((**miner).error().code, ec::refused);
  EXPECT_NE((**miner).error().what.find("has no validator permit"), std::string::npos);
  EXPECT_TRUE(**fetch("validator", lead_queue::prospects));
  EXPECT_TRUE(**fetch("", lead_queue::prospects)); // the configuration has opened the route
  EXPECT_EQ(rows(), 0U);
}

TEST_F(leads_queues_of_a_node, hands_out_again_after_it_was_killed_and_the_lease_is_over) {
  ASSERT_TRUE(**add("miner-1", "body-1", {some_lead("a")}));
  const auto first = fetch("validator", lead_queue::prospects);
  ASSERT_EQ((***first).size(), 1U);
  kill(queues);
  queues = make_queues();
  EXPECT_TRUE((***fetch("validator", lead_queue::prospects)).empty());
  now_ms = (***first)[0].lease_until_ms;
  const auto again = fetch("validator", lead_queue::prospects);
  ASSERT_EQ((***again).size(), 1U);
  EXPECT_EQ((***again)[0].deliveries, 2U);
  const auto done = call<acknowledge_message, uint64_t>(
    queues, acknowledge_call{{{"validator"}, ""}, lead_queue::prospects, (***again)[0].lease});
  EXPECT_EQ(***done, 1U);
  EXPECT_EQ(rows(), 0U);
}

TEST_F(leads_queues_of_a_node, writes_what_was_made_of_an_item_with_its_acknowledgement) {
  ASSERT_TRUE(**add("miner-1", "body-1", {some_lead("a")}));
  const fetch_call what{{our_validator, ""}, lead_queue::prospects, 1};
  const auto items = ask<std::vector<leased_item>>(queues, own_fetch{what, now_ms});
  ASSERT_EQ(items.size(), 1U);
  storage::batch with;
  tables::lead_names.put(with, "k_miner", "miner-1");
  const acknowledge_call done{{our_validator, ""}, lead_queue::prospects, items[0].lease};
  EXPECT_EQ(ask<uint64_t>(queues, own_acknowledge{done, with, items[0].lease_until_ms}), 0U);
  EXPECT_FALSE(*tables::lead_names.find(*disk, "k_miner")); // the lease was over: nothing
  EXPECT_EQ(rows(), 1U);
  EXPECT_EQ(ask<uint64_t>(queues, own_acknowledge{done, with, now_ms}), 1U);
  EXPECT_EQ(*tables::lead_names.get(*disk, "k_miner"), "miner-1");
  EXPECT_EQ(rows(), 0U);
}

TEST_F(leads_queues_of_a_node, keeps_a_request_until_its_result_is_stored) {
  const auto asked = call<queue_request_message, std::string>(
    queues, queue_request_call{{{"buyer"}, "body-1"}, lead_queue::requests, 2, "bakeries"});
  ASSERT_TRUE(**asked); // anybody may ask
  const auto id = ***asked;
  const auto stored = call<store_result_message, nothing>(
    queues,
    store_result_call{{our_validator, "body-2"}, lead_queue::requests, id, {some_lead("a")}});
  ASSERT_TRUE(**stored) << (**stored).error().what;
  EXPECT_EQ(tables::lead_answers.get(*disk, id)->leads.size(), 1U);
  EXPECT_EQ(rows(), 0U);
}

TEST_F(leads_queues_of_a_node, stores_a_validators_shares_once_per_body) {
  for (const double share : {0.5, 0.7}) { // the second is a replay with other content
    const auto stored = call<store_weights_message, nothing>(
      queues, store_weights_call{{our_validator, "body-1"}, {{"miner-1", share}}});
    EXPECT_TRUE(**stored);
  }
  EXPECT_EQ(tables::lead_validator_weights.get(*disk, our_validator)->weights.at("miner-1"), 0.5);
}

TEST_F(leads_queues_of_a_node, answers_with_the_disks_reason_when_nothing_can_be_written) {
  const auto broken = keep(spawn_leads_queues(
    sys, {{}, clock()},
    {disk, refusing_storage_writer(ec::storage_full, "the disk is full"), chain}));
  const auto added = call<queue_prospects_message, uint64_t>(
    broken, queue_prospects_call{{{"miner-1"}, "body-1"}, {some_lead("a")}});
  ASSERT_TRUE(added->has_value());
  EXPECT_EQ((**added).error().what, "the disk is full");
}

} // namespace
} // namespace sluice::test
