/// The merged record of one miner, worked out the long way from the text of the README of the cases
/// (consensus, rules 2 to 5) and facts/mechanisms C3: sets, maps and loops over JSON, nothing
/// shared with rules/consensus.
#pragma once

#include <nlohmann/json.hpp>

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <vector>

namespace sluice::test {

/// One item of one report that has been cleaned.
struct straight_report {
  uint16_t validator = 0;
  uint64_t ms = 0;
  nlohmann::json item;
  double confidence = 0;
};

struct straight_record {
  std::string state = "none";
  std::set<uint16_t> validators;
  nlohmann::json status; // merged
  std::set<std::string> conflicts;
  int compared = 0;
  double ratio = 0;
  double confidence = 0;
};

inline nlohmann::json straight_cleaned(const nlohmann::json& item) {
  nlohmann::json made = nlohmann::json::object();
  for (const auto& [name, x] : item.items()) {
    const bool number = x.is_number();
    bool good = !x.is_null();
    if (name == "stake" || name == "current_load")
      good = number && x.get<double>() >= 0;
    else if (name == "performance_score")
      good = number && x.get<double>() >= 0 && x.get<double>() <= 1;
    else if (name == "is_serving")
      good = x.is_boolean();
    else if (name == "hotkey")
      good = x.is_string() && !x.get<std::string>().empty();
    else if (name == "max_capacity")
      good = number;
    else if (name == "task_type_specialization")
      good = x.is_string() || x.is_array() || x.is_object();
    if (good)
      made[name] = x;
  }
  return made;
}

/// Without a last_seen, which test items do not have.
inline double straight_confidence(const nlohmann::json& item) {
  double x = 1;
  for (const auto* name : {"uid", "hotkey", "stake", "is_serving"})
    x -= item.contains(name) ? 0 : 0.1;
  for (const auto* name : {"performance_score", "current_load", "task_type_specialization"})
    x += item.contains(name) ? 0.05 : 0;
  return std::clamp(x, 0.1, 1.0);
}

inline nlohmann::json
straight_mean(const std::vector<straight_report>& all, const std::string& name) {
  double sum = 0;
  double weight = 0;
  for (const auto& x : all) {
    sum += x.item.at(name).get<double>() * x.confidence;
    weight += x.confidence;
  }
  return sum / weight;
}

inline nlohmann::json
straight_newest(const std::vector<straight_report>& all, const std::string& name) {
  double most = 0;
  for (const auto& x : all)
    most = std::max(most, x.confidence);
  std::vector<straight_report> high;
  std::copy_if(all.begin(), all.end(), std::back_inserter(high),
               [&](const auto& x) { return x.confidence >= 0.8 * most - 1e-12; });
  std::sort(high.begin(), high.end(), [](const auto& a, const auto& b) {
    if (a.ms != b.ms)
      return a.ms > b.ms;
    return a.confidence != b.confidence ? a.confidence > b.confidence : a.validator < b.validator;
  });
  return high.front().item.at(name);
}

/// The value and whether it is in conflict.
inline std::pair<nlohmann::json, bool>
straight_vote(const std::vector<straight_report>& all, const std::string& name) {
  std::map<std::string, double> weights;
  double total = 0;
  for (const auto& x : all) {
    weights[x.item.at(name).dump()] += x.confidence;
    total += x.confidence;
  }
  const straight_report* best = nullptr;
  for (const auto& x : all) {
    const auto weight = weights[x.item.at(name).dump()];
    const auto of_best = best == nullptr ? -1 : weights[best->item.at(name).dump()];
    const bool same = std::abs(weight - of_best) <= 1e-12;
    if (best == nullptr || (!same && weight > of_best)
        || (same && (x.ms > best->ms || (x.ms == best->ms && x.validator < best->validator))))
      best = &x;
  }
  return {best->item.at(name), weights[best->item.at(name).dump()] < 0.6 * total - 1e-12};
}

/// Whose reports are merged, and what speaks for others.
struct straight_choice {
  std::string chosen;
  double chosen_weight = -1;
  double all_weight = 0;
  size_t carriers = 0;
};

inline straight_choice straight_hotkey(const std::vector<straight_report>& latest) {
  std::map<std::string, std::vector<straight_report>> by_hotkey;
  for (const auto& x : latest)
    if (x.item.contains("hotkey"))
      by_hotkey[x.item.at("hotkey").get<std::string>()].push_back(x);
  straight_choice out;
  auto& [chosen, chosen_weight, all_weight, carriers] = out;
  uint64_t chosen_ms = 0;
  for (const auto& [hotkey, reports] : by_hotkey) { // ascending: on a tie the greater is later
    double weight = 0;
    uint64_t ms = 0;
    for (const auto& x : reports) {
      weight += x.confidence;
      ms = std::max(ms, x.ms);
    }
    all_weight += weight;
    carriers += reports.size();
    const bool same = std::abs(weight - chosen_weight) <= 1e-12;
    if ((!same && weight > chosen_weight) || (same && ms >= chosen_ms)) {
      chosen = hotkey;
      chosen_weight = weight;
      chosen_ms = ms;
    }
  }
  return out;
}

/// Of the latest report of each validator that is in the window.
inline straight_record straight_merge(const std::vector<straight_report>& latest) {
  straight_record made;
  const auto [chosen, chosen_weight, all_weight, carriers] = straight_hotkey(latest);
  std::vector<straight_report> group;
  for (const auto& x : latest)
    if (!x.item.contains("hotkey") || x.item.at("hotkey") == chosen)
      group.push_back(x);
  double mean = 0;
  for (const auto& x : group) {
    made.validators.insert(x.validator);
    mean += x.confidence / static_cast<double>(group.size());
  }
  if (group.size() < 2) {
    made.state = latest.empty() ? "stale" : "pending";
    return made;
  }
  std::set<std::string> names;
  for (const auto& x : group)
    for (const auto& [name, value] : x.item.items())
      names.insert(name);
  for (const auto& name : names) {
    std::vector<straight_report> with;
    std::copy_if(group.begin(), group.end(), std::back_inserter(with),
                 [&](const auto& x) { return x.item.contains(name); });
    if (name == "hotkey") {
      made.status[name] = chosen;
      continue;
    }
    made.compared += with.size() >= 2 ? 1 : 0;
    if (name == "stake" || name == "current_load" || name == "performance_score") {
      made.status[name] = straight_mean(with, name);
    } else if (name == "is_serving") {
      const auto [value, conflict] = straight_vote(with, name);
      made.status[name] = value;
      if (conflict && with.size() >= 2)
        made.conflicts.insert(name);
    } else {
      made.status[name] = straight_newest(with, name);
    }
  }
  made.compared += carriers >= 2 ? 1 : 0;
  if (carriers >= 2 && chosen_weight < 0.6 * all_weight - 1e-12)
    made.conflicts.insert("hotkey");
  made.ratio = made.compared == 0 ? 0 : static_cast<double>(made.conflicts.size()) / made.compared;
  made.confidence = std::clamp(
    mean + std::min(0.2, 0.1 * static_cast<double>(group.size())) - made.ratio, 0.0, 1.0);
  made.state = made.ratio <= 0.3 + 1e-12 ? "agreed" : "conflicted";
  return made;
}

} // namespace sluice::test
