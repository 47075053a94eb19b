/// Takes back what was done to a pool, to the last bit.
#pragma once

#include "sim/pool/pool.hpp"

#include <optional>
#include <vector>

namespace sluice {

/// The operations on one pool since this was made. Each is announced by one of the `before_`
/// functions, right before it (whether it then goes through or not), so that what it costs to keep
/// depends on the operation and not on the pool. What is not announced is not taken back, and makes
/// the result undefined. Nothing fails but for want of memory (std::bad_alloc).
class pool_undo {
  struct operation { // what there was before it
    pool_state state;
    uint32_t fee = 0;
    oracle::kept observations;
    size_t positions = 0; // kept in all, before it
    size_t ticks = 0;
    bool is_swap = false; // that has taken place: the last of `swaps`
  };
  struct swap_taken {
    swap_request order;
    uint32_t now = 0;
    uint32_t fee = 0;
    uint32_t unstaked_fee = 0;
  };
  struct kept_position {
    position_key key;
    std::optional<position_info> info;
  };
  struct kept_tick {
    int32_t tick = 0;
    tick_record record; // empty: not initialized
    tick_stake stake;
  };

public:
  /// Memory that one undo leaves to the next.
  class space {
    friend class pool_undo;
    std::vector<operation> operations;
    std::vector<slipstream_state> slipstream; // as many, or none where the pool has no such state
    std::vector<swap_taken> swaps;
    std::vector<kept_position> positions;
    std::vector<kept_tick> ticks;
  };

  /// Keeps references: `at` outlives this, and so does `lent`, which nobody else uses meanwhile and
  /// whose contents are dropped.
  explicit pool_undo(pool& at) : pool_(at), in_(own_) {}
  pool_undo(pool& at, space& lent);
  pool_undo(const pool_undo&) = delete;
  pool_undo& operator=(const pool_undo&) = delete;
  ~pool_undo() = default;

  /// An operation that changes neither positions nor ticks: initialize, set_fees, rewards, gauge
  /// and protocol fees, observations.
  void before_other();
  /// A swap, if it may take place. Once it has, `swapped` is called.
  void before_swap() { before_other(); }
  /// The swap that was just announced has taken place, with the pool's current fees. `now` is its
  /// block time, unix seconds modulo 2^32.
  void swapped(const swap_request& order, uint32_t now);
  /// mint, burn, collect or stake in this range, or several of them, of the owner and, on
  /// Slipstream, of the gauge and the position manager; or forgetting one of these positions.
  void before_range(const position_key& key);

  /// Takes everything back; afterwards there is nothing more to take back.
  void roll_back();

private:
  void keep_position(const position_key& key);
  void keep_tick(int32_t tick);
  void take_back(const operation& last);
  void take_back(const operation& last, const swap_taken& swap);
  void restore_state(const operation& from);

  pool& pool_;
  space own_;
  space& in_; // that, or what was lent
};

} // namespace sluice
