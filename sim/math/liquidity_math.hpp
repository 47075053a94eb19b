/// Liquidity that must not leave its 128 bits (Uniswap's LiquidityMath and the bounds of a tick).
#pragma once

#include "rules/math/u256.hpp"
#include "sim/math/tick_math.hpp"

#include <optional>

namespace sluice {

/// |x|, 0 to 2^127: the lowest number does not overflow. No error.
constexpr u128 magnitude(i128 x) {
  return x < 0 ? u128{0} - static_cast<u128>(x) : static_cast<u128>(x);
}

/// LiquidityMath.addDelta: x + delta, an amount of liquidity L of 0 to 2^128 - 1; none where the
/// contract reverts for leaving that range: LS when delta is negative, else LA.
constexpr std::optional<u128> add_delta(u128 x, i128 delta) {
  u128 size = magnitude(delta);
  if (delta < 0)
    return size <= x ? std::optional<u128>(x - size) : std::nullopt;
  return size <= u128_max - x ? std::optional<u128>(x + size) : std::nullopt;
}

/// Tick.tickSpacingToMaxLiquidityPerTick: the most liquidity L at one tick, so that all ticks
/// together fit in 128 bits. The spacing, in ticks, is 1 to 16383 (not checked; 0 is undefined).
constexpr u128 tick_spacing_to_max_liquidity_per_tick(int32_t tick_spacing) {
  int32_t ticks_each_side = max_tick / tick_spacing;
  return u128_max / static_cast<u128>(2 * ticks_each_side + 1);
}

/// x modulo 2^56 as the contract's int56, -2^55 to 2^55 - 1; no error.
constexpr int64_t wrap_int56(uint64_t x) {
  return static_cast<int64_t>(x << 8) >> 8;
}
/// The same of a signed number.
constexpr int64_t wrap_int56(int64_t x) {
  return wrap_int56(static_cast<uint64_t>(x));
}

} // namespace sluice
