#include "rules/consensus/byzantine.hpp"

#include "rules/math/u256.hpp"

#include <algorithm>
#include <vector>

namespace sluice {

double stake_median(std::span<const staked_number> numbers) {
  std::vector<staked_number> sorted{numbers.begin(), numbers.end()};
  std::sort(sorted.begin(), sorted.end(),
            [](const staked_number& a, const staked_number& b) { return a.value < b.value; });
  u128 all = 0;
  for (const auto& x : sorted)
    all += x.stake_rao;
  if (all == 0)
    return sorted[(sorted.size() - 1) / 2].value;
  u128 below = 0;
  for (const auto& x : sorted) {
    below += x.stake_rao;
    if (below * 2 >= all)
      return x.value;
  }
  return sorted.back().value;
}

} // namespace sluice
