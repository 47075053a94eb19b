#include "rules/consensus/task_scores.hpp"

#include <algorithm>

namespace sluice {

std::string why_no_task_scores(const std::vector<ranked_miner>& ranking) {
  if (ranking.empty())
    return "no miner is known: validators have to report miners "
           "(POST /api/v1/validators/miner-status) before tasks can be given to them";
  const auto scored
    = std::ranges::count_if(ranking, [](const ranked_miner& x) { return x.score > 0; });
  if (scored > 0)
    return std::to_string(scored) + " miner" + (scored == 1 ? " has" : "s have")
           + " a score, but none of their hotkeys is registered on this subnet";
  return "none of " + std::to_string(ranking.size())
         + (ranking.size() == 1 ? " miner has a score: it " : " miners has a score: uid ")
         + (ranking.size() == 1 ? "" : std::to_string(ranking.front().uid.value) + " ")
         + ranking.front().why + "; tasks come by POST /tasks or `sluice tasks submit`";
}

result<std::map<miner_uid, double>>
task_scores(const std::vector<ranked_miner>& ranking, std::span<const neuron> metagraph) {
  std::map<hotkey, miner_uid> uids;
  for (const auto& x : metagraph)
    uids.emplace(x.key, x.uid);
  std::map<miner_uid, double> scores;
  for (const auto& x : ranking)
    if (const auto at = uids.find(x.key); x.score > 0 && at != uids.end())
      scores[at->second] = x.score;
  if (scores.empty())
    return fault{ec::refused, why_no_task_scores(ranking)};
  return scores;
}

} // namespace sluice
