#include "rules/miner_gateway/back_off.hpp"

#include <algorithm>

namespace sluice {

uint64_t
back_off_ms(const back_off_terms& terms, uint64_t failures, uint64_t chance, uint64_t retry_ms) {
  constexpr uint64_t doublings_max = 16;
  const auto doublings = std::min(failures, doublings_max);
  const auto top = std::clamp(terms.least_ms << doublings, terms.least_ms, terms.most_ms);
  const auto pause = terms.least_ms + chance % (top - terms.least_ms + 1);
  if (retry_ms == 0)
    return pause;
  const auto wish = std::min(retry_ms, 10 * terms.most_ms); // nobody is sent away for days
  return std::max(pause, wish + chance % (terms.least_ms + 1));
}

} // namespace sluice
