/// From the ranking of miners by their tasks to the mechanism's scores.
#pragma once

#include "rules/chain/dev_chain.hpp"
#include "rules/consensus/ranking.hpp"
#include "rules/result.hpp"

#include <map>
#include <span>
#include <vector>

namespace sluice {

/// Scores belong to hotkeys: each is that of the uid which the metagraph has for the hotkey; of
/// hotkeys that are not registered, and of miners without a score, there is none. Source: issue 13,
/// section 3. ec::refused, with what changes that: nobody has one.
result<std::map<miner_uid, double>>
task_scores(const std::vector<ranked_miner>& ranking, std::span<const neuron> metagraph);

/// Why nobody has a score, for people.
std::string why_no_task_scores(const std::vector<ranked_miner>& ranking);

} // namespace sluice
