#include "rules/leads/explain.hpp"

#include <algorithm>

namespace sluice {

namespace {

constexpr double k_weight = 0.10;
constexpr double v2_weight = 0.45;

double part_of(const share_term& x, share_policy policy) {
  if (policy == share_policy::raw)
    return x.weight * static_cast<double>(x.own);
  return x.all == 0 ? 0 : x.weight * static_cast<double>(x.own) / static_cast<double>(x.all);
}

/// The terms of one miner; `all` counts of everybody.
std::vector<share_term> terms_of(const miner_tally& own, const miner_tally& all, bool is_k,
                                 const share_report& report, const leads_settings& settings) {
  const bool v2 = settings.policy == share_policy::v2;
  const auto events = report.v2.events;
  std::vector<share_term> terms{
    {"curated", v2 ? v2_weight : settings.w_curated, own.curated, v2 ? events : all.curated, 0},
    {"sourced", v2 ? v2_weight : settings.w_sourced, own.sourced, v2 ? events : all.sourced, 0}};
  if (v2)
    terms.push_back({"k", k_weight, is_k ? 1U : 0U, 1, 0});
  for (auto& x : terms)
    x.part = part_of(x, settings.policy);
  return terms;
}

} // namespace

explained_share explained(const share_report& report, const leads_settings& settings,
                          const hotkey& k_miner, const hotkey& miner) {
  miner_tally all;
  for (const auto& [key, x] : report.tallies) {
    all.curated += x.curated;
    all.sourced += x.sourced;
  }
  explained_share out;
  out.miner = miner;
  out.of = report.tallies.size();
  for (const auto& [key, x] : report.tallies) {
    const auto terms = terms_of(x, all, key == k_miner, report, settings);
    double score = 0;
    for (const auto& term : terms)
      score += term.part;
    out.scores += score;
    if (key != miner)
      continue;
    out.terms = terms;
    out.score = score;
  }
  if (out.terms.empty())
    out.terms = terms_of({}, all, false, report, settings);
  const auto order = ranked(report.shares.weights_dict);
  const auto at = std::ranges::find(order, miner, &std::pair<hotkey, double>::first);
  if (at == order.end())
    return out;
  out.share = at->second;
  out.rank = static_cast<uint64_t>(at - order.begin()) + 1;
  return out;
}

} // namespace sluice
