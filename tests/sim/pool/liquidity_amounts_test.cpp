#include "sim/pool/liquidity_amounts.hpp"
#include "tests/sim/math/math_vectors.hpp"

#include <gtest/gtest.h>

namespace sluice {

using nlohmann::json;
using test::narrow;
using test::reverts;
using test::wide;

namespace {

json one_narrow(const std::optional<u128>& x) {
  return x ? test::one(u256{*x}) : reverts();
}

} // namespace

TEST(liquidity_amounts, agrees_with_the_solidity_library) {
  test::expect_vectors(
    "liquidity-amounts",
    {{"getLiquidityForAmounts",
      [](const json& in) {
        return one_narrow(
          liquidity_for_amounts(wide(in[0]), wide(in[1]), wide(in[2]), wide(in[3]), wide(in[4])));
      }},
     {"getLiquidityForAmount0",
      [](const json& in) {
        return one_narrow(liquidity_for_amount0(wide(in[0]), wide(in[1]), wide(in[2])));
      }},
     {"getLiquidityForAmount1",
      [](const json& in) {
        return one_narrow(liquidity_for_amount1(wide(in[0]), wide(in[1]), wide(in[2])));
      }},
     {"getAmountsForLiquidity",
      [](const json& in) {
        auto got = amounts_for_liquidity(wide(in[0]), wide(in[1]), wide(in[2]), narrow(in[3]));
        return json::array({to_string(got.amount0), to_string(got.amount1)});
      }}},
    1800);
}

} // namespace sluice
