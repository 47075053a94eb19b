/// What became of each mechanism's share of an epoch's weights, and whose scores count when one has
/// none.
#pragma once

#include "rules/weights/pipeline.hpp"

#include <cstddef>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace sluice {

enum class part_state : uint8_t {
  fresh = 0, // scores of this epoch
  kept,      // its last good scores, of an earlier epoch that still counts
  burned,    // nobody was scored: the share goes to the burn uid
};

constexpr bool known(part_state x) {
  return x == part_state::fresh || x == part_state::kept || x == part_state::burned;
}

/// One mechanism's part of the weights of an epoch. `share`: of the emission, 0 to 1. `age`: in
/// epochs, 0 when fresh or burned. `uids`: how many have a positive score. Not checked here.
struct weight_part {
  std::string mechanism;
  double share = 0;
  part_state state = part_state::burned;
  uint64_t age = 0;
  uint64_t uids = 0;
  std::string why; // it has no scores of this epoch, a sentence; "" when it has, or nobody knows
  SLUICE_FIELDS(mechanism, share, state, age, uids, why)
  bool operator==(const weight_part&) const = default;
};

using weight_parts = std::vector<weight_part>;

/// One part per mechanism that has a share, by name: what `fresh` and `blend` make of `stored`.
/// `missing`: why a mechanism handed in nothing. Ages and epochs as in `fresh`; no error.
weight_parts
parts_of(std::span<const mechanism_scores> stored, const mechanism_shares& shares, epoch_no now,
         uint64_t age_max, const std::map<std::string, std::string>& missing);

/// Does anybody have a positive finite score?
bool scores_anybody(const mechanism_scores& x);

/// What is stored when a mechanism hands in `now` and `last` is there: `now`, but when it scores
/// nobody the last good scores with their epoch, so that silence is not taken for a verdict. Who is
/// barred now is barred. No error.
mechanism_scores scores_to_store(const std::optional<mechanism_scores>& last, mechanism_scores now);

} // namespace sluice
