/// Runs one round: asks, checks, simulates, scores, reports.
#pragma once

#include "messages/liquidity.hpp"
#include "rules/liquidity/config.hpp"

#include <map>

namespace sluice {

class actor_stats;

/// `start_block`: the feed's, of its first block. `combined_before`: combined scores before the
/// round, in the range of the job's score_terms. Not checked here.
struct round_config {
  round_id id;
  uint64_t start_block = 0;
  job_config job; // start inventory and positions are the vault's at the start
  std::map<hotkey, double> combined_before; // breaks ties of the ranking
  bool stepped = true;
};

struct round_links {
  std::vector<roster_entry> miners; // everybody, or the winner alone
  simulator_actor simulators;
  executor_actor executor; // live rounds
};

/// How its miners did, for metrics. As counts: answers, failures, refusals and invalid proposals,
/// from 0.
void count_answers(const round_outcome& outcome, actor_stats& stats);

/// As its owner calls it and an operator names it: round-evaluation-7.
std::string actor_name_of(const round_id& id);

/// Stores nothing: what it found is the job's to keep. Runs until the job is done with it.
round_actor spawn_round(caf::actor_system& system, round_config config, round_links links);

} // namespace sluice
