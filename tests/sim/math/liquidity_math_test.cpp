#include "sim/math/liquidity_math.hpp"
#include "sim/pool/pool_ticks.hpp"
#include "tests/sim/math/math_vectors.hpp"

#include <gtest/gtest.h>

namespace sluice {

using nlohmann::json;
using test::narrow;
using test::one;
using test::reverts;
using test::wide;

namespace {

json computed_sum(const json& in) {
  auto delta = parse_i128(in[1].get<std::string>()).value();
  auto sum = add_delta(narrow(in[0]), delta);
  return sum ? one(u256{*sum}) : reverts(delta < 0 ? "LS" : "LA");
}

json computed_growth(const json& in) {
  tick_record lower;
  lower.fee_growth_outside0_x128 = wide(in[0][1]);
  lower.fee_growth_outside1_x128 = wide(in[0][2]);
  tick_record upper;
  upper.fee_growth_outside0_x128 = wide(in[1][1]);
  upper.fee_growth_outside1_x128 = wide(in[1][2]);
  auto inside = growth_inside(in[0][0], lower, in[1][0], upper, {in[2], wide(in[3]), wide(in[4])});
  return json::array({to_string(inside.amount0), to_string(inside.amount1)});
}

json computed_highest_bit(const json& in) {
  u256 x = wide(in[0]);
  return x.is_zero() ? reverts() : json::array({to_string(x.bit_width() - 1)});
}

json computed_lowest_bit(const json& in) {
  u256 x = wide(in[0]);
  return x.is_zero() ? reverts() : json::array({to_string((x & -x).bit_width() - 1)});
}

} // namespace

TEST(liquidity_math, agrees_with_the_solidity_library) {
  test::expect_vectors(
    "liquidity-math",
    {{"addDelta", computed_sum},
     {"getFeeGrowthInside", computed_growth},
     {"mostSignificantBit", computed_highest_bit},
     {"leastSignificantBit", computed_lowest_bit},
     {"tickSpacingToMaxLiquidityPerTick",
      [](const json& in) { return one(u256{tick_spacing_to_max_liquidity_per_tick(in[0])}); }}},
    1200);
}

TEST(liquidity_math, wraps_at_56_bits_like_the_contract) {
  int64_t top = (int64_t{1} << 55) - 1;
  EXPECT_EQ(wrap_int56(top), top);
  EXPECT_EQ(wrap_int56(top + 1), -top - 1);
  EXPECT_EQ(wrap_int56(-top - 2), top);
}

} // namespace sluice
