#include "sim/math/sqrt_price_math.hpp"
#include "tests/sim/math/math_vectors.hpp"

#include <gtest/gtest.h>

namespace sluice {

using nlohmann::json;
using test::narrow;
using test::one;
using test::wide;

namespace {

using next_price = std::optional<u256> (*)(const u256&, u128, const u256&, bool);
using delta = u256 (*)(const u256&, const u256&, u128, bool);
using signed_delta = i256 (*)(const u256&, const u256&, i128);

test::math_function over(next_price f) {
  return [f](const json& in) {
    return one(f(wide(in[0]), narrow(in[1]), wide(in[2]), in[3].get<bool>()));
  };
}
test::math_function over(delta f) {
  return [f](const json& in) {
    return one(f(wide(in[0]), wide(in[1]), narrow(in[2]), in[3].get<bool>()));
  };
}
test::math_function over(signed_delta f) {
  return [f](const json& in) {
    auto liquidity = parse_i128(in[2].get<std::string>()).value();
    return json::array({to_string(f(wide(in[0]), wide(in[1]), liquidity))});
  };
}

} // namespace

TEST(sqrt_price_math, agrees_with_the_solidity_library) {
  test::expect_vectors(
    "sqrt-price-math",
    {{"getNextSqrtPriceFromInput", over(next_price_from_input)},
     {"getNextSqrtPriceFromOutput", over(next_price_from_output)},
     {"getNextSqrtPriceFromAmount0RoundingUp", over(next_price_from_amount0_up)},
     {"getNextSqrtPriceFromAmount1RoundingDown", over(next_price_from_amount1_down)},
     {"getAmount0Delta", over(amount0_delta)},
     {"getAmount1Delta", over(amount1_delta)},
     {"getAmount0DeltaSigned", over(amount0_delta_signed)},
     {"getAmount1DeltaSigned", over(amount1_delta_signed)}},
    2500);
}

} // namespace sluice
