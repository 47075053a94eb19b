/// Reads a plan from a JSON file.
///
/// {"inventory": {"amount0", "amount1"}, "positions": [{"tick_lower", "tick_upper", "liquidity"}],
/// "rebalances": [{"block", "desired_positions": [{"tick_lower", "tick_upper", "allocation0",
/// "allocation1"}]}]}. Amounts are decimal strings (or whole numbers below 2^64), 0 to 2^128 - 1.
/// The two lists may be missing; a desired position may have a "confidence" from 0 to 1. Nothing
/// else is taken.
#pragma once

#include "rules/liquidity/plan.hpp"
#include "rules/result.hpp"

#include <string>
#include <string_view>

namespace sluice::io {

/// Errors are one sentence "FILE:LINE:COLUMN: field: expected ..., got ...; what to do":
/// `ec::unreachable` when the file cannot be read, else `ec::bad_input`. A plan in the units of
/// rules/liquidity/plan.hpp; at most 64 MiB, limits::rebalances_max rebalances,
/// limits::positions_max start positions.
result<plan> read_plan(const std::string& path);

/// The same from text; `name` stands for the file in errors.
result<plan> parse_plan(std::string_view text, const std::string& name);

} // namespace sluice::io
