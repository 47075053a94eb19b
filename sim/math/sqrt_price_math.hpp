/// How amounts move a price and a price moves amounts (Uniswap's SqrtPriceMath).
#pragma once

#include "rules/math/u256.hpp"

#include <optional>

namespace sluice {

/// 1 in the fixed-point format Q64.96 of prices.
inline constexpr u256 q96 = u256{1} << 96;
/// 1 in the fixed-point format Q128.128 of growth.
inline constexpr u256 q128 = u256{1} << 128;
/// The highest uint160: 2^160 - 1.
inline constexpr u256 u160_max = (u256{1} << 160) - 1;

/// SqrtPriceMath.getAmount0Delta: L * (b - a) / (a * b), smallest units of token0 between two
/// prices, below 2^224. The prices are Q64.96 in any order, below 2^160 and not 0 (not checked:
/// undefined).
u256 amount0_delta(const u256& a, const u256& b, u128 liquidity, bool round_up);
/// SqrtPriceMath.getAmount1Delta: L * (b - a), smallest units of token1 between two prices, below
/// 2^192. The prices are Q64.96 in any order, below 2^160 (not checked).
u256 amount1_delta(const u256& a, const u256& b, u128 liquidity, bool round_up);

/// What a liquidity change moves, in smallest units of token0, size below 2^224: 0 or more and
/// rounded up for a mint, 0 or less with its size rounded down for a burn (negative `liquidity`).
/// Prices as above. No error.
i256 amount0_delta_signed(const u256& a, const u256& b, i128 liquidity);
/// The same of token1, from -(2^192 - 1) to 2^192 - 1. No error.
i256 amount1_delta_signed(const u256& a, const u256& b, i128 liquidity);

/// SqrtPriceMath.getNextSqrtPriceFromAmount0RoundingUp: the price (Q64.96, below 2^160) after
/// `amount` smallest units of token0 came in (`add`) or went out; none where the contract reverts:
/// more goes out than there is, or the price would need more than 160 bits.
std::optional<u256>
next_price_from_amount0_up(const u256& price, u128 liquidity, const u256& amount, bool add);
/// SqrtPriceMath.getNextSqrtPriceFromAmount1RoundingDown: the price (Q64.96, below 2^160) after
/// `amount` smallest units of token1 came in (`add`) or went out; none where the contract reverts:
/// no liquidity to add to, or the price would need more than 160 bits or fall to 0.
std::optional<u256>
next_price_from_amount1_down(const u256& price, u128 liquidity, const u256& amount, bool add);

/// SqrtPriceMath.getNextSqrtPriceFromInput: the price (Q64.96, below 2^160) after an exact input in
/// smallest units; none where the contract reverts: as above, and for price or liquidity 0.
std::optional<u256>
next_price_from_input(const u256& price, u128 liquidity, const u256& amount_in, bool zero_for_one);
/// SqrtPriceMath.getNextSqrtPriceFromOutput: the price (Q64.96, below 2^160) after an exact output
/// in smallest units; none where the contract reverts: as above, and for price or liquidity 0.
std::optional<u256> next_price_from_output(const u256& price, u128 liquidity,
                                           const u256& amount_out, bool zero_for_one);

} // namespace sluice
