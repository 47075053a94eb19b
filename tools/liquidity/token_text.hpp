/// Token amounts as people read them.
#pragma once

#include "rules/math/u256.hpp"

#include <string>

namespace sluice::tools {

/// Digits behind the point of one whole token. Errors: none.
inline constexpr uint8_t reward_decimals = 18; // of AERO and VELO

/// `amount` smallest units as whole tokens, cut (not rounded) to six digits after the point, or to
/// six significant ones when it is less than one token. `decimals`: any number of 8 bits. Errors:
/// none.
std::string token_text(const u256& amount, uint8_t decimals);

} // namespace sluice::tools
