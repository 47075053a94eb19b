/// What every mechanism hands to the weight pipeline once per epoch.
#pragma once

#include "rules/ids.hpp"

#include <map>
#include <set>
#include <string>

namespace sluice {

/// Raw, non-negative scores of one mechanism. Missing miner means zero.
struct mechanism_scores {
  std::string mechanism;
  epoch_no epoch;
  /// By uid, without a unit: only ratios count. `blend` takes what is negative or not finite as 0.
  std::map<miner_uid, double> scores;
  std::set<miner_uid> barred; // weight zero, whatever the others state
  SLUICE_FIELDS(mechanism, epoch, scores, barred)
  bool operator==(const mechanism_scores&) const = default;
};

} // namespace sluice
