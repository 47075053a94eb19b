#include "rules/trading/chain_slots.hpp"

#include <gtest/gtest.h>

#include <array>

namespace sluice {

namespace {

trading_identity seen(std::string coldkey, std::string hotkey, bool registered, int64_t first = 0) {
  return {std::move(coldkey), std::move(hotkey), 3, registered, first, std::nullopt};
}

} // namespace

TEST(trading_chain_slots, the_chain_states_who_is_registered_and_where) {
  trading_world world;
  world.identities
    = {seen("c1", "gone", true), seen("c2", "here", false), seen("c3", "moved", true)};
  const std::array slots{chain_slot{7, "here"}, chain_slot{8, "moved"}, chain_slot{9, "new"}};
  EXPECT_EQ(take_slots(world, slots), 1U);
  EXPECT_FALSE(world.identities[0].registered);
  EXPECT_EQ(world.identities[0].last_uid, 3);
  EXPECT_TRUE(world.identities[1].registered);
  EXPECT_EQ(world.identities[1].last_uid, 7);
  EXPECT_TRUE(world.identities[2].registered);
  EXPECT_EQ(world.identities[2].last_uid, 8);
}

TEST(trading_chain_slots, of_two_owners_of_one_hotkey_one_has_the_slot) {
  trading_world world;
  world.identities = {seen("old", "hot", false, 10), seen("new", "hot", false, 20)};
  const std::array slots{chain_slot{4, "hot"}};
  EXPECT_EQ(take_slots(world, slots), 0U);
  EXPECT_FALSE(world.identities[0].registered);
  EXPECT_TRUE(world.identities[1].registered);
  world.identities = {seen("old", "hot", true, 10), seen("new", "hot", false, 20)};
  (void)take_slots(world, slots);
  EXPECT_TRUE(world.identities[0].registered);
  EXPECT_FALSE(world.identities[1].registered);
}

TEST(trading_chain_slots, an_empty_chain_has_nobody) {
  trading_world world;
  world.identities = {seen("c", "h", true)};
  EXPECT_EQ(take_slots(world, {}), 0U);
  EXPECT_FALSE(world.identities[0].registered);
}

} // namespace sluice
