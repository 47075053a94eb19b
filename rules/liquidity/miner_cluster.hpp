/// Hotkeys of one job that count as one miner, with the evidence for it.
#pragma once

#include "rules/fields.hpp"
#include "rules/ids.hpp"

#include <cstdint>
#include <optional>
#include <vector>

namespace sluice {

/// Why two hotkeys belong together: one coldkey, or plans that were equal after `equal` of the
/// `questions` that count for this pair (rules/liquidity/plan_history.hpp).
struct cluster_pair {
  miner_uid a;
  miner_uid b; // the higher uid
  bool same_coldkey = false;
  uint32_t questions = 0;
  uint32_t equal = 0; // 0 to questions
  SLUICE_FIELDS(a, b, same_coldkey, questions, equal)
  bool operator==(const cluster_pair&) const = default;
};

/// In how many rounds a member asked for the shared range before all others with equal plans, of
/// those in which they shared one.
struct cluster_lead {
  miner_uid uid;
  uint32_t led = 0; // 1 to rounds
  uint32_t rounds = 0;
  SLUICE_FIELDS(uid, led, rounds)
  bool operator==(const cluster_lead&) const = default;
};

/// Two members or more; a uid is in one cluster of a job at most.
struct miner_cluster {
  std::vector<miner_uid> members;  // ascending
  std::optional<miner_uid> takes;  // the member that takes the cluster's part; none: it is divided
  std::vector<cluster_lead> leads; // of members that led in a round, by uid
  std::vector<cluster_pair> pairs; // that joined the members, one less than there are; by uid
  SLUICE_FIELDS(members, takes, leads, pairs)
  bool operator==(const miner_cluster&) const = default;
};

} // namespace sluice
