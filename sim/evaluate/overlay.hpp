/// A plan inside a pool that it shares with other plans: the pool's ticks once, a few of its own.
#pragma once

#include "sim/evaluate/evaluate_venue.hpp"
#include "sim/math/divisors.hpp"

#include <span>

namespace sluice {

struct lanes; // sim/lanes/lanes.hpp

/// The ticks of a pool that changes with what others mint and burn, and all else that the plans in
/// it have in common. Uniswap V3 only. Liquidity is L. No function here fails.
class shared_pool {
public:
  explicit shared_pool(const pool& start);

  /// Others added `delta` of liquidity in a range (took away, when negative). It must be possible
  /// in the pool (not checked: wraps at 2^128).
  void change(int32_t tick_lower, int32_t tick_upper, i128 delta);

  /// Initialized ticks, ascending, -887272 to 887272.
  std::span<const int32_t> keys() const { return keys_; }
  /// What an upwards crossing of that tick adds; an index into keys(), not checked.
  i128 net(size_t index) const { return nets_[index]; }
  /// All liquidity that begins or ends at a tick, 0 to 2^128 - 1; 0 where none is.
  u128 gross(int32_t tick) const;

  const pool_state& start() const { return start_; }
  /// Hundredths of a basis point, 0 to 999999.
  uint32_t fee() const { return fee_; }
  /// Ticks, 1 to 16383.
  int32_t tick_spacing() const { return tick_spacing_; }
  /// The most L at one tick.
  u128 max_liquidity_per_tick() const { return max_liquidity_per_tick_; }

private:
  void change_tick(int32_t tick, u128 gross, i128 net); // modulo 2^128

  std::vector<int32_t> keys_; // ascending
  std::vector<i128> nets_;
  std::vector<u128> grosses_;
  pool_state start_;
  uint32_t fee_;
  int32_t tick_spacing_;
  u128 max_liquidity_per_tick_;
};

/// What a tick knows of the plan's own liquidity L. Growth outside (Q128.128 of token0 and token1,
/// modulo 2^256) counts from any start: positions ask only for its change.
struct own_tick {
  int32_t tick = 0;
  i128 net = 0;
  u128 gross = 0;
  std::array<u256, 2> growth_outside_x128{};
};

/// One plan: some 300 bytes, and 112 for each of its ticks and positions. Units as of venue. Only
/// mint() fails.
class overlay final : public venue {
public:
  /// At the pool's start, without a position; lost at once when the price does not fit 128 bits.
  explicit overlay(const shared_pool& pool);

  /// Plays swaps until the plan is lost; counts those that went through. An order that the pool
  /// would revert changes nothing.
  void play(std::span<const swap_request> orders, swap_count& swaps);
  /// Others added `delta` of liquidity in a range; call it after shared_pool::change. Where the
  /// pool with the plan in it would refuse that, the plan is lost.
  void change(int32_t tick_lower, int32_t tick_upper, i128 delta);
  /// A number was too wide or a case too rare for this: nothing that it answers counts any more,
  /// only a private pool can show.
  bool lost() const { return lost_; }

  /// Bytes, the ticks and positions included.
  size_t memory() const {
    return sizeof(*this) + own_.capacity() * sizeof(own_tick)
           + positions_.capacity() * sizeof(position);
  }

  price_point price() const override { return {price_, tick_}; }
  /// L in range, the pool's and the plan's, 0 to 2^128 - 1.
  u128 liquidity() const { return here_.value(); }
  /// ec::refused as well when the plan is lost by it.
  result<token_amounts> mint(int32_t tick_lower, int32_t tick_upper, u128 liquidity) override;
  withdrawal burn(size_t index) override;
  std::vector<held_position> held() const override;
  venue_end moved_to(const price_point& market) const override;

  /// Would the plan do what a plan without positions does from `start` on, which stayed at ticks
  /// `lowest` to `highest`, both included? So it is when it stands there too and has nothing in
  /// between.
  bool may_follow(const overlay& start, int32_t lowest, int32_t highest) const;
  /// Goes where that one has gone.
  void follow(const overlay& end);

private:
  struct position {
    int32_t tick_lower = 0;
    int32_t tick_upper = 0;
    u128 liquidity = 0;
    std::array<u256, 2> growth_inside_x128{}; // at its mint
  };
  struct place;
  friend class lane_group;

  /// `growth`, when given, earned as lane `lane` what growth_x128_ does not have.
  void play(const swap_request& order, swap_count& swaps, const lanes* growth = nullptr,
            size_t lane = 0);
  bool change_own(int32_t tick, u128 gross, i128 net);
  bool is_in_range() const;
  /// What the protocol leaves of a fee.
  u128 lp_fee(u128 fee, bool zero_for_one) const;
  void find_place();
  std::array<u256, 2> growth_inside(int32_t tick_lower, int32_t tick_upper,
                                    const std::array<u256, 2>& growth_x128) const;
  /// Where the plan stands, or stands but for its price and what that has let grow.
  struct moment {
    price_point at;
    std::array<u256, 2> growth_x128{}; // of both tokens since the start
  };
  moment now() const { return {price(), growth_x128_}; }
  withdrawal withdraw(const position& p, const moment& when) const;
  /// range_worth::share at a moment when the plan's ticks are what they are; `beside`: its
  /// inventory.
  double share_in_range(const moment& when, const token_amounts& beside) const;
  result<token_amounts> give_up();

  const shared_pool* pool_;
  u128 price_ = 0;
  int32_t tick_ = 0;
  stretch here_;
  std::array<u256, 2> growth_x128_{}; // of both tokens since the start
  size_t below_ = 0;                  // of the pool's ticks, at or below the price's
  size_t own_below_ = 0;              // of the plan's own
  bool in_range_ = false;
  bool lost_ = false;
  std::vector<own_tick> own_; // ascending
  std::vector<position> positions_;
};

} // namespace sluice
