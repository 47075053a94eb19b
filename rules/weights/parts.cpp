#include "rules/weights/parts.hpp"

#include <algorithm>
#include <cmath>
#include <set>
#include <utility>

namespace sluice {

namespace {

bool is_positive(double score) {
  return std::isfinite(score) && score > 0;
}

} // namespace

bool scores_anybody(const mechanism_scores& x) {
  return std::ranges::any_of(x.scores, [](const auto& row) { return is_positive(row.second); });
}

mechanism_scores
scores_to_store(const std::optional<mechanism_scores>& last, mechanism_scores now) {
  if (!last || scores_anybody(now) || !scores_anybody(*last))
    return now;
  auto kept = *last;
  kept.barred = std::move(now.barred);
  return kept;
}

weight_parts
parts_of(std::span<const mechanism_scores> stored, const mechanism_shares& shares, epoch_no now,
         uint64_t age_max, const std::map<std::string, std::string>& missing) {
  const auto counting = fresh(stored, now, age_max);
  std::set<miner_uid> barred;
  for (const auto& x : counting)
    barred.insert(x.barred.begin(), x.barred.end());
  weight_parts parts;
  for (const auto& row : shares) {
    const auto& name = row.first;
    weight_part part;
    part.mechanism = name;
    part.share = row.second;
    const auto scores
      = std::ranges::find_if(counting, [&](const auto& x) { return x.mechanism == name; });
    if (scores != counting.end())
      for (const auto& [uid, score] : scores->scores)
        part.uids += is_positive(score) && !barred.contains(uid) ? 1 : 0;
    if (part.uids > 0) {
      part.age = now.value - scores->epoch.value;
      part.state = part.age == 0 ? part_state::fresh : part_state::kept;
    }
    if (const auto why = missing.find(name); why != missing.end())
      part.why = why->second;
    else if (part.state != part_state::fresh)
      part.why = "it scored nobody";
    parts.push_back(std::move(part));
  }
  return parts;
}

} // namespace sluice
