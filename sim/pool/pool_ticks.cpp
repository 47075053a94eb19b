#include "sim/pool/pool_ticks.hpp"

#include "sim/math/liquidity_math.hpp"

#include <algorithm>

namespace sluice {

u256 growth_between(int32_t tick, const u256& global, int32_t tick_lower, const u256& at_lower,
                    int32_t tick_upper, const u256& at_upper) {
  u256 below = tick >= tick_lower ? at_lower : global - at_lower;
  u256 above = tick < tick_upper ? at_upper : global - at_upper;
  return global - below - above;
}

token_amounts growth_inside(int32_t tick_lower, const tick_record& lower, int32_t tick_upper,
                            const tick_record& upper, const growth_view& now) {
  return {growth_between(now.tick, now.global0_x128, tick_lower, lower.fee_growth_outside0_x128,
                         tick_upper, upper.fee_growth_outside0_x128),
          growth_between(now.tick, now.global1_x128, tick_lower, lower.fee_growth_outside1_x128,
                         tick_upper, upper.fee_growth_outside1_x128)};
}

size_t pool_ticks::index_of(int32_t tick) const {
  auto at = std::lower_bound(keys_.begin(), keys_.end(), tick);
  return at == keys_.end() || *at != tick ? keys_.size() : static_cast<size_t>(at - keys_.begin());
}

tick_record pool_ticks::get(int32_t tick) const {
  size_t at = index_of(tick);
  return at == keys_.size() ? tick_record{} : at_index(at);
}

tick_stake pool_ticks::stake(int32_t tick) const {
  size_t at = with_stakes_ ? index_of(tick) : keys_.size();
  return at == keys_.size() ? tick_stake{} : stakes_[at];
}

void pool_ticks::put_stake(int32_t tick, const tick_stake& stake) {
  if (size_t at = index_of(tick); at != keys_.size())
    stakes_[at] = stake;
}

const tick_record& pool_ticks::unpacked(size_t i) const {
  return unpacked_.find(keys_[i])->second;
}

void pool_ticks::forget_unpacked(int32_t tick) {
  if (!unpacked_.empty())
    unpacked_.erase(tick);
}

void pool_ticks::put_at_index(size_t i, const tick_record& record) {
  if (records_[i].pack(record)) {
    forget_unpacked(keys_[i]);
  } else {
    records_[i] = {};
    unpacked_[keys_[i]] = record;
  }
}

void pool_ticks::cross_unpacked(size_t i, const u256& growth0_x128, const u256& growth1_x128,
                                const cumulatives& past, uint32_t now) {
  auto record = at_index(i);
  record.fee_growth_outside0_x128 = growth0_x128 - record.fee_growth_outside0_x128;
  record.fee_growth_outside1_x128 = growth1_x128 - record.fee_growth_outside1_x128;
  record.seconds_per_liquidity_outside_x128 = stored_u160(
    past.seconds_per_liquidity_x128 - record.seconds_per_liquidity_outside_x128.value());
  record.tick_cumulative_outside
    = wrap_int56(past.tick_cumulative - record.tick_cumulative_outside);
  record.seconds_outside = now - record.seconds_outside;
  put_at_index(i, record);
}

void pool_ticks::put(int32_t tick, const tick_record& record) {
  auto at = std::lower_bound(keys_.begin(), keys_.end(), tick);
  auto offset = at - keys_.begin();
  bool present = at != keys_.end() && *at == tick;
  if (record.liquidity_gross == 0) {
    if (!present)
      return;
    forget_unpacked(tick);
    if (with_stakes_)
      stakes_.erase(stakes_.begin() + offset);
    records_.erase(records_.begin() + offset);
    keys_.erase(at);
    return;
  }
  if (!present) {
    if (keys_.size() == keys_.capacity()) { // doubling would cost more memory than time
      reserve(keys_.size() + 8);
      at = keys_.begin() + offset;
    }
    if (with_stakes_)
      stakes_.insert(stakes_.begin() + offset, tick_stake{});
    records_.insert(records_.begin() + offset, packed_tick{});
    keys_.insert(at, tick);
  }
  put_at_index(static_cast<size_t>(offset), record);
}

void pool_ticks::reserve(size_t count) {
  keys_.reserve(count);
  records_.reserve(count);
  if (with_stakes_)
    stakes_.reserve(count);
}

size_t pool_ticks::memory() const {
  constexpr size_t map_node = 48; // of a usual library: colour, links, what the allocator adds
  return keys_.capacity() * sizeof(int32_t) + records_.capacity() * sizeof(packed_tick)
         + stakes_.capacity() * sizeof(tick_stake)
         + unpacked_.size() * (sizeof(std::pair<const int32_t, tick_record>) + map_node);
}

} // namespace sluice
