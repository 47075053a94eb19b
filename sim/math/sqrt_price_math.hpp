/// How amounts move a price and a price moves amounts (Uniswap's SqrtPriceMath).
#pragma once

#include "rules/math/u256.hpp"

#include <optional>

namespace sluice {

inline constexpr u256 q96 = u256{1} << 96;
inline constexpr u256 q128 = u256{1} << 128;
inline constexpr u256 u160_max = (u256{1} << 160) - 1;

/// Token0 between two prices (Q64.96, any order, not zero, below 2^160): L * (b - a) / (a * b).
u256 amount0_delta(const u256& a, const u256& b, u128 liquidity, bool round_up);
/// Token1 between two prices (Q64.96, any order, below 2^160): L * (b - a).
u256 amount1_delta(const u256& a, const u256& b, u128 liquidity, bool round_up);

/// What a liquidity change moves: minted rounded up, burnt (negative) rounded down.
i256 amount0_delta_signed(const u256& a, const u256& b, i128 liquidity);
i256 amount1_delta_signed(const u256& a, const u256& b, i128 liquidity);

/// The price after token0 came in (`add`) or went out; none where the contract reverts.
std::optional<u256>
next_price_from_amount0_up(const u256& price, u128 liquidity, const u256& amount, bool add);
/// The price after token1 came in (`add`) or went out; none where the contract reverts.
std::optional<u256>
next_price_from_amount1_down(const u256& price, u128 liquidity, const u256& amount, bool add);

/// The price after an exact input; none where the contract reverts.
std::optional<u256>
next_price_from_input(const u256& price, u128 liquidity, const u256& amount_in, bool zero_for_one);
/// The price after an exact output; none where the contract reverts.
std::optional<u256> next_price_from_output(const u256& price, u128 liquidity,
                                           const u256& amount_out, bool zero_for_one);

} // namespace sluice
