/// What a miner holds and what it asks for.
#pragma once

#include "rules/fields.hpp"
#include "rules/math/u256.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace sluice {

/// Tokens that are not deployed, in the tokens' smallest units, 0 to 2^256 - 1.
struct inventory {
  u256 amount0;
  u256 amount1;
  SLUICE_FIELDS(amount0, amount1)
  bool operator==(const inventory&) const = default;
};

/// One position that a miner wants: a range and the most to spend on it, in smallest units. Ticks
/// are -887272 to 887272, multiples of the spacing, ascending; proposal_fault checks it all.
struct desired_position {
  int32_t tick_lower = 0;
  int32_t tick_upper = 0;
  u256 allocation0;
  u256 allocation1;
  std::optional<double> confidence; // no unit, 0 to 1, recorded only
  SLUICE_FIELDS(tick_lower, tick_upper, allocation0, allocation1, confidence)
  bool operator==(const desired_position&) const = default;
};

/// A position as it stands: liquidity is fixed from its mint on, amounts follow the price. Ticks
/// are -887272 to 887272, amounts and fees smallest units of their token, 0 to 2^256 - 1.
struct held_position {
  int32_t tick_lower = 0;
  int32_t tick_upper = 0;
  u128 liquidity = 0; // L, 1 to 2^128 - 1
  u256 amount0;       // what a burn would return now, rounded down, without fees
  u256 amount1;
  u256 fees0; // earned since the mint and not collected yet
  u256 fees1;
  SLUICE_FIELDS(tick_lower, tick_upper, liquidity, amount0, amount1, fees0, fees1)
  bool operator==(const held_position&) const = default;
};

/// Everything a miner has at one moment, in smallest units.
struct holdings {
  inventory free;
  std::vector<held_position> positions;
  SLUICE_FIELDS(free, positions)
  bool operator==(const holdings&) const = default;
};

} // namespace sluice
