/// What a miner is asked at a checkpoint, and what a vault takes along to the next round.
#pragma once

#include "rules/liquidity/config.hpp"
#include "rules/liquidity/query.hpp"

namespace sluice {

/// The question after the last event of `block`: where the market stands, and what this miner has
/// there when its plan so far comes out as `stands`. `block` is a block number; the units are those
/// of rebalance_query; no error.
rebalance_query question_at(uint64_t block, const job_config& job, const round_id& round,
                            const pool_terms& terms, const plan_outcome& stands);

/// The order in which they are asked: another one at every checkpoint, the same one whenever that
/// checkpoint is played again. Nobody is always first. No error.
std::vector<miner_uid>
asking_order(std::vector<miner_uid> who, const round_id& round, uint64_t block);

/// The answer becomes part of the plan: before the first event of the round, or after `block`.
/// `block` is a block number, allocations smallest units; nothing is checked, no error.
void apply(plan& what, uint64_t block, bool opening, std::vector<desired_position> desired);

/// What a round leaves is what the next one starts from: fees that are not collected yet become
/// free tokens, positions stay (docs/decisions/0006). Amounts are smallest units; sums wrap at
/// 2^256, far beyond what a pool holds.
plan carried_over(const holdings& end);

} // namespace sluice
