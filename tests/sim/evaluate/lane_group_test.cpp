#include "sim/evaluate/lane_group.hpp"
#include "tests/support/random_swaps.hpp"

#include <gtest/gtest.h>

#include <deque>

namespace sluice {
namespace {

/// Plans around a pool's price, from none to three positions each.
std::deque<overlay> some_plans(const shared_pool& shared, size_t count, test::any_number& luck) {
  std::deque<overlay> plans;
  const auto spacing = shared.tick_spacing();
  const auto tick = shared.start().tick;
  for (size_t n = 0; n < count; ++n) {
    auto& plan = plans.emplace_back(shared);
    for (uint64_t i = luck.below(4); i > 0 && !plan.lost(); --i) {
      const auto width = spacing << luck.below(9);
      const auto lower = (tick + static_cast<int32_t>(luck.below(64)) * spacing - 48 * spacing)
                         / spacing * spacing;
      if (lower >= min_tick && lower + width <= max_tick)
        (void)plan.mint(lower, lower + width,
                        static_cast<u128>(luck.bits(1 + static_cast<unsigned>(luck.below(100)))));
    }
  }
  return plans;
}

/// The numbers of a run, to see that it covered what it is about.
struct coverage {
  size_t plans = 0;
  size_t lost = 0;
  size_t swaps = 0;
  size_t earned = 0;
};

void same_as_one_after_the_other(uint64_t seed, lane_mode mode, coverage& seen) {
  SCOPED_TRACE("seed " + std::to_string(seed));
  test::swap_hunt hunt(seed);
  test::any_number luck(seed + 1000);
  pool real = hunt.random_pool();
  const shared_pool shared(real);
  std::vector<shared_order> orders;
  for (int i = 0; i < 80; ++i) {
    auto order = hunt.random_order(real);
    const auto bits = order.amount_specified.magnitude().bit_width();
    if (bits > 108 && bits < 129 && !luck.one_in(30))
      continue; // plans give up: too much to be narrow, too little to be endless
    if (luck.one_in(30))
      order.sqrt_price_limit_x96 = real.state().sqrt_price_x96; // nobody can
    if (luck.one_in(30))
      order.sqrt_price_limit_x96 = order.zero_for_one ? min_sqrt_ratio : max_sqrt_ratio;
    (void)real.swap(order, 1'700'000'000);
    orders.emplace_back(order, shared);
  }
  auto together = some_plans(shared, 1 + luck.below(70), luck);
  auto alone = together;
  std::vector<swap_count> counts(together.size());
  std::vector<lane_rider> riders;
  for (size_t i = 0; i < together.size(); ++i)
    riders.push_back({&together[i], &counts[i]});
  // In legs, as batches do it: what a leg leaves behind is where the next one begins.
  const size_t first = luck.below(orders.size());
  play_side_by_side(riders, std::span{orders}.first(first), mode);
  play_side_by_side(riders, std::span{orders}.subspan(first), mode);
  for (size_t i = 0; i < alone.size(); ++i) {
    SCOPED_TRACE("plan " + std::to_string(i));
    swap_count count;
    for (const auto& order : orders)
      alone[i].play(std::span{&order.asked, 1}, count);
    ++seen.plans;
    seen.lost += alone[i].lost() ? 1 : 0;
    ASSERT_EQ(together[i].lost(), alone[i].lost());
    if (alone[i].lost())
      continue;
    seen.swaps += count.all;
    ASSERT_EQ(counts[i].all, count.all);
    ASSERT_EQ(counts[i].in_range, count.in_range);
    ASSERT_EQ(together[i].price(), alone[i].price());
    ASSERT_EQ(together[i].held(), alone[i].held());
    for (const auto& p : alone[i].held())
      seen.earned += p.fees0.is_zero() && p.fees1.is_zero() ? 0 : 1;
  }
}

class lane_group : public testing::TestWithParam<lane_mode> {};

TEST_P(lane_group, plans_side_by_side_do_what_they_do_one_after_the_other) {
  if (GetParam() == lane_mode::in_registers && !lanes_in_registers())
    GTEST_SKIP() << "this processor has no AVX-512 IFMA";
  coverage seen;
  for (uint64_t seed = 0; seed < 120; ++seed)
    same_as_one_after_the_other(seed, GetParam(), seen);
  EXPECT_GT(seen.swaps, 50'000U);
  EXPECT_GT(seen.earned, 1000U);
  EXPECT_LT(seen.lost, seen.plans / 2); // these pools are meant to be hard
}

INSTANTIATE_TEST_SUITE_P(modes, lane_group,
                         testing::Values(lane_mode::in_turns, lane_mode::in_registers),
                         [](const auto& info) {
                           return info.param == lane_mode::in_turns ? "in_turns" : "in_registers";
                         });

TEST(shared_order, only_exact_inputs_that_fit_are_for_lanes) {
  pool start(500, 10);
  ASSERT_TRUE(start.initialize(u256{1} << 96, 1));
  const shared_pool shared(start);
  const auto quick = [&](const i256& amount) {
    return shared_order({true, amount, min_sqrt_ratio + 1}, shared).quick.takeable;
  };
  EXPECT_TRUE(quick(i256{1'000'000}));
  EXPECT_FALSE(quick(i256{-1'000'000}));
  EXPECT_FALSE(quick(i256{}));
  EXPECT_FALSE(quick(i256::from_u256(u256{1} << 108)));
}

} // namespace
} // namespace sluice
