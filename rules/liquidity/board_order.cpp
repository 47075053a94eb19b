#include "rules/liquidity/board_order.hpp"

#include <cmath>
#include <limits>
#include <tuple>

namespace sluice {

board_part part_of(miner_verdict verdict) {
  switch (verdict) {
  case miner_verdict::scored:
    return board_part::scored;
  case miner_verdict::refused:
    return board_part::refused;
  case miner_verdict::failed:
    break;
  }
  return board_part::failed;
}

board_part part_of(const miner_score& record) {
  if (record.successes >= record.refusals + record.failures)
    return board_part::scored;
  return record.refusals >= record.failures ? board_part::refused : board_part::failed;
}

bool stands_above(const hotkey& a_key, const miner_score& a, const hotkey& b_key,
                  const miner_score& b) {
  const auto place = [](const hotkey& key, const miner_score& x) {
    const auto lost
      = std::isnan(x.combined_score) ? std::numeric_limits<double>::infinity() : -x.combined_score;
    return std::tuple{part_of(x), !x.eligible, lost, x.uid, key};
  };
  return place(a_key, a) < place(b_key, b);
}

} // namespace sluice
