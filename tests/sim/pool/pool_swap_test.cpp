#include "sim/math/tick_math.hpp"
#include "sim/pool/pool.hpp"
#include "tests/sim/math/math_vectors.hpp"
#include "tests/sim/pool/random_operations.hpp"
#include "tests/support/data_file.hpp"

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include <cstdlib>
#include <new>

namespace {
thread_local size_t allocations = 0;
} // namespace

// Not inlined: the compiler would see malloc and delete side by side and warn.
[[gnu::noinline]] void* operator new(size_t size) {
  ++allocations;
  if (void* memory = std::malloc(size == 0 ? 1 : size))
    return memory;
  throw std::bad_alloc();
}
[[gnu::noinline]] void operator delete(void* memory) noexcept {
  std::free(memory);
}
[[gnu::noinline]] void operator delete(void* memory, size_t) noexcept {
  std::free(memory);
}

namespace sluice {
namespace {

using nlohmann::json;
using test::wide;

swap_request exact_input(bool zero_for_one, const u256& amount) {
  return {zero_for_one, i256::from_u256(amount),
          zero_for_one ? min_sqrt_ratio + 1 : max_sqrt_ratio - 1};
}

/// The pool of bench-spec.json, modelled on a real WETH/USDC pool.
pool bench_pool(const json& spec) {
  pool made(spec["pool"]["fee"].get<uint32_t>(), spec["pool"]["tickSpacing"].get<int32_t>());
  EXPECT_TRUE(made.initialize(wide(spec["pool"]["sqrtPriceX96"]), 1));
  for (const auto& x : spec["positions"])
    EXPECT_TRUE(made.mint({1}, x["tickLower"], x["tickUpper"],
                          parse_u128(x["liquidity"].get<std::string>()).value(), 1));
  EXPECT_EQ(to_string(made.state().liquidity), spec["pool"]["liquidity"]);
  return made;
}

pool small_pool() {
  pool made(3000, 60);
  EXPECT_TRUE(made.initialize(u256{1} << 96, 100));
  EXPECT_TRUE(made.increase_observation_cardinality_next(50));
  EXPECT_TRUE(made.mint({1}, -887220, 887220, 1'000'000'000'000, 100));
  EXPECT_TRUE(made.mint({1}, -600, 600, 50'000'000'000'000, 100));
  EXPECT_TRUE(made.mint({1}, -60, 120, 20'000'000'000'000, 100));
  return made;
}

/// Adds up what a swap reports.
class listener : public swap_observer {
public:
  void on_step(const swap_step& step) override {
    EXPECT_TRUE(steps == 0 || step.sqrt_price_from_x96 == price);
    price = step.sqrt_price_to_x96;
    in += step.amount_in + step.fee_amount;
    out += step.amount_out;
    protocol += step.fee_amount - step.lp_fee;
    without_liquidity += step.liquidity == 0 ? 1 : 0;
    ++steps;
  }
  void on_cross(int32_t tick) override { crossed.push_back(tick); }

  size_t steps = 0;
  size_t without_liquidity = 0;
  u256 price;
  u256 in;
  u256 out;
  u256 protocol;
  std::vector<int32_t> crossed;
};

} // namespace

TEST(pool_swap, ends_where_the_contract_ends_after_thousands_of_swaps) {
  auto spec = json::parse(test::bundled_text("bench-spec.json"));
  for (const auto& work : spec["workloads"]) {
    SCOPED_TRACE(work["name"].get<std::string>());
    pool busy = bench_pool(spec);
    uint64_t seed = work["seed"];
    u256 base0 = wide(work["base0"]);
    u256 base1 = wide(work["base1"]);
    i256 sum;
    for (int i = 0; i < work["n"].get<int>(); ++i) {
      seed = seed * 6364136223846793005U + 1442695040888963407U;
      bool zero_for_one = ((seed >> 40) & 1) == 0;
      u256 amount = (zero_for_one ? base0 : base1) * ((seed >> 41) & 0xffff) / 65536 + 1;
      auto moved = busy.swap(exact_input(zero_for_one, amount), 1);
      ASSERT_TRUE(moved) << reason(moved.why());
      sum += zero_for_one ? moved->amount1 : moved->amount0;
    }
    EXPECT_EQ(to_string(sum), work["sum"]);
    const auto& after = work["after"];
    EXPECT_EQ(busy.state().sqrt_price_x96, wide(after["sqrtPriceX96"]));
    EXPECT_EQ(busy.state().tick, after["tick"]);
    EXPECT_EQ(busy.state().fee_growth_global0_x128, wide(after["feeGrowthGlobal0X128"]));
    EXPECT_EQ(busy.state().fee_growth_global1_x128, wide(after["feeGrowthGlobal1X128"]));
    EXPECT_EQ(to_string(busy.state().liquidity), after["liquidity"]);
  }
}

TEST(pool_swap, reports_every_step_and_every_crossing) {
  pool busy = small_pool();
  ASSERT_TRUE(busy.set_fee_protocol(4, 5, true));
  listener observed;
  auto before = busy.state();
  auto moved = busy.swap(exact_input(true, 3'000'000'000'000), 200, {}, &observed);
  ASSERT_TRUE(moved);
  EXPECT_EQ(observed.crossed, (std::vector<int32_t>{-60, -600}));
  EXPECT_EQ(observed.price, busy.state().sqrt_price_x96);
  EXPECT_EQ(observed.in, moved->amount0.magnitude());
  EXPECT_EQ(observed.out, moved->amount1.magnitude());
  EXPECT_EQ(observed.protocol, busy.state().protocol_fees0 - before.protocol_fees0);
  EXPECT_GT(observed.protocol, 0);
  EXPECT_EQ(observed.without_liquidity, 0U);
}

TEST(pool_swap, walks_through_empty_stretches_word_by_word) {
  pool empty(3000, 60);
  ASSERT_TRUE(empty.initialize(u256{1} << 96, 100));
  listener observed;
  ASSERT_TRUE(empty.swap(exact_input(true, 1), 100, {}, &observed));
  EXPECT_EQ(observed.steps, 59U); // 887272 / (256 * 60) words and the part of tick 0
  EXPECT_EQ(observed.without_liquidity, observed.steps);
  EXPECT_EQ(empty.state().sqrt_price_x96, min_sqrt_ratio + 1);
  EXPECT_EQ(empty.state().tick, min_tick);
}

TEST(pool_swap, that_fails_after_crossing_ticks_changes_nothing) {
  pool busy = small_pool();
  const pool before = busy;
  auto order = exact_input(true, 3'000'000'000'000);
  EXPECT_EQ(busy.swap(order, 200, {true, false, false}).why(), revert::IIA);
  EXPECT_EQ(busy, before);
  EXPECT_EQ(busy.swap(order, 200, {false, false, true}).why(), revert::LOK);
  EXPECT_EQ(busy, before);
  EXPECT_TRUE(busy.swap(order, 200));
  EXPECT_FALSE(busy == before);
}

TEST(pool_swap, refuses_amounts_and_limits_like_the_contract) {
  pool busy = small_pool();
  const pool before = busy;
  u256 price = busy.state().sqrt_price_x96;
  EXPECT_EQ(busy.swap({true, 0, min_sqrt_ratio + 1}, 200).why(), revert::AS);
  EXPECT_EQ(busy.swap({true, 1, min_sqrt_ratio}, 200).why(), revert::SPL);
  EXPECT_EQ(busy.swap({true, 1, price}, 200).why(), revert::SPL);
  EXPECT_EQ(busy.swap({false, 1, price}, 200).why(), revert::SPL);
  EXPECT_EQ(busy.swap({false, 1, max_sqrt_ratio}, 200).why(), revert::SPL);
  EXPECT_EQ(busy, before);
}

TEST(pool_swap, takes_the_greatest_and_the_least_amount) {
  for (bool zero_for_one : {true, false})
    for (const i256& amount : {i256::max(), i256::min()}) {
      pool busy = small_pool();
      swap_request order{zero_for_one, amount,
                         zero_for_one ? min_sqrt_ratio + 1 : max_sqrt_ratio - 1};
      auto moved = busy.swap(order, 200);
      ASSERT_TRUE(moved) << reason(moved.why());
      EXPECT_EQ(busy.state().sqrt_price_x96, order.sqrt_price_limit_x96);
      EXPECT_EQ(busy.state().liquidity, u128{0});
    }
}

TEST(pool_swap, allocates_nothing) {
  pool busy = pool(small_pool()); // a copy has the space that the original reserved
  size_t before = allocations;
  for (uint32_t now = 200; now < 260; ++now) { // more observations than the ring holds
    ASSERT_TRUE(busy.swap(exact_input(now % 2 == 0, 3'000'000'000'000), now));
    (void)busy.swap(exact_input(now % 2 == 0, 1'000'000), now, {true, true, false});
  }
  EXPECT_EQ(allocations - before, 0U);
}

namespace {

class one_judge : public swap_judge {
public:
  explicit one_judge(bool accepts) : accepts_(accepts) {}
  bool accepts(const swap_end& end) override {
    asked.push_back(end);
    return accepts_;
  }
  std::vector<swap_end> asked;

private:
  bool accepts_;
};

} // namespace

TEST(pool_swap, takes_place_only_if_its_judge_accepts_where_it_leads) {
  for (const bool slipstream : {false, true})
    for (uint64_t seed = 1; seed <= 10; ++seed) {
      SCOPED_TRACE("seed " + std::to_string(seed) + (slipstream ? ", Slipstream" : ", Uniswap"));
      auto at = test::new_pool(slipstream);
      test::any_operation any(seed, slipstream);
      size_t swaps = 0;
      for (int i = 0; i < 600; ++i) {
        const auto what = any.next(at);
        if (what.kind != test::operation_kind::swap) {
          (void)test::play(at, what);
          continue;
        }
        const pool before = at;
        pool plain = at;
        const auto expected = plain.swap(what.order, what.now);
        one_judge no(false), yes(true);
        const auto refused = at.swap_if(what.order, what.now, no);
        ASSERT_FALSE(refused);
        ASSERT_EQ(refused.why(), expected.why()); // none when only the judge was against it
        ASSERT_EQ(at, before);
        ASSERT_EQ(no.asked.size(), expected ? 1U : 0U); // never asked about a revert
        listener observed;
        const auto taken = at.swap_if(what.order, what.now, yes, i % 2 == 0 ? &observed : nullptr);
        ASSERT_EQ(static_cast<bool>(taken), static_cast<bool>(expected));
        ASSERT_EQ(at, plain);
        if (!taken)
          continue;
        ++swaps;
        ASSERT_EQ(*taken, *expected);
        for (const auto& end : {no.asked.front(), yes.asked.front()}) {
          ASSERT_EQ(end.sqrt_price_x96, plain.state().sqrt_price_x96);
          ASSERT_EQ(end.tick, plain.state().tick);
          ASSERT_EQ(end.liquidity, plain.state().liquidity);
          ASSERT_EQ(end.moved, *expected);
        }
      }
      EXPECT_GT(swaps, 20U);
    }
}

} // namespace sluice
