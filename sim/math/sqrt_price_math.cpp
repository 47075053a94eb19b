#include "sim/math/sqrt_price_math.hpp"

#include "sim/math/full_math.hpp"
#include "sim/math/liquidity_math.hpp"

#include <algorithm>

namespace sluice {

u256 amount0_delta(const u256& a, const u256& b, u128 liquidity, bool round_up) {
  const auto& [low, high] = std::minmax(a, b);
  u256 scaled = u256{liquidity} << 96;
  // The quotient is below `scaled`, because high - low < high: it cannot overflow.
  if (round_up)
    return div_up(*mul_div_up(scaled, high - low, high), low);
  return *mul_div(scaled, high - low, high) / low;
}

u256 amount1_delta(const u256& a, const u256& b, u128 liquidity, bool round_up) {
  u512 product = u512::mul(a > b ? a - b : b - a, liquidity);
  u256 low = product.low();
  u256 quotient = (product.high() << 160) | (low >> 96); // below 2^288 / 2^96
  bool exact = (low.limb(0) | static_cast<uint32_t>(low.limb(1))) == 0;
  return round_up && !exact ? quotient + 1 : quotient;
}

i256 amount0_delta_signed(const u256& a, const u256& b, i128 liquidity) {
  auto size = i256::from_u256(amount0_delta(a, b, magnitude(liquidity), liquidity >= 0));
  return liquidity < 0 ? -size : size;
}

i256 amount1_delta_signed(const u256& a, const u256& b, i128 liquidity) {
  auto size = i256::from_u256(amount1_delta(a, b, magnitude(liquidity), liquidity >= 0));
  return liquidity < 0 ? -size : size;
}

std::optional<u256>
next_price_from_amount0_up(const u256& price, u128 liquidity, const u256& amount, bool add) {
  if (amount.is_zero())
    return price;
  u256 scaled = u256{liquidity} << 96;
  auto product = mul_checked(amount, price);
  if (!add) {
    if (!product || scaled <= *product)
      return std::nullopt;
    auto next = mul_div_up(scaled, price, scaled - *product);
    return next && *next <= u160_max ? next : std::nullopt;
  }
  if (product) {
    u256 denominator = scaled + *product;
    if (denominator >= scaled)
      return mul_div_up(scaled, price, denominator);
  }
  // Less precise, but it cannot overflow in between.
  if (price.is_zero())
    return std::nullopt;
  u256 denominator = scaled / price + amount;
  if (denominator < amount)
    return std::nullopt;
  return div_up(scaled, denominator) & u160_max;
}

std::optional<u256>
next_price_from_amount1_down(const u256& price, u128 liquidity, const u256& amount, bool add) {
  bool narrow = amount <= u160_max;
  if (add) {
    if (liquidity == 0)
      return std::nullopt;
    auto quotient = narrow ? (amount << 96) / liquidity : mul_div(amount, q96, liquidity);
    if (!quotient || *quotient > u160_max - price)
      return std::nullopt;
    return price + *quotient;
  }
  auto quotient = narrow ? div_up(amount << 96, liquidity) : mul_div_up(amount, q96, liquidity);
  if (!quotient || price <= *quotient)
    return std::nullopt;
  return price - *quotient;
}

std::optional<u256>
next_price_from_input(const u256& price, u128 liquidity, const u256& amount_in, bool zero_for_one) {
  if (price.is_zero() || liquidity == 0)
    return std::nullopt;
  return zero_for_one ? next_price_from_amount0_up(price, liquidity, amount_in, true)
                      : next_price_from_amount1_down(price, liquidity, amount_in, true);
}

std::optional<u256> next_price_from_output(const u256& price, u128 liquidity,
                                           const u256& amount_out, bool zero_for_one) {
  if (price.is_zero() || liquidity == 0)
    return std::nullopt;
  return zero_for_one ? next_price_from_amount1_down(price, liquidity, amount_out, false)
                      : next_price_from_amount0_up(price, liquidity, amount_out, false);
}

} // namespace sluice
