#include "rules/weights/pipeline.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

namespace sluice {

namespace {

/// Scores and sums are doubles: what differs by less than this is the same.
constexpr double tolerance = 1e-9;

constexpr double epsilon_weight = 1e-5; // of who has nothing else, before the division

bool counts(double score) {
  return std::isfinite(score) && score > 0;
}

std::string text_of(miner_uid uid) {
  return "uid " + std::to_string(uid.value);
}

std::string percent(double x) {
  return std::to_string(x * 100) + " %";
}

/// Half of the sum of |a - b|: 0 same, 1 nothing in common.
double distance(const weight_vector& a, const weight_vector& b) {
  double sum = 0;
  for (const auto& [uid, x] : a) {
    const auto it = b.find(uid);
    sum += std::abs(x - (it == b.end() ? 0 : it->second));
  }
  for (const auto& [uid, x] : b)
    if (!a.contains(uid))
      sum += std::abs(x);
  return sum / 2;
}

std::string guard_fault(const weight_vector& weights, const std::optional<weight_vector>& last,
                        const std::set<miner_uid>& known, const guard_terms& terms) {
  if (weights.empty())
    return "no weights at all";
  double sum = 0;
  size_t used = 0;
  for (const auto& [uid, x] : weights) {
    if (!std::isfinite(x))
      return "the weight of " + text_of(uid) + " is not a finite number";
    if (x < 0)
      return "the weight of " + text_of(uid) + " is negative: " + std::to_string(x);
    sum += x;
    used += x > 0;
  }
  if (!(std::abs(sum - 1) <= tolerance))
    return "the weights add up to " + std::to_string(sum) + ", not to 1";
  if (used < terms.uids_min)
    return "nearly empty: " + std::to_string(used) + " uids have a weight, at least "
           + std::to_string(terms.uids_min) + " are expected";
  for (const auto& [uid, x] : weights)
    if (!known.contains(uid))
      return text_of(uid) + " is not registered";
  if (const auto it = weights.find(terms.burn);
      it != weights.end() && it->second > terms.burn_max + tolerance)
    return percent(it->second) + " would go to the burn " + text_of(terms.burn) + ", at most "
           + percent(terms.burn_max) + " is allowed";
  if (!last)
    return {};
  if (const double moved = distance(weights, *last); moved > terms.moved_max + tolerance)
    return "moved " + percent(moved) + " away from the last good weights, at most "
           + percent(terms.moved_max) + " is allowed";
  return {};
}

} // namespace

std::vector<mechanism_scores>
fresh(std::span<const mechanism_scores> all_scores, epoch_no now, uint64_t age_max) {
  std::map<std::string, const mechanism_scores*> newest;
  for (const auto& scores : all_scores) {
    if (scores.epoch > now || now.value - scores.epoch.value > age_max)
      continue;
    auto& place = newest[scores.mechanism];
    if (place == nullptr || place->epoch <= scores.epoch)
      place = &scores;
  }
  std::vector<mechanism_scores> kept;
  kept.reserve(newest.size());
  for (const auto& row : newest)
    kept.push_back(*row.second);
  return kept;
}

weight_vector blend(std::span<const mechanism_scores> all_scores, const mechanism_shares& shares,
                    miner_uid burn) {
  std::set<miner_uid> barred;
  for (const auto& scores : all_scores)
    barred.insert(scores.barred.begin(), scores.barred.end());
  weight_vector weights;
  double claimed = 0;
  for (const auto& scores : all_scores) {
    const auto share = shares.find(scores.mechanism);
    if (share == shares.end() || !counts(share->second))
      continue;
    const auto takes_part
      = [&](miner_uid uid, double score) { return counts(score) && !barred.contains(uid); };
    double largest = 0; // divide by it first: a sum of large scores cannot overflow
    for (const auto& [uid, score] : scores.scores)
      if (takes_part(uid, score))
        largest = std::max(largest, score);
    if (largest == 0)
      continue;
    double total = 0;
    for (const auto& [uid, score] : scores.scores)
      if (takes_part(uid, score))
        total += score / largest;
    for (const auto& [uid, score] : scores.scores)
      if (takes_part(uid, score))
        if (const double part = share->second * (score / largest / total); part > 0)
          weights[uid] += part;
    claimed += share->second;
  }
  if (claimed > 0 && claimed < 1 - tolerance)
    weights[burn] += 1 - claimed;
  return weights;
}

weight_vector
fill_up(const weight_vector& weights, const std::set<miner_uid>& registered, size_t least) {
  const auto used
    = std::count_if(weights.begin(), weights.end(), [](const auto& x) { return x.second > 0; });
  if (used == 0 || static_cast<size_t>(used) >= least)
    return weights;
  auto filled = weights;
  for (const auto uid : registered)
    filled[uid] += epsilon_weight;
  double sum = 0;
  for (const auto& row : filled)
    sum += row.second;
  for (auto& row : filled)
    row.second /= sum;
  return filled;
}

result<weight_vector> guard(const weight_vector& weights, const std::optional<weight_vector>& last,
                            const std::set<miner_uid>& known, const guard_terms& terms) {
  if (auto reason = guard_fault(weights, last, known, terms); !reason.empty())
    return fault{ec::refused, "weights refused: " + reason};
  return weights;
}

weight_row quantise(const weight_vector& weights) {
  // The SDK's numpy: float32 values, divided and scaled as doubles (measured on its recorded
  // cases).
  const auto single = [](double x) {
    return counts(x) && x <= std::numeric_limits<float>::max() ? static_cast<float>(x) : 0.0F;
  };
  float largest = 0;
  for (const auto& row : weights)
    largest = std::max(largest, single(row.second));
  weight_row quantised;
  for (const auto& [uid, x] : weights) {
    if (single(x) == 0)
      continue;
    const double scaled = double{single(x)} / double{largest} * 65535;
    if (const double v = std::nearbyint(scaled); v > 0) // to nearest, halves to even
      quantised.emplace_back(uid.value, static_cast<uint16_t>(v));
  }
  return quantised;
}

} // namespace sluice
