#include "rules/trading/world.hpp"

#include <gtest/gtest.h>

namespace sluice {
namespace {

metagraph_snapshot snapshot(uint64_t block, std::vector<trading_neuron> neurons) {
  return {block, static_cast<int64_t>(block) * 1000, std::move(neurons)};
}

trading_neuron miner(uint16_t uid, std::string hotkey, std::string coldkey) {
  return {uid, std::move(hotkey), std::move(coldkey), 0, 1};
}

TEST(trading_world, miners_are_neurons_without_dividends) {
  trading_world world;
  ASSERT_TRUE(observe(world, snapshot(5, {{0, "validator", "v", 0.9, 1}, miner(1, "h", "c")})));
  ASSERT_EQ(world.identities.size(), 1U);
  EXPECT_EQ(world.identities[0].hotkey, "h");
  EXPECT_EQ(world.identities[0].counts_from_us(), 5000);
  EXPECT_EQ(credited(world, "v"), nullptr);
  EXPECT_EQ(identity_at(world, 1)->coldkey, "c");
  EXPECT_EQ(identity_at(world, 0), nullptr);
}

TEST(trading_world, a_uid_that_moves_takes_its_history_along) {
  trading_world world;
  ASSERT_TRUE(observe(world, snapshot(5, {miner(1, "h", "c")})));
  ASSERT_TRUE(observe(world, snapshot(6, {miner(7, "h", "c"), miner(1, "other", "d")})));
  EXPECT_EQ(world.identities.size(), 2U);
  EXPECT_EQ(identity_of(world, "h")->last_uid, 7);
  EXPECT_EQ(identity_of(world, "h")->counts_from_us(), 5000);
  EXPECT_EQ(identity_at(world, 1)->hotkey, "other");
}

TEST(trading_world, who_leaves_is_inactive_and_comes_back_with_its_history) {
  trading_world world;
  ASSERT_TRUE(observe(world, snapshot(5, {miner(1, "h", "c")})));
  ASSERT_TRUE(observe(world, snapshot(6, {miner(1, "new", "d")})));
  EXPECT_EQ(status_of(world, *identity_of(world, "h")), trading_status::inactive);
  EXPECT_FALSE(identity_of(world, "h")->registered);
  ASSERT_TRUE(observe(world, snapshot(7, {miner(9, "h", "c")})));
  EXPECT_EQ(status_of(world, *identity_of(world, "h")), trading_status::active);
  EXPECT_EQ(identity_of(world, "h")->first_seen_us, 5000);
  world.blacklist.insert("h");
  EXPECT_EQ(status_of(world, *identity_of(world, "h")), trading_status::blacklisted);
}

TEST(trading_world, of_several_hotkeys_one_is_credited) {
  trading_world world;
  ASSERT_TRUE(observe(world, snapshot(5, {miner(3, "b", "c"), miner(8, "a", "c")})));
  EXPECT_EQ(credited(world, "c")->hotkey, "b"); // the lower uid
  ASSERT_TRUE(observe(world, snapshot(6, {miner(8, "a", "c")})));
  EXPECT_EQ(credited(world, "c")->hotkey, "a"); // registered first
  ASSERT_TRUE(observe(world, snapshot(7, {})));
  EXPECT_EQ(credited(world, "c")->hotkey, "b"); // nobody is: the lower last uid
}

TEST(trading_world, tracking_starts_may_come_before_the_miner) {
  trading_world world;
  set_tracking_start(world, "h", "c", 42);
  ASSERT_TRUE(observe(world, snapshot(5, {miner(1, "h", "c")})));
  EXPECT_EQ(credited(world, "c")->counts_from_us(), 42);
  EXPECT_TRUE(world.tracking_ahead.empty());
  set_tracking_start(world, "h", "c", 43);
  EXPECT_EQ(credited(world, "c")->counts_from_us(), 43);
}

TEST(trading_world, snapshots_come_by_rising_block_and_name_each_neuron_once) {
  trading_world world;
  ASSERT_TRUE(observe(world, snapshot(5, {miner(1, "h", "c")})));
  const auto before = world;
  EXPECT_EQ(observe(world, snapshot(4, {})).error().code, ec::invalid_argument);
  EXPECT_EQ(observe(world, snapshot(6, {miner(1, "a", "c"), miner(1, "b", "c")})).error().code,
            ec::bad_input);
  EXPECT_EQ(observe(world, snapshot(6, {miner(1, "a", "c"), miner(2, "a", "c")})).error().code,
            ec::bad_input);
  EXPECT_EQ(world, before);
}

TEST(trading_world, the_checks_of_an_event_have_an_order) {
  trading_world world;
  ASSERT_TRUE(observe(world, snapshot(5, {miner(1, "h", "c")})));
  world.registered[3] = {"c", "stranger"};
  const auto there = facts_of(world, "c", 3);
  EXPECT_TRUE(there.registered_known);
  EXPECT_EQ(outcome_of(there, 11, 10), event_outcome::future);
  EXPECT_EQ(outcome_of(there, 10, 10), event_outcome::registered_subnet);
  EXPECT_EQ(outcome_of(facts_of(world, "stranger", 3), 1, 10), event_outcome::registered_subnet);
  const auto elsewhere = facts_of(world, "c", 4);
  EXPECT_FALSE(elsewhere.registered_known);
  EXPECT_EQ(outcome_of(elsewhere, 4999, 9000), event_outcome::before_tracking);
  EXPECT_EQ(outcome_of(elsewhere, 5000, 9000), event_outcome::applied);
  EXPECT_EQ(outcome_of(facts_of(world, "stranger", 4), 1, 10), event_outcome::unknown_coldkey);
}

} // namespace
} // namespace sluice
