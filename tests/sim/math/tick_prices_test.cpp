#include "sim/math/tick_math.hpp"
#include "sim/math/tick_prices.hpp"
#include "tests/support/random_swaps.hpp"

#include <gtest/gtest.h>

#include <thread>

namespace sluice {
namespace {

TEST(tick_prices, every_tick_has_the_contracts_price) {
  for (int32_t tick = min_tick; tick <= max_tick; ++tick)
    ASSERT_EQ(tick_price(tick), sqrt_ratio_at_tick(tick)) << tick;
  EXPECT_TRUE(sqrt_ratio_at_tick(narrow_tick_max).fits_u128());
  EXPECT_FALSE(sqrt_ratio_at_tick(narrow_tick_max + 1).fits_u128());
}

TEST(tick_prices, a_price_just_below_at_and_above_every_boundary_has_the_contracts_tick) {
  for (int32_t tick = min_tick + 1; tick < max_tick; ++tick) {
    const u256 price = sqrt_ratio_at_tick(tick);
    ASSERT_EQ(tick_at_price(price - 1), tick - 1);
    ASSERT_EQ(tick_at_price(price), tick);
    ASSERT_EQ(tick_at_price(price + 1), tick_at_sqrt_ratio(price + 1));
  }
  EXPECT_EQ(tick_at_price(min_sqrt_ratio), min_tick);
  EXPECT_EQ(tick_at_price(max_sqrt_ratio - 1), max_tick - 1);
}

TEST(tick_prices, any_price_has_the_contracts_tick_whatever_the_guess) {
  test::any_number luck(5);
  for (int i = 0; i < 200'000; ++i) {
    const u256 price = std::clamp(luck.bits(33 + static_cast<unsigned>(luck.below(128))),
                                  min_sqrt_ratio, max_sqrt_ratio - 1);
    const int32_t tick = tick_at_sqrt_ratio(price);
    ASSERT_EQ(tick_at_price(price), tick) << to_string(price);
    if (!price.fits_u128())
      continue;
    for (const int32_t near : {tick, tick + 1, tick - 300, min_tick, max_tick})
      ASSERT_EQ(tick_at_narrow_price(static_cast<u128>(price), near), tick) << to_string(price);
  }
}

TEST(tick_prices, a_recent_tick_is_no_other_than_the_contracts) {
  test::any_number luck(7);
  recent_tick recent;
  u256 price = u256{1} << 96;
  for (int i = 0; i < 200'000; ++i) {
    if (luck.one_in(50)) {
      price = luck.bits(33 + static_cast<unsigned>(luck.below(96)));
    } else if (luck.one_in(3)) { // at a tick or one beside it
      price = tick_price(std::min(tick_at_price(price) + 1, narrow_tick_max)) + luck.below(3) - 1;
    } else {
      const u256 move = price >> static_cast<unsigned>(8 + luck.below(20));
      price = luck.one_in(2) ? price + move : price - move;
    }
    price = std::clamp(price, min_sqrt_ratio, u256{u128_max});
    ASSERT_EQ(recent.at(static_cast<u128>(price), 0), tick_at_sqrt_ratio(price))
      << to_string(price);
  }
}

TEST(tick_prices, threads_may_ask_for_the_same_empty_page) {
  std::vector<std::thread> askers;
  std::vector<int> wrong(4);
  for (size_t i = 0; i < wrong.size(); ++i)
    askers.emplace_back([&wrong, i] {
      for (int32_t tick = 300'000; tick < 310'000; ++tick)
        wrong[i] += tick_price(tick) == sqrt_ratio_at_tick(tick) ? 0 : 1;
    });
  for (auto& asker : askers)
    asker.join();
  EXPECT_EQ(wrong, std::vector<int>(4));
}

} // namespace
} // namespace sluice
