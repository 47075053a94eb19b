#include "sim/pool_ticks.hpp"

#include <algorithm>

namespace sluice {

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
