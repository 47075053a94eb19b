/// Values of the leads mechanism as the JSON of examples and cases.
#pragma once

#include "rules/leads/config.hpp"
#include "rules/leads/shares.hpp"
#include "tests/vectors/examples.hpp"

#include <map>
#include <stdexcept>
#include <string>

namespace sluice::vectors {

inline json json_of_weights(const std::map<hotkey, double>& weights) {
  auto made = json::object();
  for (const auto& [miner, weight] : weights)
    made[miner.value] = weight;
  return made;
}

inline json json_of_stats(const share_stats& x) {
  return {{"total_miners", x.total_miners}, {"total_share", x.total_share},
          {"min_share", x.min_share},       {"max_share", x.max_share},
          {"mean_share", x.mean_share},     {"zero_share_miners", x.zero_share_miners}};
}

inline share_policy policy_of(const std::string& mode) {
  if (mode == "ratio")
    return share_policy::ratio;
  if (mode == "raw")
    return share_policy::raw;
  if (mode == "v2")
    return share_policy::v2;
  throw std::runtime_error("mode " + mode + " is none of ratio, raw, v2");
}

/// uid = index; of a hotkey that comes twice the first counts.
inline std::map<hotkey, miner_uid> metagraph_of(const json& hotkeys) {
  std::map<hotkey, miner_uid> made;
  uint16_t uid = 0;
  for (const auto& x : hotkeys)
    made.emplace(hotkey{x.get<std::string>()}, miner_uid{uid++});
  return made;
}

inline json json_of_hotkeys(const std::vector<hotkey>& all) {
  auto made = json::array();
  for (const auto& x : all)
    made.push_back(x.value);
  return made;
}

} // namespace sluice::vectors
