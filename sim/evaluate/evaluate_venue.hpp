/// Where a plan is played: beside the market as it was, or inside a private pool.
#pragma once

#include "sim/evaluate/observed_path.hpp"
#include "sim/evaluate/range_worth.hpp"

#include <memory>
#include <vector>

namespace sluice {

/// What a burn and collect pay, in smallest units.
struct withdrawal {
  token_amounts principal; // for the liquidity, rounded down
  token_amounts fees;      // earned since the mint
  u256 rewards{};          // of the reward token, earned since the mint by a staked position
};

/// Number of swaps that a plan was in the market for, and of those that left the tick inside one of
/// its ranges; in_range <= all. Where a plan is measured by value, also what that was worth.
struct swap_count {
  uint64_t all = 0;
  uint64_t in_range = 0;
  bool by_value = false;
  token_amounts beside{};  // the plan's inventory, smallest units; set by who changes it
  double value_shares = 0; // sum over the swaps of range_worth::share, each 0 to 1
};

/// All positions as they stand, in order, and the price that their amounts are at.
struct venue_end {
  price_point price;
  std::vector<held_position> positions;
};

/// The plan's positions and the market around them. Positions keep the order of their mints and are
/// counted from 0; an index of none is undefined. Amounts are smallest units.
class venue {
public:
  virtual ~venue() = default;

  /// The market's price now.
  virtual price_point price() const = 0;
  /// Appends a position of `liquidity` L, 1 to 2^128 - 1, in an aligned range in bounds (not
  /// checked); answers what it cost, rounded up, or why the pool would not take it (ec::refused).
  virtual result<token_amounts> mint(int32_t tick_lower, int32_t tick_upper, u128 liquidity) = 0;
  /// Takes a position out; what is paid is rounded down.
  virtual withdrawal burn(size_t index) = 0;
  /// Every position as it stands, in order.
  virtual std::vector<held_position> held() const = 0;
  /// What held() and price() are after a swap to the market's price, which does not happen: amounts
  /// by the contract's rounding there, fees those owed before it. Where the price is the market's
  /// already, or the contract would refuse the swap, they are what they are.
  virtual venue_end moved_to(const price_point& /*market*/) const { return {price(), held()}; }
  /// What a staked position has earned so far, in smallest units of the reward token; 0 of others.
  virtual u256 rewards(size_t /*index*/) const { return {}; }
};

/// A venue that takes a window's blocks as they come.
class window_venue : public venue {
public:
  /// Everything that happened in the window's blocks `first` to `end` - 1, by their index (not
  /// checked); adds their swaps to `swaps`.
  virtual void pass(const window& market, size_t first, size_t end, swap_count& swaps) = 0;
};

/// A venue that takes any block.
class block_venue : public window_venue {
public:
  /// Everything that happened in one block; adds its swaps to `swaps`.
  virtual void pass(const block_record& block, swap_count& swaps) = 0;
  void pass(const window& market, size_t first, size_t end, swap_count& swaps) override {
    for (size_t i = first; i < end; ++i)
      pass(*market.blocks[i], swaps);
  }
};

/// `observed`: the price path is the one that happened. `staked` (Slipstream only, here and below):
/// every position is staked from its mint to its burn. With `extents`, the window's, which must
/// live on, it does not look at blocks that no position is near.
std::unique_ptr<block_venue>
observed_venue(const window& market, bool staked = false, const path_extents* extents = nullptr);
/// `observed` for a plan that is not staked: the same answers, sooner where many plans read one
/// path. `path` is the window's and must live on; its fees must fit (`fits`, not checked).
std::unique_ptr<window_venue> path_venue(const window& market, const observed_path& path);
/// `replayed`: a private copy of `market.start_pool`, which must be there.
std::unique_ptr<block_venue> replayed_venue(const window& market, bool staked = false);

/// evaluate() of a plan without fault in such a venue; ec::invalid_argument when the venue refuses
/// a start position.
result<plan_outcome> evaluate_at(const window& market, const plan& what, window_venue& where,
                                 uint32_t positions_max, const evaluation_options& how = {});

} // namespace sluice
