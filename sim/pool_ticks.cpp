#include "sim/pool_ticks.hpp"

#include <algorithm>

namespace sluice {

token_amounts growth_inside(int32_t tick_lower, const tick_record& lower, int32_t tick_upper,
                            const tick_record& upper, const growth_view& now) {
  auto inside = [&](const u256& global, const u256& at_lower, const u256& at_upper) {
    u256 below = now.tick >= tick_lower ? at_lower : global - at_lower;
    u256 above = now.tick < tick_upper ? at_upper : global - at_upper;
    return global - below - above;
  };
  return {inside(now.global0_x128, lower.fee_growth_outside0_x128, upper.fee_growth_outside0_x128),
          inside(now.global1_x128, lower.fee_growth_outside1_x128, upper.fee_growth_outside1_x128)};
}

tick_record pool_ticks::get(int32_t tick) const {
  auto at = std::lower_bound(keys_.begin(), keys_.end(), tick);
  if (at == keys_.end() || *at != tick)
    return {};
  return records_[static_cast<size_t>(at - keys_.begin())];
}

void pool_ticks::put(int32_t tick, const tick_record& record) {
  auto at = std::lower_bound(keys_.begin(), keys_.end(), tick);
  auto place = records_.begin() + (at - keys_.begin());
  bool present = at != keys_.end() && *at == tick;
  if (record.liquidity_gross == 0) {
    if (present) {
      records_.erase(place);
      keys_.erase(at);
    }
  } else if (present) {
    *place = record;
  } else {
    records_.insert(place, record);
    keys_.insert(at, tick);
  }
}

void pool_ticks::reserve(size_t count) {
  keys_.reserve(count);
  records_.reserve(count);
}

} // namespace sluice
