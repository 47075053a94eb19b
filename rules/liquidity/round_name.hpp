/// Reads the text that names a round.
#pragma once

#include "rules/liquidity/query.hpp"
#include "rules/result.hpp"

#include <string_view>

namespace sluice {

/// "JOB/evaluation/7" or "JOB/live/7"; bad_input states what was expected.
result<round_id> parse_round_id(std::string_view text);

} // namespace sluice
