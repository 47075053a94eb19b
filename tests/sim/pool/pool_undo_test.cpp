#include "tests/sim/pool/random_operations.hpp"

#include <gtest/gtest.h>

#include <map>

namespace sluice {

using test::operation_kind;

/// Every so often the last operations are taken back; a copy from before is the judge.
TEST(pool_undo, takes_back_any_operations_to_the_last_bit) {
  for (const bool slipstream : {false, true}) {
    std::map<operation_kind, size_t> done, taken_back;
    pool_undo::space lent; // used again and again
    for (uint64_t seed = 1; seed <= 20; ++seed) {
      SCOPED_TRACE("seed " + std::to_string(seed) + (slipstream ? ", Slipstream" : ", Uniswap"));
      auto at = test::new_pool(slipstream);
      test::any_operation any(seed, slipstream);
      for (int round = 0; round < 60; ++round) {
        for (uint64_t i = 0; i < seed % 9; ++i)
          (void)test::play(at, any.next(at));
        const pool before = at;
        pool_undo undo(at, lent);
        std::map<operation_kind, size_t> now;
        for (int i = 0; i < round % 12; ++i) {
          const auto what = any.next(at);
          if (!test::play(at, what, undo).starts_with("reverts"))
            ++now[what.kind];
        }
        if (round % 4 == 0) { // it happened
          for (const auto& [kind, times] : now)
            done[kind] += times;
          continue;
        }
        undo.roll_back();
        ASSERT_EQ(at, before) << round;
        ASSERT_EQ(at.save(), before.save()) << round;
        for (const auto& [kind, times] : now)
          taken_back[kind] += times;
      }
    }
    for (const auto kind : {operation_kind::mint, operation_kind::burn, operation_kind::collect,
                            operation_kind::swap, operation_kind::stake})
      if (slipstream || kind != operation_kind::stake) {
        EXPECT_GT(taken_back[kind], 50U) << static_cast<int>(kind);
        EXPECT_GT(done[kind], 20U) << static_cast<int>(kind);
      }
  }
}

TEST(pool_undo, brings_forgotten_positions_and_crossed_ticks_back) {
  auto at = test::new_pool(false);
  ASSERT_TRUE(at.mint({1}, -100, 100, 1'000'000'000, 1'000'000));
  ASSERT_TRUE(at.mint({2}, -50, 50, 1'000'000'000, 1'000'000));
  const pool before = at;
  pool_undo undo(at);
  undo.before_swap();
  const swap_request order{true, 100'000'000, sqrt_ratio_at_tick(-70)};
  ASSERT_TRUE(at.swap(order, 1'000'010));
  undo.swapped(order, 1'000'010);
  EXPECT_NE(at.tick(-50).fee_growth_outside0_x128, before.tick(-50).fee_growth_outside0_x128);
  const position_key gone{{2}, -50, 50};
  undo.before_range(gone);
  ASSERT_TRUE(at.burn({2}, -50, 50, 1'000'000'000, 1'000'010));
  undo.before_range(gone);
  ASSERT_TRUE(at.collect({2}, -50, 50, u128_max, u128_max));
  ASSERT_TRUE(at.forget_if_gone(gone));
  EXPECT_EQ(at.positions().size(), 1U);
  undo.roll_back();
  EXPECT_EQ(at, before);
  undo.roll_back(); // nothing more
  EXPECT_EQ(at, before);
}

/// Of what a block may begin with: the pool itself.
TEST(pool_undo, takes_back_the_initialization) {
  pool at(3000, 60);
  const pool before = at;
  pool_undo undo(at);
  undo.before_other();
  ASSERT_TRUE(at.initialize(u256{1} << 96, 100));
  undo.before_range({{1}, -60, 60});
  ASSERT_TRUE(at.mint({1}, -60, 60, 1000, 100));
  undo.roll_back();
  EXPECT_EQ(at, before);
}

} // namespace sluice
