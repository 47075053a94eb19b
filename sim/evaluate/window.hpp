/// A stretch of market, replayed once and read by every plan.
#pragma once

#include "rules/liquidity/plan.hpp"
#include "rules/pool/pool_event.hpp"
#include "sim/pool/pool_undo.hpp"

#include <memory>
#include <optional>

namespace sluice {

/// One step of the price path: who paid what fee at which liquidity. Prices are Q64.96, fees
/// smallest units, 0 to 2^256 - 1.
struct path_step {
  u256 sqrt_price_from_x96;
  u256 sqrt_price_to_x96;
  u128 liquidity = 0; // L in range, the pool's, without any plan
  u256 fee0;          // LP fee in token0 (a swap's step pays in one token, a bar in both)
  u256 fee1;
  bool operator==(const path_step&) const = default;
};

/// Where a swap (or a bar that counts as one) left the pool.
struct path_swap {
  uint32_t steps_until = 0; // path_steps of the block up to and including this swap
  u256 sqrt_price_x96;      // Q64.96, after it
  int32_t tick = 0;         // after it, -887272 to 887271
  swap_request asked;       // events only: how it was re-executed
  uint32_t fee = 0;         // events only: the pool's in this swap, hundredths of a basis point
  bool operator==(const path_swap&) const = default;
};

/// What the gauge of a Slipstream pool has given since the block before, at that block's tick.
struct path_reward {
  u256 amount;     // smallest units of the reward token, taken or not
  u128 staked = 0; // L in range among which it was divided, without any plan
  bool operator==(const path_reward&) const = default;
};

/// A block after its replay. Immutable, shared by rounds, simulators and audits. Its price is a
/// sqrtPriceX96, 0 before the pool is initialized; its tick is -887272 to 887271.
struct block_record {
  feed_block block;
  std::vector<path_step> steps;
  std::vector<path_swap> swaps;
  u256 sqrt_price_x96; // after the last event
  int32_t tick = 0;
  path_reward reward; // before the first event
};

/// Where the price stands: sqrtPriceX96 (0: not initialized) and its tick, -887272 to 887271.
struct price_point {
  u256 sqrt_price_x96;
  int32_t tick = 0;
  bool operator==(const price_point&) const = default;
};

/// Blocks `from..to`, both included; from = to + 1 is the moment before the first. Blocks without
/// events may be missing from the list.
struct window {
  pool_terms terms;
  uint64_t from = 0;
  uint64_t to = 0;
  price_point start;                                       // before the first event of `from`
  std::shared_ptr<const pool> start_pool;                  // null for bars, which have no pool
  std::vector<std::shared_ptr<const block_record>> blocks; // ascending
};

/// The fee at the end of the window, hundredths of a basis point, 0 to 999999: of its last swap,
/// unless the stream has reported another since; before both, what the pool has at its start. No
/// error.
uint32_t current_fee(const window& market);

/// Where the market stands at the end of the window. No error.
price_point end_price(const window& market);

/// A pool of these terms that nobody has initialized; fee and spacing are as pool::pool demands
/// (not checked).
pool empty_pool(const pool_terms& terms);

/// The market of one feed as it moves: replays blocks exactly, remembers nothing of the past, not
/// even positions that are burned and collected (pool::forget_if_gone). What a block costs depends
/// on its events, not on the pool (docs/decisions/0030). For one thread at a time.
class replica {
public:
  /// For events: an empty pool, or one that was saved. For bars: no pool, only a price. The terms
  /// are not checked.
  static replica of_pool(pool_terms terms) { return of_pool(terms, empty_pool(terms)); }
  static replica of_pool(pool_terms terms, pool start);
  static replica of_bars(pool_terms terms, price_point start);

  /// Replays one block: every swap record is re-executed as whichever of exact input, exact output
  /// or "stopped at its limit" reproduces it, on Slipstream with another fee if the current one
  /// does not (sim/evaluate/fee_search); mints, burns, collects and stakes are executed as they
  /// are. When the record and the pool disagree the fault, ec::bad_input, names the line and what
  /// differs, and nothing has changed; ec::invalid_argument for a bar in a feed of events or the
  /// other way round. Of a bar, ticks are -887272 to 887271 and amounts below 2^224.
  result<std::shared_ptr<const block_record>> apply(feed_block block);

  const pool_terms& terms() const { return terms_; }
  /// At the end of the last block; a price of 0 before the pool is initialized.
  price_point price() const;
  /// Null for bars. A copy, made once for each state that is asked for.
  std::shared_ptr<const pool> snapshot() const;
  /// False until the pool is initialized (bars: always true).
  bool alive() const;

  /// Bytes of a checkpoint and back; ec::corrupt_data (of the pool inside also ec::schema_mismatch,
  /// ec::out_of_range) for what save did not write.
  std::string save() const;
  static result<replica> load(std::string_view bytes);

private:
  replica() = default;
  pool_terms terms_;
  std::optional<pool> pool_;                     // none for bars
  mutable std::shared_ptr<const pool> snapshot_; // of the pool as it is, or null
  pool_undo::space undo_;
  uint64_t time_ = 0; // of the last block that stated it; kept on Slipstream only, for rewards
  price_point bar_price_;
};

/// What a plan earns in a window; pure and exact (facts/liquidity §3, docs/decisions/0032). A
/// proposal may have up to `positions_max` positions. ec::invalid_argument only when the plan
/// cannot be played at all (replayed model on bars, rebalances out of order, too many).
result<plan_outcome> evaluate(const window& market, const plan& what, pool_model model,
                              uint32_t positions_max, const evaluation_options& how = {});

} // namespace sluice
