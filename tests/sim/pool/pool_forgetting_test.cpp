#include "tests/sim/pool/random_operations.hpp"

#include <gtest/gtest.h>

namespace sluice {

using test::operation_kind;

namespace {

struct forgetting_count {
  size_t forgotten = 0;
  size_t used_again = 0; // operations on a position that was forgotten before
};

void forget(pool& at, const position_key& key, forgetting_count& count) {
  for (const auto& owner : {key.owner, test::test_gauge, test::test_manager})
    count.forgotten += at.forget_if_gone({owner, key.tick_lower, key.tick_upper}) ? 1 : 0;
}

/// The same operations on a pool that forgets and on one that does not, as the contract.
forgetting_count play_both(uint64_t seed, bool slipstream, int operations) {
  forgetting_count count;
  auto keeps = test::new_pool(slipstream), forgets = keeps;
  test::any_operation any(seed, slipstream);
  for (int i = 0; i < operations; ++i) {
    const auto what = any.next(keeps);
    const bool known = keeps.position(what.key) != position_info{};
    count.used_again += known && forgets.position(what.key) == position_info{} ? 1 : 0;
    const auto expected = test::play(keeps, what), got = test::play(forgets, what);
    EXPECT_EQ(got, expected) << "operation " << i;
    forget(forgets, what.key, count);
    auto swept = keeps;
    swept.forget_all_gone();
    EXPECT_TRUE(forgets == swept) << "operation " << i; // ticks, observations, stakes, all of it
    EXPECT_EQ(forgets.is_solvent(), keeps.is_solvent()) << "operation " << i;
    if (testing::Test::HasFailure())
      return count;
  }
  const auto back = pool::load(forgets.save());
  EXPECT_TRUE(back && *back == forgets);
  return count;
}

} // namespace

TEST(pool_forgetting, changes_nothing_that_happens_later) {
  for (const bool slipstream : {false, true}) {
    forgetting_count all;
    for (uint64_t seed = 100; seed < 120; ++seed) {
      SCOPED_TRACE("seed " + std::to_string(seed) + (slipstream ? ", Slipstream" : ", Uniswap"));
      const auto one = play_both(seed, slipstream, 400);
      ASSERT_FALSE(HasFailure());
      all.forgotten += one.forgotten;
      all.used_again += one.used_again;
    }
    EXPECT_GT(all.forgotten, 100U);
    EXPECT_GT(all.used_again, 100U);
  }
}

TEST(pool_forgetting, keeps_what_has_liquidity_or_is_owed_something) {
  auto at = test::new_pool(false);
  const position_key key{{1}, -100, 100};
  EXPECT_FALSE(at.forget_if_gone(key)); // nobody minted it
  ASSERT_TRUE(at.mint({1}, -100, 100, 1'000'000, 1'000'000));
  EXPECT_FALSE(at.forget_if_gone(key));
  ASSERT_TRUE(at.burn({1}, -100, 100, 1'000'000, 1'000'000));
  EXPECT_FALSE(at.forget_if_gone(key));
  ASSERT_TRUE(at.collect({1}, -100, 100, u128_max, 0));
  EXPECT_FALSE(at.forget_if_gone(key));
  ASSERT_TRUE(at.collect({1}, -100, 100, 0, u128_max));
  EXPECT_EQ(at.positions().size(), 1U); // as in the contract, until it is asked for
  EXPECT_TRUE(at.forget_if_gone(key));
  EXPECT_FALSE(at.forget_if_gone(key));
  EXPECT_TRUE(at.positions().empty());
  EXPECT_EQ(at.forget_all_gone(), 0U);
}

} // namespace sluice
