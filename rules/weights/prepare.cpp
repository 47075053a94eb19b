#include "rules/weights/prepare.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>

namespace sluice {

namespace {

constexpr double cap_epsilon = 1e-7; // of the original

/// The cutoff as a share; `sorted` ascends, adds up to 1 and its last is above the limit.
double cutoff_of(const std::vector<double>& sorted, double limit) {
  const size_t n = sorted.size();
  std::vector<double> running(n);
  std::partial_sum(sorted.begin(), sorted.end(), running.begin());
  size_t below = 0;
  for (size_t i = 0; i < n; ++i)
    if (sorted[i] / (static_cast<double>(n - i - 1) * sorted[i] + running[i] + cap_epsilon) < limit)
      ++below;
  const double kept = running[below == 0 ? n - 1 : below - 1];
  return (limit * kept - cap_epsilon) / (1 - limit * static_cast<double>(n - below));
}

} // namespace

std::vector<double> cap_weights(std::span<const double> weights, double limit) {
  std::vector<double> capped{weights.begin(), weights.end()};
  const double n = static_cast<double>(capped.size());
  const double sum = std::accumulate(capped.begin(), capped.end(), 0.0);
  if (sum == 0 || n * limit <= 1) {
    std::fill(capped.begin(), capped.end(), capped.empty() ? 0 : 1 / n);
    return capped;
  }
  auto sorted = capped;
  std::sort(sorted.begin(), sorted.end());
  for (auto& x : sorted)
    x /= sum;
  if (sorted.back() > limit) {
    const double cutoff = cutoff_of(sorted, limit) * sum;
    for (auto& x : capped)
      x = std::min(x, cutoff);
  }
  const double left = std::accumulate(capped.begin(), capped.end(), 0.0);
  for (auto& x : capped)
    x /= left;
  return capped;
}

result<weight_vector>
prepare_weights(const weight_vector& weights, const std::set<miner_uid>& registered,
                const prepare_terms& terms) {
  weight_vector kept;
  double sum = 0;
  for (const auto& [uid, x] : weights) {
    if (!std::isfinite(x) || x < 0)
      return fault{ec::refused, "weights refused: uid " + std::to_string(uid.value) + " has "
                                  + std::to_string(x) + ", a finite number from 0 was expected"};
    if (x > 0)
      kept[uid] = x;
    sum += x;
  }
  if (kept.empty())
    return fault{ec::refused, "weights refused: nobody has one above 0, and paying everybody the "
                              "same is not what that means; nothing is sent"};
  if (registered.size() < terms.least)
    return fault{ec::refused, "weights refused: " + std::to_string(registered.size())
                                + " are registered, the chain takes no fewer weights than "
                                + std::to_string(terms.least) + "; nothing is sent"};
  for (auto& row : kept)
    row.second /= sum;
  kept = fill_up(kept, registered, terms.least);
  std::vector<double> values;
  values.reserve(kept.size());
  for (const auto& row : kept)
    values.push_back(row.second);
  values = cap_weights(values, terms.weight_max);
  size_t at = 0;
  for (auto& row : kept)
    row.second = values[at++];
  return kept;
}

weight_row quantise_double(const weight_vector& weights) {
  double largest = 0;
  for (const auto& row : weights)
    if (std::isfinite(row.second))
      largest = std::max(largest, row.second);
  weight_row quantised;
  if (!(largest > 0))
    return quantised;
  for (const auto& [uid, x] : weights) {
    if (!std::isfinite(x) || x <= 0)
      continue;
    if (const double v = std::nearbyint(x / largest * 65535); v > 0) // halves to even
      quantised.emplace_back(uid.value, static_cast<uint16_t>(v));
  }
  return quantised;
}

bool rate_limit_ok(uint64_t current_block, uint64_t last_update, uint64_t limit) {
  return last_update == 0 || (current_block >= last_update && current_block - last_update >= limit);
}

} // namespace sluice
