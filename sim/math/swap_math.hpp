/// One step of a swap inside one stretch of constant liquidity (Uniswap's SwapMath).
#pragma once

#include "rules/math/u256.hpp"

#include <optional>

namespace sluice {

/// What one step comes to: `price_next` is Q64.96, from `price` to `target`; amount_in (without the
/// fee) and fee_amount are smallest units of the input token, amount_out of the other, 0 to
/// 2^256 - 1.
struct swap_math_step {
  u256 price_next;
  u256 amount_in;
  u256 amount_out;
  u256 fee_amount;
};

/// SwapMath.computeSwapStep: from `price` towards `target` (Q64.96, both above 0 and below 2^160),
/// with `remaining` smallest units left of the exact input or output, `fee` below 1e6 in hundredths
/// of a basis point (not checked). None where the contract reverts: the target is not reached and
/// there is no next price (no liquidity, more output than there is, more than 160 bits).
std::optional<swap_math_step>
compute_swap_step(const u256& price, const u256& target, u128 liquidity, const u256& remaining,
                  bool exact_input, uint32_t fee);

} // namespace sluice
