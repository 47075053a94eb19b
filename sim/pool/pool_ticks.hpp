/// The initialized ticks of a pool, ascending, 99 bytes each.
#pragma once

#include "sim/pool/packed_tick.hpp"
#include "sim/pool/pool_types.hpp"

#include <cstdint>
#include <map>
#include <span>
#include <vector>

namespace sluice {

/// Where the pool stands when growth is split among ranges: its tick, -887272 to 887271, and the
/// fee growth per unit of L of token0 and token1, Q128.128 modulo 2^256.
struct growth_view {
  int32_t tick = 0;
  u256 global0_x128{};
  u256 global1_x128{};
};

/// What `global` (Q128.128) has grown by between two ticks while the price was there, modulo 2^256.
/// `at_lower` and `at_upper` are the growth outside of those ticks, tick_lower < tick_upper; no
/// error.
u256 growth_between(int32_t tick, const u256& global, int32_t tick_lower, const u256& at_lower,
                    int32_t tick_upper, const u256& at_upper);

/// Tick.getFeeGrowthInside of both tokens, Q128.128 modulo 2^256 like all growth; no error.
token_amounts growth_inside(int32_t tick_lower, const tick_record& lower, int32_t tick_upper,
                            const tick_record& upper, const growth_view& now);

/// Keys apart from records, so that looking for a stop reads four bytes per tick; stakes apart from
/// both, so that only pools that know them pay for them; and the few ticks whose numbers do not fit
/// a packed record beside all, so that they cost the others nothing. Nothing fails but for want of
/// memory (std::bad_alloc).
class pool_ticks {
public:
  pool_ticks() = default;
  explicit pool_ticks(bool with_stakes) : with_stakes_(with_stakes) {}

  /// Ascending, -887272 to 887272; the functions by index below take 0 to their number - 1 (not
  /// checked).
  std::span<const int32_t> keys() const { return keys_; }
  /// The record of keys()[i]. `i` is not checked.
  tick_record at_index(size_t i) const {
    return records_[i].is_empty() ? unpacked(i) : records_[i].unpacked();
  }
  /// Liquidity L that an upwards crossing of the tick adds, from -(2^127 - 1) to 2^127 - 1.
  i128 net_at_index(size_t i) const {
    return records_[i].is_empty() ? unpacked(i).liquidity_net : records_[i].net();
  }
  /// Overwrites; `record` has liquidity (a liquidity_gross above 0). `i` is not checked.
  void put_at_index(size_t i, const tick_record& record);
  /// Tick.cross of keys()[i], see packed_tick::cross. `i` is not checked.
  void cross_at_index(size_t i, const u256& growth0_x128, const u256& growth1_x128,
                      const cumulatives& past, uint32_t now) {
    if (records_[i].is_empty() || !records_[i].cross(growth0_x128, growth1_x128, past, now))
      cross_unpacked(i, growth0_x128, growth1_x128, past, now);
  }
  /// All zeros when the tick is not initialized; any tick, no error.
  tick_record get(int32_t tick) const;
  /// The same for stakes, of pools that have them only (not checked).
  const tick_stake& stake_at_index(size_t i) const { return stakes_[i]; }
  /// The same, to be changed.
  tick_stake& stake_at_index(size_t i) { return stakes_[i]; }
  /// Zeros when the tick is not initialized or the pool has no stakes.
  tick_stake stake(int32_t tick) const;
  /// Does nothing when the tick is not initialized, as the contract.
  void put_stake(int32_t tick, const tick_stake& stake);
  /// Inserts (with nothing staked) or overwrites; a record without liquidity is removed.
  void put(int32_t tick, const tick_record& record);
  /// Space for `count` ticks in all.
  void reserve(size_t count);
  /// Bytes on the heap, without the object itself.
  size_t memory() const;

  bool operator==(const pool_ticks&) const = default;

private:
  /// The index of an initialized tick, or as many as there are.
  size_t index_of(int32_t tick) const;
  const tick_record& unpacked(size_t i) const;
  void cross_unpacked(size_t i, const u256& growth0_x128, const u256& growth1_x128,
                      const cumulatives& past, uint32_t now);
  void forget_unpacked(int32_t tick);

  std::vector<int32_t> keys_;
  std::vector<packed_tick> records_;
  std::map<int32_t, tick_record> unpacked_; // of those that are empty in `records_`
  std::vector<tick_stake> stakes_;          // as many as keys, or none at all
  bool with_stakes_ = false;
};

} // namespace sluice
