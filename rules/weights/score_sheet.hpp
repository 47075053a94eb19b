/// What every mechanism hands to the weight pipeline once per epoch.
#pragma once

#include "rules/ids.hpp"

#include <map>
#include <set>
#include <string>

namespace sluice {

/// Raw, non-negative scores of one mechanism. Missing miner means zero.
struct score_sheet {
  std::string mechanism;
  epoch_no epoch;
  std::map<miner_uid, double> scores;
  std::set<miner_uid> barred; // weight zero, whatever the others say
  SLUICE_FIELDS(mechanism, epoch, scores, barred)
  bool operator==(const score_sheet&) const = default;
};

} // namespace sluice
