/// Runs one round: asks, checks, simulates, scores, reports.
#pragma once

#include "messages/liquidity.hpp"
#include "rules/liquidity/config.hpp"

#include <map>

namespace sluice {

class actor_stats;

/// `start_block`: the feed's, of its first block. `combined_before`: combined scores before the
/// round, in the range of the job's score_terms. `speed`: as in job_settings. Not checked here.
struct round_config {
  round_id id;
  uint64_t start_block = 0;
  job_config job; // start inventory and positions are the vault's at the start
  std::map<hotkey, double> combined_before; // breaks ties of the ranking
  bool stepped = true;
  std::vector<hotkey> owners{}; // of job.start_positions, as in job_record::vault_owners
  hotkey incumbent{};           // who played the last live round: wins ties
  double speed = 0;             // decides how long the opening may be refused
};

struct round_links {
  /// Evaluation: everybody that is registered and has been connected. Live: who may play, the first
  /// candidate first; one plays.
  std::vector<roster_entry> miners;
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
