/// From tiers and scores to weights. Source: facts/mechanisms D3.5; mechanisms-large/README, sports
/// 6.
#pragma once

#include "rules/ids.hpp"
#include "rules/sports/config.hpp"
#include "rules/sports/scores.hpp"
#include "rules/sports/tiers.hpp"
#include "rules/weights/pipeline.hpp"

#include <cstdint>
#include <map>
#include <set>
#include <span>
#include <vector>

namespace sluice {

/// `tier`: any numbering in which 0 is invalid and the higher is better.
struct tier_ranked {
  miner_uid uid;
  uint8_t tier = 0;
  double score = 0;
};

/// Ranked by tier, then score, then uid, the worst first: exp(rank_exponent * rank / (n - 1)) +
/// tier_step for each populated tier below, normalised to 1; 0 in tier 0, and 0 for everybody when
/// nobody is ranked. One alone has rank 0.
std::map<miner_uid, double>
tier_weights(std::span<const tier_ranked> all, const sports_settings& rules);

/// The same with the order of the original inside a tier, where the best comes first and weighs
/// least; for comparison only.
std::map<miner_uid, double>
legacy_tier_weights(std::span<const tier_ranked> all, const sports_settings& rules);

/// The weight of a blacklisted miner after one more publish: alpha * weight. 0 to 1 each.
constexpr double blacklisted_weight(double alpha, double weight) {
  return alpha * weight;
}

/// Where every member stands at `now_us`, with its weight; by uid. A blacklisted one has what
/// `before` gave it times blacklist_alpha, before all are normalised. `lifetime`: of predictions
/// that are not in the book any more, by hotkey; may be empty.
struct lifetime_before {
  uint64_t wins = 0;
  uint64_t losses = 0;
  uint64_t voids = 0;
  int64_t wager = 0;
  int64_t earnings = 0;
};
sports_scores
score_sports(int64_t now_us, std::span<const sports_member> members, const tier_state& tiers,
             const sports_records& records, const std::map<hotkey, lifetime_before>& lifetime,
             const sports_settings& rules, const std::set<hotkey>& blacklist = {},
             const std::map<hotkey, double>& before = {});

} // namespace sluice
