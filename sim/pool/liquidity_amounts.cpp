#include "sim/pool/liquidity_amounts.hpp"

#include "sim/math/full_math.hpp"
#include "sim/math/sqrt_price_math.hpp"

#include <algorithm>

namespace sluice {

namespace {

std::optional<u128> to_u128(const std::optional<u256>& x) {
  if (!x || !x->fits_u128())
    return std::nullopt;
  return static_cast<u128>(*x);
}

} // namespace

std::optional<u128> liquidity_for_amount0(const u256& a, const u256& b, const u256& amount0) {
  const auto& [low, high] = std::minmax(a, b);
  auto between = mul_div(low, high, q96);
  if (!between)
    return std::nullopt;
  return to_u128(mul_div(amount0, *between, high - low));
}

std::optional<u128> liquidity_for_amount1(const u256& a, const u256& b, const u256& amount1) {
  const auto& [low, high] = std::minmax(a, b);
  return to_u128(mul_div(amount1, q96, high - low));
}

std::optional<u128> liquidity_for_amounts(const u256& p, const u256& a, const u256& b,
                                          const u256& amount0, const u256& amount1) {
  const auto& [low, high] = std::minmax(a, b);
  if (p <= low)
    return liquidity_for_amount0(low, high, amount0);
  if (p >= high)
    return liquidity_for_amount1(low, high, amount1);
  auto by0 = liquidity_for_amount0(p, high, amount0);
  auto by1 = liquidity_for_amount1(low, p, amount1);
  if (!by0 || !by1)
    return std::nullopt;
  return std::min(*by0, *by1);
}

token_amounts amounts_for_liquidity(const u256& p, const u256& a, const u256& b, u128 liquidity) {
  const auto& [low, high] = std::minmax(a, b);
  if (p <= low)
    return {amount0_delta(low, high, liquidity, false), {}};
  if (p >= high)
    return {{}, amount1_delta(low, high, liquidity, false)};
  return {amount0_delta(p, high, liquidity, false), amount1_delta(low, p, liquidity, false)};
}

} // namespace sluice
