/// Answers that must be refused, one of every kind.
#pragma once

#include "rules/liquidity/query.hpp"

namespace sluice {

/// How many kinds of invalid answer there are.
inline constexpr uint32_t garbage_kinds = 11;

/// Invalid answer number `which` (modulo garbage_kinds) to this question: proposal_fault or
/// reply_fault finds something in each of them, whatever the miner owns. No error; any `which`.
rebalance_reply garbage_reply(const rebalance_query& query, uint32_t which);

} // namespace sluice
