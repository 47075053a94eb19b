#include "rules/consensus/merge.hpp"

#include <algorithm>
#include <numeric>

namespace sluice {

namespace {

/// Thresholds are met inclusively (README of the cases).
constexpr double merge_slack = 1e-12;

/// Of two entries with the same key or weight: which one is the more recent?
bool is_newer_vote(const vote_entry& a, const vote_entry& b) {
  if (a.received_ms != b.received_ms)
    return a.received_ms > b.received_ms;
  return a.validator_uid < b.validator_uid;
}

} // namespace

double weighted_mean(std::span<const double> values, std::span<const double> weights) {
  double sum = 0;
  double weight = 0;
  for (size_t i = 0; i < values.size(); ++i) {
    sum += values[i] * weights[i];
    weight += weights[i];
  }
  if (weight > 0)
    return sum / weight;
  return std::accumulate(values.begin(), values.end(), 0.0) / static_cast<double>(values.size());
}

vote_result weighted_vote(std::span<const vote_entry> entries, double share) {
  struct tally {
    size_t newest = 0;
    double weight = 0;
  };
  std::vector<tally> tallies; // few: one per value
  double total = 0;
  for (size_t i = 0; i < entries.size(); ++i) {
    total += entries[i].weight;
    auto at = std::find_if(tallies.begin(), tallies.end(),
                           [&](const tally& x) { return entries[x.newest].key == entries[i].key; });
    if (at == tallies.end())
      at = tallies.insert(at, {i, 0});
    at->weight += entries[i].weight;
    if (is_newer_vote(entries[i], entries[at->newest]))
      at->newest = i;
  }
  const tally* best = nullptr;
  for (const auto& x : tallies)
    if (best == nullptr || x.weight > best->weight + merge_slack
        || (x.weight >= best->weight - merge_slack
            && is_newer_vote(entries[x.newest], entries[best->newest])))
      best = &x;
  return {best->newest, best->weight < share * total - merge_slack};
}

size_t newest_of_high(std::span<const vote_entry> entries, double part) {
  double highest = 0;
  for (const auto& x : entries)
    highest = std::max(highest, x.weight);
  size_t best = entries.size();
  for (size_t i = 0; i < entries.size(); ++i) {
    const auto& x = entries[i];
    if (x.weight < part * highest - merge_slack)
      continue;
    if (best == entries.size() || x.received_ms > entries[best].received_ms
        || (x.received_ms == entries[best].received_ms
            && (x.weight > entries[best].weight
                || (x.weight == entries[best].weight
                    && x.validator_uid < entries[best].validator_uid))))
      best = i;
  }
  return best;
}

consensus_measure measure_consensus(double mean, size_t validators, size_t conflicts,
                                    size_t compared, const consensus_settings& settings) {
  consensus_measure made;
  if (compared > 0)
    made.conflict_ratio = static_cast<double>(conflicts) / static_cast<double>(compared);
  const auto bonus = std::min(settings.validator_bonus_max,
                              settings.validator_bonus * static_cast<double>(validators));
  made.confidence = std::clamp(mean + bonus - made.conflict_ratio, 0.0, 1.0);
  made.eligible = validators >= settings.min_validators
                  && made.conflict_ratio <= settings.max_conflict + merge_slack
                  && made.confidence >= settings.eligible_confidence - merge_slack;
  return made;
}

} // namespace sluice
