/// Swaps in the contract's order with every division: the reference for the fast engine.
#pragma once

#include "sim/pool/pool.hpp"

#include <string>
#include <vector>

namespace sluice::test {

/// A pool that can only swap. It shares the arithmetic of sim/math/swap_math, sqrt_price_math,
/// tick_math and tick_bitmap with nobody but the vectors that check those.
class straight_pool {
public:
  explicit straight_pool(const pool& at);

  /// `now`: seconds of block time, as the contract's uint32. Amounts are in smallest units, the
  /// pool's view; a revert changes nothing.
  or_revert<swap_amounts>
  swap(const swap_request& order, uint32_t now, swap_observer* observer = nullptr);

  const pool_state& state() const { return state_; }
  /// Adds liquidity to a tick (or takes it away), as a mint or burn does; growth outside starts at
  /// what it is by the contract's convention. For the liquidity in range see `set_liquidity`.
  /// `tick`: of the pool's spacing, -887272 to 887272; `gross` and `net`: liquidity. Nothing is
  /// checked.
  void change_tick(int32_t tick, i128 gross, i128 net);
  /// `liquidity`: in range, 0 to 2^128-1. Not checked.
  void set_liquidity(u128 liquidity) { state_.liquidity = liquidity; }
  /// Fee growth per unit of liquidity, Q128.128, which wraps around. Ticks must be initialized; not
  /// checked.
  u256 growth_inside(int32_t tick_lower, int32_t tick_upper, bool token1) const;

  /// Empty when `other` is in the same state, else the first thing that differs.
  std::string difference(const pool& other) const;

private:
  struct run;
  revert walk(run& at, swap_observer* observer);
  revert share(run& at, u256& lp_fee) const;
  revert cross(run& at);
  void commit(const run& at, const swap_amounts& moved);
  oracle_view view(uint32_t now) const;

  uint32_t fee_;
  int32_t tick_spacing_;
  pool_state state_;
  std::vector<int32_t> keys_; // ascending
  std::vector<tick_record> ticks_;
  std::vector<tick_stake> stakes_; // as many as keys
  oracle oracle_;
  std::optional<slipstream_state> slipstream_;
};

} // namespace sluice::test
