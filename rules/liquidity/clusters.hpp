/// Which hotkeys of a job count as one miner: those of one coldkey and those with equal plans.
#pragma once

#include "rules/liquidity/miner_cluster.hpp"
#include "rules/liquidity/plan_history.hpp"

#include <string>
#include <vector>

namespace sluice {

/// A registered hotkey; an empty coldkey is not known and counts as one of its own.
struct cluster_member {
  miner_uid uid;
  hotkey key;
  std::string coldkey;
};

/// The clusters of two or more, by their lowest uid (docs/decisions/0036). Pairs of one coldkey or
/// with equal plans are joined, transitively. Of members whom equal plans alone join, the one who
/// led in more than half of the rounds of plan_history::leads takes the cluster's part; where a
/// cluster has several such, none does. Uids and hotkeys are different ones. No error.
std::vector<miner_cluster>
clusters_of(const plan_history& history, std::vector<cluster_member> members);

} // namespace sluice
