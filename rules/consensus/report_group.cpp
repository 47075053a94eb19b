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
  if (terms.halving_s > 0)
    weight *= std::exp2(-static_cast<double>(newest_ms - x.received_ms) / 1000.0
                        / static_cast<double>(terms.halving_s));
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

/// What grouping needs besides its result; one per thread, so that nothing is allocated per item.
struct group_scratch {
  std::vector<double> weights;      // by place in the window
  std::vector<uint64_t> stakes;     // the same
  std::vector<hotkey_group> groups; // one per hotkey, few; the heaviest is the first
  double carried = 0;               // weight of all that carry a hotkey
  double reputation = 0;            // of these, added up
  size_t carriers = 0;
  u128 all_stake = 0;
  u128 carried_stake = 0;
};

void add_to_group(std::vector<hotkey_group>& groups, std::span<const weighed_report> latest,
                  uint32_t place, double weight, uint64_t stake) {
  const auto& x = latest[place];
  auto at = groups.begin();
  while (at != groups.end() && at->id != x.hotkey_id)
    ++at;
  if (at == groups.end())
    at = groups.insert(at, {x.hotkey_id, place, 0, 0});
  at->weight += weight;
  at->stake += stake;
  if (x.received_ms > latest[at->newest].received_ms)
    at->newest = place;
}

/// Weights and stakes of all that are in the window, and a group per hotkey.
void weigh_window(std::span<const weighed_report> latest, const consensus_settings& settings,
                  const report_group& group, group_scratch& out) {
  uint64_t newest_ms = 0;
  uint64_t most_rao = 0;
  for (const auto i : group.in_window) {
    newest_ms = std::max(newest_ms, latest[i].received_ms);
    most_rao = std::max(most_rao, latest[i].stake_rao);
  }
  out.carried = out.reputation = 0;
  out.carriers = 0;
  out.all_stake = out.carried_stake = 0;
  out.groups.clear();
  out.weights.resize(group.in_window.size());
  out.stakes.resize(group.in_window.size());
  for (size_t k = 0; k < group.in_window.size(); ++k) {
    const auto place = group.in_window[k];
    const auto& x = latest[place];
    const auto weight = weight_of(x, newest_ms, most_rao, settings.weights);
    const auto stake = most_rao == 0 ? 1 : x.stake_rao;
    out.weights[k] = weight;
    out.stakes[k] = stake;
    out.all_stake += stake;
    if (x.hotkey_id == 0)
      continue;
    out.carried_stake += stake;
    out.carried += weight;
    out.reputation += x.reputation;
    ++out.carriers;
    add_to_group(out.groups, latest, place, weight, stake);
  }
  for (size_t i = 1; i < out.groups.size(); ++i)
    if (is_heavier(out.groups[i], out.groups[0], latest, settings.policy))
      std::swap(out.groups[i], out.groups[0]);
}

/// Is the hotkey in conflict, and is it one at all? By weight: less than the share of all that
/// carry one. By stake: carried by half or less it is none; then it needs more than half.
void judge_hotkey(const group_scratch& of, const consensus_settings& settings, report_group& out) {
  out.named.reset();
  out.hotkey_in_conflict = false;
  out.compares_hotkeys = of.carriers >= 2;
  if (of.carriers == 0)
    return;
  out.named = of.groups[0].newest;
  if (settings.policy == consensus_policy::byzantine) {
    if (of.carried_stake * 2 <= of.all_stake)
      out.named.reset();
    else
      out.hotkey_in_conflict = of.groups[0].stake * 2 <= of.all_stake;
    out.compares_hotkeys = out.compares_hotkeys && out.named;
    return;
  }
  const auto mean = of.reputation / static_cast<double>(of.carriers);
  const auto share = thresholds_of(mean, settings).vote_share;
  out.hotkey_in_conflict = of.groups[0].weight < share * of.carried - 1e-12;
}

/// Who is merged, and what they have in common.
void choose_members(std::span<const weighed_report> latest, const group_scratch& of, bool by_stake,
                    report_group& out) {
  out.members.clear();
  out.weights.clear();
  out.stakes.clear();
  out.fields_of_any = out.fields_of_two = 0;
  out.fields_of_all = ~uint32_t{0};
  double confidence = 0;
  double reputation = 0;
  for (size_t k = 0; k < out.in_window.size(); ++k) {
    const auto place = out.in_window[k];
    const auto& x = latest[place];
    const bool joins = x.hotkey_id == 0 || (out.named ? x.hotkey_id == of.groups[0].id : by_stake);
    if (!joins || (by_stake && of.stakes[k] == 0))
      continue;
    out.members.push_back(place);
    out.weights.push_back(of.weights[k]);
    out.stakes.push_back(of.stakes[k]);
    out.fields_of_two |= out.fields_of_any & x.fields;
    out.fields_of_any |= x.fields;
    out.fields_of_all &= x.fields;
    confidence += x.confidence;
    reputation += x.reputation;
  }
  const auto n = static_cast<double>(std::max<size_t>(out.members.size(), 1));
  out.mean_confidence = confidence / n;
  out.mean_reputation = out.members.empty() ? 1.0 : reputation / n;
}

} // namespace

void group_reports(std::span<const weighed_report> latest, uint64_t now_ms,
                   const consensus_settings& settings, report_group& out) {
  thread_local group_scratch scratch;
  find_window(latest, now_ms, settings, out);
  weigh_window(latest, settings, out, scratch);
  judge_hotkey(scratch, settings, out);
  choose_members(latest, scratch, settings.policy == consensus_policy::byzantine, out);
}

} // namespace sluice
