#include "sim/pool/pool_undo.hpp"

namespace sluice {

pool_undo::pool_undo(pool& at, space& lent) : pool_(at), in_(lent) {
  in_.operations.clear();
  in_.slipstream.clear();
  in_.swaps.clear();
  in_.positions.clear();
  in_.ticks.clear();
}

void pool_undo::before_other() {
  in_.operations.push_back({pool_.state_, pool_.fee_, pool_.oracle_.keep(pool_.view(0)),
                            in_.positions.size(), in_.ticks.size(), false});
  if (pool_.slipstream_)
    in_.slipstream.push_back(*pool_.slipstream_);
}

void pool_undo::swapped(const swap_request& order, uint32_t now) {
  in_.operations.back().is_swap = true;
  in_.swaps.push_back(
    {order, now, pool_.fee_, pool_.slipstream_ ? pool_.slipstream_->unstaked_fee : 0});
}

void pool_undo::before_range(const position_key& key) {
  before_other();
  keep_position(key);
  if (const auto& staking = pool_.slipstream_)
    for (const auto& owner : {staking->gauge, staking->position_manager})
      keep_position({owner, key.tick_lower, key.tick_upper});
  keep_tick(key.tick_lower);
  keep_tick(key.tick_upper);
}

void pool_undo::keep_position(const position_key& key) {
  const auto* known = pool_.positions_.find(key);
  in_.positions.push_back({key, known ? std::optional(*known) : std::nullopt});
}

void pool_undo::keep_tick(int32_t tick) {
  in_.ticks.push_back({tick, pool_.ticks_.get(tick), pool_.ticks_.stake(tick)});
}

void pool_undo::roll_back() {
  for (; !in_.operations.empty(); in_.operations.pop_back()) {
    take_back(in_.operations.back());
    if (pool_.slipstream_)
      in_.slipstream.pop_back();
  }
}

/// Positions and ticks come back with what was kept of them.
void pool_undo::take_back(const operation& last) {
  restore_state(last);
  for (; in_.positions.size() > last.positions; in_.positions.pop_back())
    if (const auto& [key, info] = in_.positions.back(); info)
      pool_.positions_.put(key, *info);
    else
      pool_.positions_.erase(key);
  for (; in_.ticks.size() > last.ticks; in_.ticks.pop_back()) {
    const auto& [tick, record, stake] = in_.ticks.back();
    pool_.ticks_.put(tick, record);
    if (pool_.slipstream_)
      pool_.ticks_.put_stake(tick, stake);
  }
  pool_.find_place();
  if (!last.is_swap)
    return;
  take_back(last, in_.swaps.back());
  in_.swaps.pop_back();
}

/// The ticks that a swap has crossed come back by crossing them again: as it did, from the state
/// that it began in, at the fees that it had.
void pool_undo::take_back(const operation& last, const swap_taken& swap) {
  pool_.fee_ = swap.fee;
  if (pool_.slipstream_)
    pool_.slipstream_->unstaked_fee = swap.unstaked_fee;
  pool_.cross_back(swap.order, swap.now);
  restore_state(last);
}

void pool_undo::restore_state(const operation& from) {
  pool_.state_ = from.state;
  pool_.fee_ = from.fee;
  pool_.oracle_.put_back(from.observations);
  if (pool_.slipstream_)
    pool_.slipstream_ = in_.slipstream.back();
}

} // namespace sluice
