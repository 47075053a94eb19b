/// The question of a checkpoint and a miner's answer.
#pragma once

#include "rules/liquidity/ids.hpp"
#include "rules/liquidity/plan.hpp"
#include "rules/pool/pool_event.hpp"

namespace sluice {

enum class round_kind : uint8_t {
  evaluation = 0, // all miners, simulated
  live,           // the winner, on chain
};

constexpr std::string_view to_string(round_kind kind) {
  return kind == round_kind::live ? "live" : "evaluation";
}

/// `{job}/{evaluation|live}/{number}` as text.
struct round_id {
  job_id job;
  round_kind kind = round_kind::evaluation;
  round_no number;
  SLUICE_FIELDS(job, kind, number)
  friend auto operator<=>(const round_id&, const round_id&) = default;
};

inline std::string to_string(const round_id& x) {
  return x.job.value + '/' + std::string{to_string(x.kind)} + '/' + std::to_string(x.number.value);
}

/// Round -> miner: the market stands here, what would you hold? Amounts are smallest units, ticks
/// -887272 to 887272.
struct rebalance_query {
  job_id job;
  std::string vault; // sn_liquidity_manager_address on the wire
  std::string pair_address;
  uint64_t chain_id = 0; // EIP-155, 1 to 2^63 - 1
  round_id round;
  uint64_t block_number = 0; // the answer takes effect after this block's last event
  double current_price = 0;  // token1 per token0, decimals applied
  u256 sqrt_price_x96;       // Q64.96
  int32_t tick = 0;
  pool_terms terms; // tick spacing, fee, decimals
  std::vector<held_position> current_positions;
  inventory inventory_remaining;
  uint32_t rebalances_so_far = 0;
  uint64_t deadline_ms = 0; // milliseconds from when the query was written, 1 to 3'600'000
  SLUICE_FIELDS(job, vault, pair_address, chain_id, round, block_number, current_price,
                sqrt_price_x96, tick, terms, current_positions, inventory_remaining,
                rebalances_so_far, deadline_ms)
  bool operator==(const rebalance_query&) const = default;
};

/// Miner -> round.
struct rebalance_reply {
  bool accepted = false;
  std::string refusal_reason;
  std::vector<desired_position> desired_positions;
  std::string version; // miner_metadata
  std::string model_info;
  SLUICE_FIELDS(accepted, refusal_reason, desired_positions, version, model_info)
  bool operator==(const rebalance_reply&) const = default;
};

/// Round -> miner: your proposal was not allowed, and why. Your positions stay.
struct proposal_refused {
  round_id round;
  uint64_t block = 0; // number of the block that the question was of
  std::string reason;
  SLUICE_FIELDS(round, block, reason)
  bool operator==(const proposal_refused&) const = default;
};

} // namespace sluice
