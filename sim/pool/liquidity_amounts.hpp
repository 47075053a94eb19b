/// Liquidity for amounts and amounts for liquidity (Uniswap's periphery LiquidityAmounts).
#pragma once

#include "rules/math/u256.hpp"
#include "sim/pool/pool_types.hpp"

#include <optional>

namespace sluice {

/// LiquidityAmounts.getLiquidityForAmounts: the most liquidity L, 0 to 2^128 - 1, that both amounts
/// (smallest units) can pay for at price `p` in the range `a`, `b` (Q64.96, below 2^160; a != b,
/// either order); none where the contract reverts: L or a product exceeds its bits, or a == b.
std::optional<u128> liquidity_for_amounts(const u256& p, const u256& a, const u256& b,
                                          const u256& amount0, const u256& amount1);
/// LiquidityAmounts.getLiquidityForAmount0, with the same units and errors: as if the price were
/// below the range.
std::optional<u128> liquidity_for_amount0(const u256& a, const u256& b, const u256& amount0);
/// LiquidityAmounts.getLiquidityForAmount1, with the same units and errors: as if the price were
/// above the range.
std::optional<u128> liquidity_for_amount1(const u256& a, const u256& b, const u256& amount1);

/// LiquidityAmounts.getAmountsForLiquidity: what the liquidity L is worth at `p`, in smallest units
/// (token0 below 2^224, token1 below 2^192), rounded as the periphery does (down). Prices are
/// Q64.96, below 2^160 and not 0 (not checked: undefined). A burn in the pool itself can return one
/// unit less: see amount0_delta.
token_amounts amounts_for_liquidity(const u256& p, const u256& a, const u256& b, u128 liquidity);

} // namespace sluice
