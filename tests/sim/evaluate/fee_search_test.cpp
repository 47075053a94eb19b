#include "sim/evaluate/fee_search.hpp"
#include "sim/evaluate/window.hpp"
#include "sim/math/tick_math.hpp"

#include <gtest/gtest.h>

#include <random>

namespace {

using namespace sluice;

pool_terms terms_with(uint32_t fee) {
  pool_terms terms;
  terms.kind = pool_kind::slipstream;
  terms.fee = fee;
  terms.unstaked_fee = slipstream_unstaked_fee;
  terms.tick_spacing = 100;
  return terms;
}

/// Price 1, several ranges over each other.
pool busy_pool(uint32_t fee) {
  auto at = empty_pool(terms_with(fee));
  EXPECT_TRUE(at.initialize(u256{1} << 96, 100));
  for (int32_t width : {100, 300, 700, 2000, 10'000})
    EXPECT_TRUE(
      at.mint({}, -width, width, u128{1'000'000'000'000} * static_cast<u128>(width), 100));
  return at;
}

struct made_swap {
  pool_event record;
  swap_request order; // as a search tries it
};

/// What the chain would log of `order` on `at` with `fee`, and how it can be asked for again.
made_swap swap_with(pool at, uint32_t fee, const swap_request& order, bool to_limit) {
  at.set_fees(fee, slipstream_unstaked_fee);
  const auto got = at.swap(order, 100);
  EXPECT_TRUE(got);
  made_swap made;
  made.record.amount0 = got->amount0;
  made.record.amount1 = got->amount1;
  made.record.sqrt_price_x96 = at.state().sqrt_price_x96;
  made.record.liquidity = at.state().liquidity;
  made.record.tick = at.state().tick;
  made.order = order;
  if (to_limit)
    made.order = {order.zero_for_one, i256::max(), at.state().sqrt_price_x96};
  return made;
}

/// Every fee, one after the other.
std::optional<fee_range> by_trying_all(const pool& before, const made_swap& made) {
  std::optional<fee_range> found;
  for (uint32_t fee = 0; fee <= slipstream_fee_max; ++fee) {
    pool at = before;
    at.set_fees(fee, slipstream_unstaked_fee);
    const auto got = at.swap(made.order, 100);
    if (!got || at.state().sqrt_price_x96 != made.record.sqrt_price_x96
        || got->amount0 != made.record.amount0 || got->amount1 != made.record.amount1)
      continue;
    if (!found)
      found = fee_range{fee, fee};
    EXPECT_EQ(fee, found->low == fee ? fee : found->high + 1) << "not neighbours";
    found->high = fee;
  }
  return found;
}

constexpr bool down = true;
const u256 lowest = min_sqrt_ratio + 1;
const u256 highest = max_sqrt_ratio - 1;

} // namespace

TEST(fee_search, finds_the_fee_of_swaps_of_all_three_kinds) {
  const auto before = busy_pool(500);
  pool at = before;
  std::mt19937_64 chance(11); // NOLINT: the same swaps each time
  for (int i = 0; i < 300; ++i) {
    const auto fee = static_cast<uint32_t>(chance() % (slipstream_fee_max + 1));
    const bool falls = chance() % 2 == 0;
    const auto amount = static_cast<int64_t>(10'000'000 + chance() % 100'000'000'000'000);
    const int kind = i % 3;
    const auto limit
      = sqrt_ratio_at_tick((falls ? -1 : 1) * static_cast<int32_t>(chance() % 3000 + 1));
    const swap_request order{falls,
                             kind == 1   ? -amount
                             : kind == 2 ? i256::max()
                                         : i256{amount},
                             kind == 2 ? limit
                             : falls   ? lowest
                                       : highest};
    const auto made = swap_with(before, fee, order, kind == 2);
    const auto got = fees_that_fit(at, made.record, made.order, 100);
    ASSERT_TRUE(got) << i;
    EXPECT_LE(got->low, fee) << i;
    EXPECT_GE(got->high, fee) << i;
  }
}

TEST(fee_search, finds_all_fees_that_fit_and_no_other) {
  const auto before = busy_pool(500);
  pool at = before;
  for (const int64_t amount : {1, 7, 1000, 31'415, 1'000'000, 40'000'000})
    for (const uint32_t fee : {0U, 1U, 500U, 3333U, 99'999U, 100'000U})
      for (const bool exact_output : {false, true}) {
        SCOPED_TRACE(std::to_string(amount) + " at " + std::to_string(fee));
        const auto made
          = swap_with(before, fee, {down, exact_output ? -amount : i256{amount}, lowest}, false);
        if (made.record.sqrt_price_x96 == before.state().sqrt_price_x96 && !exact_output)
          continue; // dust: nothing moved
        EXPECT_EQ(fees_that_fit(at, made.record, made.order, 100), by_trying_all(before, made));
      }
}

TEST(fee_search, reports_when_no_fee_can_have_led_there) {
  const auto before = busy_pool(500);
  pool at = before;
  auto made = swap_with(before, 500, {down, 1'000'000'000, lowest}, false);
  made.record.sqrt_price_x96 = made.record.sqrt_price_x96 + 1'000'000'000'000'000'000U;
  ASSERT_LT(made.record.sqrt_price_x96, before.state().sqrt_price_x96);
  made = {made.record, {down, i256{1'000'000'000'000'000'000}, lowest}};
  EXPECT_FALSE(fees_that_fit(at, made.record, made.order, 100));
  auto dear = swap_with(before, 100'000, {down, -1'000'000'000, lowest}, false);
  dear.record.amount0 += 1'000'000'000; // more than 10 %
  EXPECT_FALSE(fees_that_fit(at, dear.record, dear.order, 100));
  dear.record.amount0 = 1; // less than the price
  EXPECT_FALSE(fees_that_fit(at, dear.record, dear.order, 100));
}
