#include "sim/pool/pool_undo.hpp"

namespace sluice {

void pool_undo::before_other() {
  operations_.push_back({pool_.state_, pool_.fee_, pool_.oracle_.keep(pool_.view(0)),
                         positions_.size(), ticks_.size(), false});
  if (pool_.slipstream_)
    slipstream_.push_back(*pool_.slipstream_);
}

void pool_undo::swapped(const swap_request& order, uint32_t now) {
  operations_.back().is_swap = true;
  swaps_.push_back(
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
  positions_.push_back({key, known ? std::optional(*known) : std::nullopt});
}

void pool_undo::keep_tick(int32_t tick) {
  ticks_.push_back({tick, pool_.ticks_.get(tick), pool_.ticks_.stake(tick)});
}

void pool_undo::roll_back() {
  for (; !operations_.empty(); operations_.pop_back()) {
    take_back(operations_.back());
    if (pool_.slipstream_)
      slipstream_.pop_back();
  }
}

/// Positions and ticks come back with what was kept of them.
void pool_undo::take_back(const operation& last) {
  restore_state(last);
  for (; positions_.size() > last.positions; positions_.pop_back())
    if (const auto& [key, info] = positions_.back(); info)
      pool_.positions_.put(key, *info);
    else
      pool_.positions_.erase(key);
  for (; ticks_.size() > last.ticks; ticks_.pop_back()) {
    const auto& [tick, record, stake] = ticks_.back();
    pool_.ticks_.put(tick, record);
    if (pool_.slipstream_)
      pool_.ticks_.put_stake(tick, stake);
  }
  pool_.find_place();
  if (!last.is_swap)
    return;
  take_back(last, swaps_.back());
  swaps_.pop_back();
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
    pool_.slipstream_ = slipstream_.back();
}

} // namespace sluice
