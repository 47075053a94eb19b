#include "rules/sports/tier_weights.hpp"

#include "rules/sports/components.hpp"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <tuple>

namespace sluice {

namespace {

std::map<miner_uid, double>
weights_in_order(std::span<const tier_ranked> all, std::vector<tier_ranked> ranked,
                 const sports_settings& rules) {
  std::map<miner_uid, double> made;
  for (const auto& x : all)
    made[x.uid] = 0;
  double sum = 0;
  uint64_t below = 0; // populated tiers
  for (size_t i = 0; i < ranked.size(); ++i) {
    if (i > 0 && ranked[i].tier != ranked[i - 1].tier)
      ++below;
    const auto place
      = ranked.size() == 1 ? 0 : static_cast<double>(i) / static_cast<double>(ranked.size() - 1);
    sum += made[ranked[i].uid]
      = std::exp(rules.rank_exponent * place) + rules.tier_step * static_cast<double>(below);
  }
  if (sum > 0)
    for (auto& x : made)
      x.second /= sum;
  return made;
}

std::vector<tier_ranked> ranked_only(std::span<const tier_ranked> all) {
  std::vector<tier_ranked> made;
  std::ranges::copy_if(all, std::back_inserter(made),
                       [](const tier_ranked& x) { return x.tier > 0; });
  return made;
}

sports_standing
standing_of(const sports_member& who, const sports_record& record, const lifetime_before& earlier,
            uint8_t tier, int64_t today, const sports_settings& rules) {
  sports_standing made;
  made.uid = who.uid;
  made.key = who.key;
  made.tier = tier;
  if (tier > 0)
    made.tier_score = tier_score_of(record.daily, today, rules.tiers[tier - 1U].window_days);
  made.wins = record.wins + earlier.wins;
  made.losses = record.losses + earlier.losses;
  made.voids = record.voids + earlier.voids;
  made.open = record.open;
  made.predictions = record.predictions + earlier.wins + earlier.losses + earlier.voids;
  made.lifetime_wager = record.wager + earlier.wager;
  made.lifetime_earnings = record.earnings + earlier.earnings;
  made.lifetime_roi
    = lifetime_roi_of(double_of(made.lifetime_wager), double_of(made.lifetime_earnings));
  made.roi_15 = window_roi_of(record.daily, today, 15).mean;
  made.roi_30 = window_roi_of(record.daily, today, 30).mean;
  made.roi_45 = window_roi_of(record.daily, today, 45).mean;
  return made;
}

} // namespace

std::map<miner_uid, double>
tier_weights(std::span<const tier_ranked> all, const sports_settings& rules) {
  auto ranked = ranked_only(all);
  std::ranges::sort(ranked, {}, [](const tier_ranked& x) {
    return std::tuple{x.tier, x.score, x.uid};
  });
  return weights_in_order(all, std::move(ranked), rules);
}

std::map<miner_uid, double>
legacy_tier_weights(std::span<const tier_ranked> all, const sports_settings& rules) {
  auto ranked = ranked_only(all);
  std::ranges::sort(ranked, {}, [](const tier_ranked& x) {
    return std::tuple{x.tier, -x.score, x.uid};
  });
  return weights_in_order(all, std::move(ranked), rules);
}

sports_scores
score_sports(int64_t now_us, std::span<const sports_member> members, const tier_state& tiers,
             const sports_records& records, const std::map<hotkey, lifetime_before>& lifetime,
             const sports_settings& rules, const std::set<hotkey>& blacklist,
             const std::map<hotkey, double>& before) {
  static const sports_record no_record;
  sports_scores made{now_us, {}};
  std::vector<tier_ranked> ranked;
  for (const auto& who : members) {
    const auto record = records.find(who.key);
    const auto earlier = lifetime.find(who.key);
    const auto tier = tiers.tiers.find(who.key);
    made.miners.push_back(standing_of(
      who, record == records.end() ? no_record : record->second,
      earlier == lifetime.end() ? lifetime_before{} : earlier->second,
      tier == tiers.tiers.end() ? uint8_t{0} : tier->second, sports_day_of(now_us), rules));
    const auto& standing = made.miners.back();
    if (!blacklist.contains(who.key))
      ranked.push_back({who.uid, standing.tier, standing.tier_score});
  }
  std::ranges::sort(made.miners, {}, &sports_standing::uid);
  const auto weights = tier_weights(ranked, rules);
  double sum = 0;
  for (auto& x : made.miners) {
    const auto last = before.find(x.key);
    if (const auto at = weights.find(x.uid); at != weights.end())
      x.weight = at->second;
    else if (last != before.end())
      x.weight = blacklisted_weight(rules.blacklist_alpha, last->second);
    sum += x.weight;
  }
  if (sum > 0)
    for (auto& x : made.miners)
      x.weight /= sum;
  return made;
}

} // namespace sluice
