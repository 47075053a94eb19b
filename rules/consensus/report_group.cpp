#include "rules/consensus/report_group.hpp"

#include "rules/consensus/byzantine.hpp"
#include "rules/consensus/reputation.hpp"
#include "rules/consensus/status_field.hpp"
#include "rules/math/u256.hpp"

#include <algorithm>
#include <cmath>

namespace sluice {

namespace {

/// All reports with one hotkey.
struct hotkey_group {
  uint32_t id = 0;
  uint32_t newest = 0; // place
  double weight = 0;
  u128 stake = 0;
};

bool is_fresher(const weighed_report& a, const weighed_report& b) {
  if (a.received_ms != b.received_ms)
    return a.received_ms > b.received_ms;
  if (a.confidence != b.confidence)
    return a.confidence > b.confidence;
  return a.validator_uid < b.validator_uid;
}

/// What a report weighs beside the others in its window. `newest_ms`, `most_rao`: of these.
double weight_of(const weighed_report& x, uint64_t newest_ms, uint64_t most_rao,
                 const weight_terms& terms) {
  double weight = x.confidence;
  if (terms.half_life_s > 0)
    weight *= std::exp2(-static_cast<double>(newest_ms - x.received_ms) / 1000.0
                        / static_cast<double>(terms.half_life_s));
  if (terms.stake && most_rao > 0)
    weight *= static_cast<double>(x.stake_rao) / static_cast<double>(most_rao);
  if (terms.reputation)
    weight *= x.reputation;
  return weight;
}

/// Does `a` go before `b`: heavier, then with the newer report, then the greater hotkey?
bool is_heavier(const hotkey_group& a, const hotkey_group& b,
                std::span<const weighed_report> latest, consensus_policy policy) {
  if (policy == consensus_policy::byzantine && a.stake != b.stake)
    return a.stake > b.stake;
  if (policy != consensus_policy::byzantine && std::abs(a.weight - b.weight) > 1e-12)
    return a.weight > b.weight;
  if (latest[a.newest].received_ms != latest[b.newest].received_ms)
    return latest[a.newest].received_ms > latest[b.newest].received_ms;
  return latest[a.newest].status->hotkey > latest[b.newest].status->hotkey;
}

void find_window(std::span<const weighed_report> latest, uint64_t now_ms,
                 const consensus_settings& settings, report_group& out) {
  out.in_window.clear();
  out.newest.reset();
  for (uint32_t i = 0; i < latest.size(); ++i) {
    if (!out.newest || is_fresher(latest[i], latest[*out.newest]))
      out.newest = i;
    if (latest[i].received_ms + settings.window_s * 1000 >= now_ms)
      out.in_window.push_back(i);
  }
}

/// Weights and stakes of all that are in the window, by their place there.
void weigh_window(std::span<const weighed_report> latest, const consensus_settings& settings,
                  const report_group& group, std::vector<double>& weights,
                  std::vector<uint64_t>& stakes) {
  uint64_t newest_ms = 0;
  uint64_t most_rao = 0;
  for (const auto i : group.in_window) {
    newest_ms = std::max(newest_ms, latest[i].received_ms);
    most_rao = std::max(most_rao, latest[i].stake_rao);
  }
  weights.clear();
  stakes.clear();
  for (const auto i : group.in_window) {
    weights.push_back(weight_of(latest[i], newest_ms, most_rao, settings.weights));
    stakes.push_back(most_rao == 0 ? 1 : latest[i].stake_rao);
  }
}

/// One group per hotkey; few. The heaviest is swapped to the front.
void make_groups(std::span<const weighed_report> latest, const report_group& group,
                 const std::vector<double>& weights, const std::vector<uint64_t>& stakes,
                 consensus_policy policy, std::vector<hotkey_group>& groups) {
  groups.clear();
  for (size_t k = 0; k < group.in_window.size(); ++k) {
    const auto place = group.in_window[k];
    const auto& x = latest[place];
    if (x.hotkey_id == 0)
      continue;
    auto at = std::find_if(groups.begin(), groups.end(),
                           [&](const hotkey_group& y) { return y.id == x.hotkey_id; });
    if (at == groups.end())
      at = groups.insert(at, {x.hotkey_id, place, 0, 0});
    at->weight += weights[k];
    at->stake += stakes[k];
    if (x.received_ms > latest[at->newest].received_ms)
      at->newest = place;
  }
  for (size_t i = 1; i < groups.size(); ++i)
    if (is_heavier(groups[i], groups[0], latest, policy))
      std::swap(groups[i], groups[0]);
}

/// What the members have in common.
void sum_up(std::span<const weighed_report> latest, report_group& out) {
  out.fields_of_any = 0;
  out.fields_of_two = 0;
  double confidence = 0;
  double reputation = 0;
  for (const auto i : out.members) {
    out.fields_of_two |= out.fields_of_any & latest[i].fields;
    out.fields_of_any |= latest[i].fields;
    confidence += latest[i].confidence;
    reputation += latest[i].reputation;
  }
  const auto n = static_cast<double>(std::max<size_t>(out.members.size(), 1));
  out.mean_confidence = confidence / n;
  out.mean_reputation = out.members.empty() ? 1.0 : reputation / n;
}

/// Is the hotkey in conflict, and is it one at all? By weight: less than the share of all that
/// carry one. By stake: carried by half or less it is none; then it needs more than half.
void judge_hotkey(const std::vector<hotkey_group>& groups, const std::vector<uint64_t>& stakes,
                  const std::vector<double>& weights, std::span<const weighed_report> latest,
                  const consensus_settings& settings, report_group& out) {
  double carried = 0;
  double reputation = 0;
  size_t carriers = 0;
  u128 all_stake = 0;
  u128 carried_stake = 0;
  for (size_t k = 0; k < out.in_window.size(); ++k) {
    all_stake += stakes[k];
    const auto& x = latest[out.in_window[k]];
    if (x.hotkey_id == 0)
      continue;
    carried_stake += stakes[k];
    carried += weights[k];
    reputation += x.reputation;
    ++carriers;
  }
  out.compares_hotkeys = carriers >= 2;
  if (settings.policy == consensus_policy::byzantine) {
    if (carried_stake * 2 <= all_stake)
      out.named.reset();
    else
      out.hotkey_in_conflict = groups[0].stake * 2 <= all_stake;
    out.compares_hotkeys = out.compares_hotkeys && out.named;
    return;
  }
  if (carriers == 0)
    return;
  const auto share = thresholds_of(reputation / static_cast<double>(carriers), settings).vote_share;
  out.hotkey_in_conflict = groups[0].weight < share * carried - 1e-12;
}

/// What grouping needs besides its result; one per thread, so that nothing is allocated per item.
struct group_scratch {
  std::vector<double> weights;
  std::vector<uint64_t> stakes;
  std::vector<hotkey_group> groups;
};

} // namespace

void group_reports(std::span<const weighed_report> latest, uint64_t now_ms,
                   const consensus_settings& settings, report_group& out) {
  thread_local group_scratch scratch;
  auto& [weights, stakes, groups] = scratch;
  find_window(latest, now_ms, settings, out);
  weigh_window(latest, settings, out, weights, stakes);
  make_groups(latest, out, weights, stakes, settings.policy, groups);
  out.named.reset();
  out.hotkey_in_conflict = false;
  if (!groups.empty())
    out.named = groups[0].newest;
  judge_hotkey(groups, stakes, weights, latest, settings, out);
  const bool by_stake = settings.policy == consensus_policy::byzantine;
  out.members.clear();
  out.weights.clear();
  out.stakes.clear();
  for (size_t k = 0; k < out.in_window.size(); ++k) {
    const auto place = out.in_window[k];
    const auto id = latest[place].hotkey_id;
    const bool joins = id == 0 || (out.named ? id == groups[0].id : by_stake);
    if (!joins || (by_stake && stakes[k] == 0))
      continue;
    out.members.push_back(place);
    out.weights.push_back(weights[k]);
    out.stakes.push_back(stakes[k]);
  }
  sum_up(latest, out);
}

} // namespace sluice
