#include "sim/math/tick_math.hpp"
#include "sim/pool/pool.hpp"

#include <gtest/gtest.h>

#include <random>

namespace sluice {
namespace {

pool busy_pool() {
  pool made(3000, 60);
  EXPECT_TRUE(made.initialize(u256{1} << 96, 100));
  EXPECT_TRUE(made.mint({1}, -600, 600, 1'000'000'000, 101));
  EXPECT_TRUE(made.mint({2}, -120, 60, 5'000'000'000, 102));
  EXPECT_TRUE(made.increase_observation_cardinality_next(5));
  EXPECT_TRUE(made.swap({true, 20'000'000, min_sqrt_ratio + 1}, 110));
  EXPECT_TRUE(made.swap({false, -9'000'000, max_sqrt_ratio - 1}, 120));
  EXPECT_TRUE(made.burn({2}, -120, 60, 5'000'000'000, 130));
  return made;
}

/// With a stake, rewards, the gauge's fees and a tick that was crossed.
pool staked_pool() {
  const address gauge{8};
  const address manager{9};
  pool made(slipstream_terms{500, 100'000, 60, gauge, manager});
  EXPECT_TRUE(made.initialize(u256{1} << 96, 100));
  EXPECT_TRUE(made.mint(manager, -600, 600, 1'000'000'000, 101));
  EXPECT_TRUE(made.mint(manager, -60, 60, 1'000'000'000, 101));
  EXPECT_TRUE(made.stake(gauge, 400'000'000, -600, 600, true, 102));
  EXPECT_TRUE(made.stake(gauge, 300'000'000, -60, 60, true, 102));
  EXPECT_TRUE(made.sync_reward(gauge, 1000, 1'000'000, 2'000'000));
  EXPECT_TRUE(made.swap({true, 20'000'000, min_sqrt_ratio + 1}, 110));
  made.set_fees(3000, 200'000);
  EXPECT_TRUE(made.swap({false, -9'000'000, max_sqrt_ratio - 1}, 120));
  return made;
}

} // namespace

TEST(pool_state, survives_save_and_load) {
  for (const auto& original :
       {busy_pool(), pool(500, 10), staked_pool(), pool(slipstream_terms{500, 7, 10, {1}, {2}})}) {
    auto bytes = original.save();
    auto copy = pool::load(bytes);
    ASSERT_TRUE(copy) << copy.error().what;
    EXPECT_EQ(*copy, original);
    EXPECT_EQ(copy->save(), bytes);
  }
}

TEST(pool_state, goes_on_after_load_as_if_nothing_had_happened) {
  auto original = busy_pool();
  auto copy = pool::load(original.save());
  ASSERT_TRUE(copy);
  for (uint32_t now = 140; now < 200; now += 7) {
    swap_request order{now % 2 == 0, 3'000'000,
                       now % 2 == 0 ? min_sqrt_ratio + 1 : max_sqrt_ratio - 1};
    ASSERT_TRUE(original.swap(order, now));
    ASSERT_TRUE((*copy).swap(order, now));
  }
  EXPECT_EQ(*copy, original);
}

TEST(pool_state, keeps_what_is_staked) {
  auto original = staked_pool();
  auto copy = pool::load(original.save());
  ASSERT_TRUE(copy) << copy.error().what;
  EXPECT_NE(original.stake_of(60).liquidity_net, 0);
  EXPECT_EQ(copy->stake_of(60), original.stake_of(60));
  EXPECT_GT(original.slipstream()->rewards.growth_global_x128, u256{});
  EXPECT_EQ(*copy->slipstream(), *original.slipstream());
  for (auto* x : {&original, &*copy})
    ASSERT_TRUE(x->swap({true, 90'000'000, min_sqrt_ratio + 1}, 200));
  EXPECT_EQ(*copy, original);
  EXPECT_FALSE(pool::load(staked_pool().save().replace(0, 6, "SLPOOL")));
}

TEST(pool_state, refuses_every_truncation) {
  auto bytes = staked_pool().save();
  for (size_t size = 0; size < bytes.size(); ++size)
    ASSERT_FALSE(pool::load(std::string_view(bytes).substr(0, size))) << size;
  EXPECT_FALSE(pool::load(bytes + '\0'));
}

TEST(pool_state, refuses_every_flipped_bit) {
  auto bytes = staked_pool().save();
  for (size_t i = 0; i < bytes.size(); ++i)
    for (int bit = 0; bit < 8; ++bit) {
      auto damaged = bytes;
      damaged[i] = static_cast<char>(damaged[i] ^ (1 << bit));
      ASSERT_FALSE(pool::load(damaged)) << i << ", bit " << bit;
    }
}

TEST(pool_state, states_which_bytes_are_not_a_pool) {
  auto foreign = pool::load(std::string(200, 'x'));
  ASSERT_FALSE(foreign);
  EXPECT_EQ(foreign.error().code, ec::corrupt_data);
  auto newer = busy_pool().save();
  newer[7] = '9';
  auto refused = pool::load(newer);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, ec::schema_mismatch);
}

TEST(pool_state, copies_are_independent) {
  auto original = busy_pool();
  auto before = original.save();
  auto copy = original;
  ASSERT_TRUE(copy.mint({3}, 0, 60, 77, 140));
  ASSERT_TRUE(copy.swap({true, 1000, min_sqrt_ratio + 1}, 150));
  EXPECT_EQ(original.save(), before);
  EXPECT_FALSE(copy == original);
  copy = original;
  EXPECT_EQ(copy, original);
}

} // namespace sluice
