/// Is a proposal allowed, and what would it change?
#pragma once

#include "rules/liquidity/query.hpp"
#include "rules/pool/pool_event.hpp"
#include "rules/pool/position.hpp"

#include <string>
#include <vector>

namespace sluice {

/// Empty when allowed, else the reason that the miner is sent. Checks: tick order, alignment,
/// bounds (+-887272), number of positions, duplicate ranges, and per token the sum of allocations
/// against everything the miner has (free, in positions, uncollected fees) plus 2 %. Allocations
/// and amounts are smallest units; 2 % is exact, in integers. `positions_max` is the job's, 1 to
/// limits::positions_max. A spacing below 1 counts as 1. No error.
std::string proposal_fault(const std::vector<desired_position>& desired, const pool_terms& terms,
                           const holdings& has, uint32_t positions_max);

/// Empty when the reply's own fields are within bounds: lengths of texts, finite confidence in
/// 0..1. At most limits::refusal_bytes_max and limits::metadata_bytes_max bytes. No error.
std::string reply_fault(const rebalance_reply& reply);

/// Is every allocation within 2 % of what the position holds now? The range must be the same.
/// Exact, in smallest units; no error.
bool keeps(const held_position& held, const desired_position& wanted);

/// What a rebalance does: which held positions stay, which desired ones are minted (in order).
struct rebalance_steps {
  std::vector<size_t> kept;   // indices into holdings.positions
  std::vector<size_t> burned; // indices into holdings.positions, in order
  std::vector<size_t> minted; // indices into desired, in order
  bool changes() const { return !burned.empty() || !minted.empty(); }
};
/// Each desired position keeps at most one held one. No error.
rebalance_steps
compare(const std::vector<held_position>& held, const std::vector<desired_position>& desired);

} // namespace sluice
