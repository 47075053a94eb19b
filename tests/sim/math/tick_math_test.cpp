#include "sim/math/tick_math.hpp"
#include "tests/sim/math/math_vectors.hpp"

#include <gtest/gtest.h>

namespace sluice {

using nlohmann::json;
using test::one;
using test::reverts;
using test::wide;

TEST(tick_math, gives_the_contract_s_price_of_a_tick) {
  test::expect_vectors("tick-to-ratio",
                       {{"getSqrtRatioAtTick",
                         [](const json& in) {
                           int32_t tick = in[0];
                           if (tick < min_tick || tick > max_tick)
                             return reverts("T");
                           return one(sqrt_ratio_at_tick(tick));
                         }}},
                       1500);
}

TEST(tick_math, gives_the_contract_s_tick_of_a_price) {
  test::expect_vectors("ratio-to-tick",
                       {{"getTickAtSqrtRatio",
                         [](const json& in) {
                           u256 price = wide(in[0]);
                           if (price < min_sqrt_ratio || price >= max_sqrt_ratio)
                             return reverts("R");
                           return json::array({to_string(tick_at_sqrt_ratio(price))});
                         }}},
                       1300);
}

TEST(tick_math, agrees_on_all_1774545_ticks) {
  test::expect_vectors("tick-checksums",
                       {{"ratioChecksum",
                         [](const json& in) {
                           int32_t from = in[0];
                           u256 mixed;
                           u256 sum;
                           for (int32_t i = 0; i < in[1].get<int32_t>(); ++i) {
                             u256 ratio = sqrt_ratio_at_tick(from + i);
                             mixed ^= ratio * (2 * i + 1);
                             sum += ratio;
                           }
                           return json::array({to_string(mixed), to_string(sum)});
                         }}},
                       100);
}

TEST(tick_math, finds_every_tick_from_its_price_and_the_prices_beside_it) {
  int64_t wrong = 0;
  for (int32_t tick = min_tick; tick <= max_tick; ++tick) {
    u256 price = sqrt_ratio_at_tick(tick);
    if (tick > min_tick)
      wrong += tick_at_sqrt_ratio(price - 1) != tick - 1;
    if (tick < max_tick) {
      wrong += tick_at_sqrt_ratio(price) != tick;
      wrong += tick_at_sqrt_ratio(price + 1) != tick;
    }
  }
  EXPECT_EQ(wrong, 0);
}

TEST(tick_math, has_the_contract_s_bounds) {
  EXPECT_EQ(sqrt_ratio_at_tick(min_tick), min_sqrt_ratio);
  EXPECT_EQ(sqrt_ratio_at_tick(max_tick), max_sqrt_ratio);
  EXPECT_EQ(sqrt_ratio_at_tick(0), u256{1} << 96);
}

} // namespace sluice
