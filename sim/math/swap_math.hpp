/// One step of a swap inside one stretch of constant liquidity (Uniswap's SwapMath).
#pragma once

#include "rules/math/u256.hpp"

#include <optional>

namespace sluice {

struct swap_math_step {
  u256 price_next;
  u256 amount_in;
  u256 amount_out;
  u256 fee_amount;
};

/// From `price` towards `target` (both above 0), with `remaining` left of the exact input or
/// output, `fee` < 1e6 in hundredths of a basis point; none where the contract reverts.
std::optional<swap_math_step>
compute_swap_step(const u256& price, const u256& target, u128 liquidity, const u256& remaining,
                  bool exact_input, uint32_t fee);

} // namespace sluice
