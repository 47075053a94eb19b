#include "rules/consensus/latency.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>

namespace sluice {

void latency_counts::add(uint64_t us) {
  counts.resize(latency_ends_us.size() + 1);
  const auto at = std::ranges::lower_bound(latency_ends_us, us);
  ++counts[static_cast<size_t>(at - latency_ends_us.begin())];
  sum_us += us;
}

uint64_t latency_counts::total() const {
  return std::accumulate(counts.begin(), counts.end(), uint64_t{0});
}

uint64_t latency_counts::quantile_us(double q) const {
  const auto all = total();
  if (all == 0)
    return 0;
  const auto wanted = std::max(1.0, std::ceil(q * static_cast<double>(all)));
  uint64_t so_far = 0;
  for (size_t i = 0; i < counts.size(); ++i) {
    so_far += counts[i];
    if (static_cast<double>(so_far) >= wanted)
      return latency_ends_us[std::min(i, latency_ends_us.size() - 1)];
  }
  return latency_ends_us.back();
}

} // namespace sluice
