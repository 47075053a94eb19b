/// Liquidity for amounts and amounts for liquidity (Uniswap's periphery LiquidityAmounts).
#pragma once

#include "rules/math/u256.hpp"
#include "sim/pool/pool_types.hpp"

#include <optional>

namespace sluice {

/// The most liquidity that both amounts can pay for at price `p` in the range `a`, `b`
/// (Q64.96; a != b, either order); none where the contract reverts.
std::optional<u128> liquidity_for_amounts(const u256& p, const u256& a, const u256& b,
                                          const u256& amount0, const u256& amount1);
/// As if the price were below the range.
std::optional<u128> liquidity_for_amount0(const u256& a, const u256& b, const u256& amount0);
/// As if the price were above the range.
std::optional<u128> liquidity_for_amount1(const u256& a, const u256& b, const u256& amount1);

/// What the liquidity is worth at `p`, rounded as the periphery does (down). A burn in the pool
/// itself can return one unit less: see amount0_delta.
token_amounts amounts_for_liquidity(const u256& p, const u256& a, const u256& b, u128 liquidity);

} // namespace sluice
