/// One step of a swap with no division that the contract's bits do not need.
#pragma once

#include "sim/math/fee_growth.hpp"
#include "sim/math/swap_math.hpp"

#include <optional>

namespace sluice {

/// compute_swap_step, bit for bit, for the liquidity of `here`: the same units, ranges and errors,
/// except that without liquidity it answers `target` and amounts of 0. Where numbers are too wide
/// for the short ways (sim/math/narrow_step.hpp) it is compute_swap_step.
std::optional<swap_math_step> step_swap(const u256& price, const u256& target, const stretch& here,
                                        const u256& remaining, bool exact_input, uint32_t fee);

} // namespace sluice
