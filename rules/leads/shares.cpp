#include "rules/leads/shares.hpp"

#include "rules/weights/prepare.hpp"

#include <algorithm>
#include <cmath>
#include <string_view>

namespace sluice {

namespace {

constexpr double v2_k_part = 0.10;
constexpr double v2_sourced_part = 0.45;
constexpr double v2_curated_part = 0.45;

double part_of(uint64_t count, uint64_t total) {
  return total == 0 ? 0 : static_cast<double>(count) / static_cast<double>(total);
}

/// Every miner's score before it is divided by the sum of all.
std::map<hotkey, double> scores_of_leads(const lead_tallies& tallies, double w_curated,
                                         double w_sourced, share_policy policy) {
  uint64_t curated = 0;
  uint64_t sourced = 0;
  for (const auto& row : tallies) {
    curated += row.second.curated;
    sourced += row.second.sourced;
  }
  std::map<hotkey, double> scores;
  for (const auto& [miner, tally] : tallies)
    scores[miner] = policy == share_policy::raw ? w_curated * static_cast<double>(tally.curated)
                                                    + w_sourced * static_cast<double>(tally.sourced)
                                                : w_curated * part_of(tally.curated, curated)
                                                    + w_sourced * part_of(tally.sourced, sourced);
  return scores;
}

double sum_of_shares(const std::map<hotkey, double>& weights) {
  double sum = 0;
  for (const auto& row : weights)
    sum += row.second;
  return sum;
}

/// Divided by their sum; empty when that is 0.
std::map<hotkey, double> divided_by_sum(std::map<hotkey, double> weights) {
  const double sum = sum_of_shares(weights);
  if (!(sum > 0) || !std::isfinite(sum))
    return {};
  for (auto& row : weights)
    row.second /= sum;
  return weights;
}

lead_shares lead_shares_of(std::map<hotkey, double> weights) {
  lead_shares made;
  made.weights_dict = divided_by_sum(std::move(weights));
  made.stats = stats_of(made.weights_dict);
  return made;
}

} // namespace

std::string_view name_of(share_status x) {
  return x == share_status::ok ? "ok" : "no_data";
}

share_stats stats_of(const std::map<hotkey, double>& weights) {
  share_stats made;
  if (weights.empty())
    return made;
  made.total_miners = static_cast<uint32_t>(weights.size());
  made.min_share = weights.begin()->second;
  for (const auto& row : weights) {
    made.total_share += row.second;
    made.min_share = std::min(made.min_share, row.second);
    made.max_share = std::max(made.max_share, row.second);
    made.zero_share_miners += row.second == 0 ? 1 : 0;
  }
  made.mean_share = made.total_share / static_cast<double>(weights.size());
  return made;
}

lead_shares
shares_of(const lead_tallies& tallies, double w_curated, double w_sourced, share_policy policy) {
  return lead_shares_of(scores_of_leads(tallies, w_curated, w_sourced, policy));
}

v2_weights
v2_of(const lead_tallies& tallies, uint64_t events, const hotkey& k_miner, double emission) {
  v2_weights made;
  made.events = events;
  if (events == 0)
    return made;
  for (const auto& [miner, tally] : tallies) {
    const double weight = v2_k_part * (miner == k_miner ? 1 : 0)
                          + v2_sourced_part * part_of(tally.sourced, events)
                          + v2_curated_part * part_of(tally.curated, events);
    made.weights[miner] = weight;
    made.sum += weight;
  }
  for (const auto& [miner, weight] : made.weights)
    made.paid[miner] = made.sum > 0 ? emission * weight / made.sum : 0;
  return made;
}

std::string_view name_of(lead_fate x) {
  switch (x) {
  case lead_fate::bad_timestamp:
    return "skipped_bad_timestamp";
  case lead_fate::out_of_window:
    return "out_of_window";
  case lead_fate::duplicate:
    return "duplicates";
  case lead_fate::used:
    return "used";
  }
  return "";
}

void lead_counter::add(const curation_result& x) {
  begin(x);
  for (const auto& each : x.leads)
    take(each, x.timestamp);
}

void lead_counter::begin(const curation_result& x) {
  if (grouped_ && x.request_id != request_) {
    seen_.clear();
    v2_seen_.clear();
  }
  request_ = x.request_id;
  ++counts_.documents;
}

lead_fate lead_counter::take(const lead& x, const lead_time& of_document) {
  ++counts_.leads;
  const auto ident = ident_of(x);
  const key k{grouped_ ? std::string{} : request_, ident, x.curated_by};
  const bool complete = !x.source.empty() && !x.curated_by.empty();
  if (complete && x.conversion_score && (ident.empty() || v2_seen_.insert(k).second)) {
    ++v2_events_;
    ++v2_tallies_[{x.source}].sourced;
    ++v2_tallies_[{x.curated_by}].curated;
  }
  const auto us = time_of(x, of_document);
  if (!us) {
    ++counts_.skipped_bad_timestamp;
    return lead_fate::bad_timestamp;
  }
  if (!window_.contains(*us)) {
    ++counts_.out_of_window;
    return lead_fate::out_of_window;
  }
  if (!ident.empty() && !seen_.insert(k).second) {
    ++counts_.duplicates;
    return lead_fate::duplicate;
  }
  ++counts_.used;
  counts_.incomplete += complete ? 0 : 1;
  if (!x.curated_by.empty())
    ++tallies_[{x.curated_by}].curated;
  if (!x.source.empty())
    ++tallies_[{x.source}].sourced;
  return lead_fate::used;
}

share_report report_of(const lead_counter& counted, const lead_window& window,
                       const leads_settings& settings, const hotkey& k_miner) {
  share_report made;
  made.window = window;
  made.counts = counted.counts();
  const hotkey k{settings.k_miner.empty() ? k_miner.value : settings.k_miner};
  made.v2 = v2_of(counted.v2_tallies(), counted.v2_events(), k, settings.emission);
  if (settings.policy == share_policy::v2) {
    made.tallies = counted.v2_tallies();
    made.shares = lead_shares_of(made.v2.weights);
    made.weighted_total = made.v2.sum;
  } else {
    made.tallies = counted.tallies();
    made.weighted_total = sum_of_shares(
      scores_of_leads(made.tallies, settings.w_curated, settings.w_sourced, settings.policy));
    made.shares = shares_of(made.tallies, settings.w_curated, settings.w_sourced, settings.policy);
  }
  made.status = made.shares.weights_dict.empty() ? share_status::no_data : share_status::ok;
  return made;
}

std::vector<std::pair<hotkey, double>> ranked(const std::map<hotkey, double>& weights) {
  std::vector<std::pair<hotkey, double>> all{weights.begin(), weights.end()};
  const auto rounded = [](double x) { return std::nearbyint(x * 1e12); };
  std::stable_sort(all.begin(), all.end(), [&](const auto& a, const auto& b) {
    return rounded(a.second) > rounded(b.second); // of equals, by hotkey as in the map
  });
  return all;
}

mapped_shares
map_to_uids(const std::map<hotkey, double>& weights, const std::map<hotkey, miner_uid>& metagraph) {
  mapped_shares made;
  weight_vector by_uid;
  double sum = 0;
  for (const auto& [miner, weight] : weights) {
    const auto at = metagraph.find(miner);
    if (at == metagraph.end()) {
      made.dropped.push_back(miner);
    } else if (weight > 0 && std::isfinite(weight)) {
      by_uid[at->second] += weight;
      sum += weight;
    }
  }
  if (by_uid.empty()) {
    made.skip = weights.empty() ? "no_data: nobody has a share" : "no registered miners";
    return made;
  }
  for (auto& [uid, weight] : by_uid) {
    weight /= sum;
    made.uids.push_back(uid.value);
    made.weights.push_back(weight);
  }
  for (const auto& [uid, value] : quantise_double(by_uid)) {
    made.u16_uids.push_back(uid);
    made.u16.push_back(value);
  }
  return made;
}

} // namespace sluice
