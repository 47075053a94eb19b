#include "rules/liquidity/liquidity_scores.hpp"

#include "rules/liquidity/name.hpp"

#include <algorithm>
#include <cmath>

namespace sluice {

namespace {

using standing_row = std::pair<miner_uid, double>;

bool better(const standing_row& a, const standing_row& b) {
  return a.second != b.second ? a.second > b.second : a.first < b.first;
}

/// Why these inputs cannot make scores; empty when they can.
std::string input_fault(std::span<const job_standing> standings, const burn_terms& burn,
                        std::optional<double> revenue, std::optional<double> emission) {
  const auto unusable = [](const char* name, std::optional<double> x) {
    if (!x)
      return std::string{name} + " is missing";
    if (!std::isfinite(*x))
      return std::string{name} + " is not a finite number";
    return *x < 0 ? std::string{name} + " is negative" : std::string{};
  };
  for (auto fault : {unusable("revenue", revenue), unusable("emission", emission),
                     unusable("profit_ratio", burn.profit_ratio)})
    if (!fault.empty())
      return fault;
  if (*emission == 0)
    return "emission is 0";
  if (burn.profit_ratio > 1)
    return "profit_ratio is above 1";
  for (const auto& job : standings) {
    if (auto fault = unusable("revenue", job.revenue); !fault.empty())
      return "job " + job.job.value + ": " + fault;
    for (const auto& [uid, combined] : job.eligible)
      if (!std::isfinite(combined))
        return "job " + job.job.value + ": the score of uid " + std::to_string(uid.value)
               + " is not a finite number";
  }
  return {};
}

/// One part for a cluster; its members are taken out of `alone`.
void add_part(std::map<miner_uid, double>& parts, std::map<miner_uid, double>& alone,
              const miner_cluster& cluster) {
  std::vector<standing_row> counted;
  for (const auto uid : cluster.members)
    if (const auto row = alone.extract(uid))
      counted.emplace_back(uid, std::max(row.mapped(), 0.0));
  const auto n = static_cast<double>(counted.size());
  double part = 0;
  for (const auto& [uid, score] : counted)
    part += score / n; // the sum of large scores could overflow
  const auto takes = [&](const standing_row& x) { return x.first == cluster.takes; };
  if (const auto one = std::ranges::find_if(counted, takes); one != counted.end())
    counted = {*one};
  const auto takers = static_cast<double>(counted.size());
  for (const auto& [uid, score] : counted)
    if (part / takers > 0)
      parts[uid] = part / takers;
}

/// What everybody counts with over all jobs, and what nobody gets because its job failed.
struct raw_parts {
  std::map<miner_uid, double> scores;
  std::vector<double> burned;
};

raw_parts raw_parts_of(std::span<const job_standing> standings, score_policy policy) {
  raw_parts raw;
  for (const auto& job : standings)
    for (const auto& [uid, part] : parts_of(job, policy)) {
      if (job.failed)
        raw.burned.push_back(part);
      else
        raw.scores[uid] += part;
    }
  return raw;
}

} // namespace

std::vector<std::pair<miner_uid, double>>
standing_of(const scoreboard& board, const std::map<miner_uid, hotkey>& registered) {
  std::vector<standing_row> rows;
  for (const auto& [uid, key] : registered)
    if (const auto counts_with = board.weight_score(key))
      rows.emplace_back(uid, *counts_with);
  std::sort(rows.begin(), rows.end(), better);
  return rows;
}

std::map<miner_uid, double> parts_of(const job_standing& standing, score_policy policy) {
  std::map<miner_uid, double> parts;
  if (policy == score_policy::winner_per_job) {
    const auto best = std::ranges::min_element(standing.eligible, better);
    if (best != standing.eligible.end() && best->second > 0)
      parts.insert(*best);
    return parts;
  }
  std::map<miner_uid, double> alone{standing.eligible.begin(), standing.eligible.end()};
  for (const auto& cluster : standing.clusters)
    add_part(parts, alone, cluster);
  for (const auto& row : alone)
    if (row.second > 0)
      parts.insert(row);
  return parts;
}

result<mechanism_scores>
liquidity_scores(epoch_no epoch, std::span<const job_standing> standings, score_policy policy,
                 const burn_terms& burn, std::optional<double> revenue,
                 std::optional<double> emission) {
  if (auto reason = input_fault(standings, burn, revenue, emission); !reason.empty())
    return fault{ec::refused, "no liquidity scores: " + reason};
  mechanism_scores scores{std::string{liquidity_name}, epoch, {}, {}};
  const auto raw = raw_parts_of(standings, policy);
  if (raw.scores.empty() && raw.burned.empty())
    return scores;
  const double miner_ratio = std::clamp(*revenue / *emission, 0.0, burn.profit_ratio);
  double largest = 0; // divide by it first: a sum of large scores cannot overflow
  for (const auto& row : raw.scores)
    largest = std::max(largest, row.second);
  for (const auto part : raw.burned)
    largest = std::max(largest, part);
  double total = 0;
  for (const auto& row : raw.scores)
    total += row.second / largest;
  double burned = 0;
  for (const auto part : raw.burned)
    burned += part / largest;
  total += burned;
  for (const auto& [uid, score] : raw.scores)
    if (const double share = miner_ratio * (score / largest / total); share > 0)
      scores.scores[uid] = share;
  if (const double share = miner_ratio * (burned / total); share > 0)
    scores.scores[burn.burn_uid] += share;
  if (miner_ratio < 1)
    scores.scores[burn.burn_uid] += 1 - miner_ratio;
  return scores;
}

double total_revenue(std::span<const job_standing> standings) {
  double sum = 0;
  for (const auto& x : standings)
    sum += x.revenue;
  return sum;
}

} // namespace sluice
