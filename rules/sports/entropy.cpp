#include "rules/sports/entropy.hpp"

#include <algorithm>
#include <cmath>

namespace sluice {

double similarity_of(const pool_pick& x, std::span<const pool_pick> earlier) {
  if (earlier.empty())
    return 0;
  double times = 0;
  double wagers = 0;
  double odds = 0;
  for (const auto& other : earlier) {
    times += 1 / (1 + std::abs(x.seconds - other.seconds) / 3600);
    wagers += 1 - std::abs(x.wager - other.wager) / std::max(x.wager, other.wager);
    odds += 1 / (1 + std::abs(x.odds - other.odds));
  }
  const auto n = static_cast<double>(earlier.size());
  return 0.5 * (times / n) + 0.4 * (wagers / n) + 0.1 * (odds / n);
}

double contrarian_of(uint64_t on_outcome, uint64_t on_game) {
  if (on_game == 0)
    return 0.5;
  const auto share = static_cast<double>(on_outcome) / static_cast<double>(on_game);
  return std::sqrt(std::max(0.0, 1 - share)) - 0.5;
}

double raw_entropy_of(double similarity, double contrarian) {
  return -0.6 * similarity + 0.4 * contrarian;
}

double scaled_entropy(double raw, double least, double largest) {
  return largest > least ? (raw - least) / (largest - least) * 20 - 10 : 0;
}

double initial_entropy_of(double odds) {
  const auto p = 1 / odds;
  return -p * std::log2(p);
}

} // namespace sluice
