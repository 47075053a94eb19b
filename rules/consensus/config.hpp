/// What the consensus mechanism is configured with.
#pragma once

#include "rules/fields.hpp"

#include <cstdint>
#include <string_view>

namespace sluice {

/// How reports about one miner become one record. Numbers are stored and travel.
enum class consensus_policy : uint8_t {
  confidence = 0, // weighted by the reports' confidence (facts/mechanisms C3.4): mean, vote, newest
  byzantine,      // weighted by the validators' stake: median, more than half, or no value
};
constexpr bool known(consensus_policy x) {
  return x == consensus_policy::confidence || x == consensus_policy::byzantine;
}
/// "confidence", "byzantine"
constexpr std::string_view name_of(consensus_policy x) {
  return x == consensus_policy::byzantine ? "byzantine" : "confidence";
}

/// How available a miner is (facts/mechanisms C3.7). Numbers are stored and travel.
enum class availability_formula : uint8_t {
  boosted = 0, // performance times free capacity, and a boost from the consensus
  full,        // performance, free capacity, stake and last report, weighted
};
constexpr bool known(availability_formula x) {
  return x == availability_formula::boosted || x == availability_formula::full;
}
/// "boosted", "full"
constexpr std::string_view name_of(availability_formula x) {
  return x == availability_formula::full ? "full" : "boosted";
}

/// What a report is worth by what it has in it. Source: facts/mechanisms C3.2. All but the ages
/// have no unit and are 0 to 1.
struct confidence_terms {
  double missing = 0.1;    // off for each of uid, hotkey, stake, is_serving that is missing
  double present = 0.05;   // for each of performance_score, current_load, specialization
  double fresh = 0.1;      // for a last_seen that is younger than fresh_s
  double recent = 0.05;    // else for one that is younger than recent_s
  double lowest = 0.1;     // the result is not below
  uint64_t fresh_s = 300;  // seconds, 0 to 86400
  uint64_t recent_s = 900; // seconds, fresh_s to 86400
  uint64_t future_s = 60;  // a last_seen that is further ahead earns nothing; 0 to 86400
  SLUICE_FIELDS(missing, present, fresh, recent, lowest, fresh_s, recent_s, future_s)
  bool operator==(const confidence_terms&) const = default;
};

/// Options of the weights, all off by default.
struct weight_terms {
  uint64_t halving_s = 0;        // a report this much older weighs half; 0: age does not matter
  bool stake = false;            // times the validator's share of the largest stake
  bool reputation = false;       // times the validator's reputation; and thresholds adapt
  double rate = 0.01;            // of one report in its validator's reputation, 0 to 1
  double tolerance = 0.1;        // relative: numbers that differ by no more agree, 0 to 1
  double lowest = 0.05;          // reputation is not below, 0 to 1
  double evidence = 0.5;         // reputation is multiplied by it for each contradiction, 0 to 1
  double vote_highest = 0.75;    // the share that a vote needs adapts from vote_share up to this
  double conflict_lowest = 0.15; // and the conflict that is accepted from max_conflict down to this
  SLUICE_FIELDS(halving_s, stake, reputation, rate, tolerance, lowest, evidence, vote_highest,
                conflict_lowest)
  bool operator==(const weight_terms&) const = default;
};

/// When the statistics are healthy; all but `validators` 0 to 1. Source: facts/mechanisms C3c,
/// KPIs.
struct health_terms {
  double coverage_min = 0.5;        // agreed / reported
  uint64_t participation_min = 2;   // validators in the last hour, 0 to 1024
  double conflict_rate_max = 0.3;   // conflicted / (agreed + conflicted)
  double mean_confidence_min = 0.7; // over those two
  SLUICE_FIELDS(coverage_min, participation_min, conflict_rate_max, mean_confidence_min)
  bool operator==(const health_terms&) const = default;
};

/// Tasks. Source: facts/mechanisms C2, C3.8, C3c. Names end in their unit: s seconds; what has no
/// unit and no range stated is 0 to 1.
struct consensus_task_terms {
  uint64_t distribute_s = 30;      // between two passes, 1 to 3600
  uint64_t batch = 50;             // tasks of a pass, 1 to 10000
  uint64_t answer_s = 1800;        // assigned without an answer for longer: failed; 1 to 86400
  uint64_t settle_s = 3600;        // assigned for longer, with an answer: completed; 1 to 86400
  uint64_t pending_s = 3600;       // pending for longer: failed; 0: never; at most 604800
  uint64_t max_retries = 3;        // failed and pending again, 0 to 100
  uint64_t retry_delay_s = 60;     // before that, 0 to 3600
  uint64_t purge_s = 604'800;      // ended tasks are kept for, 60 to 31536000
  uint64_t required_miners = 1;    // when a task does not say, 1 to max_miners
  uint64_t min_miners = 1;         // 1 to max_miners
  uint64_t max_miners = 5;         // 1 to 16
  uint64_t open_max = 10'000;      // tasks that have not ended, 1 to 100000
  uint64_t client_open_max = 5000; // of these, of one client, 1 to 100000
  uint64_t ended_max = 100'000;    // ended tasks; beyond it the oldest go, 1 to 1000000
  uint64_t review_s = 3600;        // completed: for the client to rate; 0 to 604800
  uint64_t poll_seen_s = 120;      // a worker that polled is there for so long, 1 to 86400
  bool only_reachable = true;      // only miners that are connected or poll are assigned to
  double accuracy_weight = 0.7;    // of the best response
  double speed_weight = 0.3;       // of the best response
  double speed_full_s = 30;        // an answer that takes as long has speed 0; above 0 to 86400
  double lone_accuracy = 0.5;      // of a response that can be compared with no other
  double accepted_accuracy = 0.5;  // from which on a response is a success
  uint64_t unseen_s = 86'400;      // a miner that was not seen for longer has no score, 1 to 604800
  uint64_t scored_successes = 1;   // a miner with fewer has no score, 0 to 1000000
  SLUICE_FIELDS(distribute_s, batch, answer_s, settle_s, pending_s, max_retries, retry_delay_s,
                purge_s, required_miners, min_miners, max_miners, open_max, client_open_max,
                ended_max, review_s, poll_seen_s, only_reachable, accuracy_weight, speed_weight,
                speed_full_s, lone_accuracy, accepted_accuracy, unseen_s, scored_successes)
  bool operator==(const consensus_task_terms&) const = default;
};

/// Every constant of facts/mechanisms C2 and C3. Names end in their unit: s seconds. What has no
/// unit and no range stated is 0 to 1. Ranges are checked where a configuration is read.
struct consensus_settings {
  consensus_policy policy = consensus_policy::confidence;
  uint64_t min_validators = 2;  // of one record, 1 to 64
  uint64_t window_s = 300;      // reports that count are no older, 1 to 86400
  double max_conflict = 0.3;    // a higher conflict ratio: conflicted
  double vote_share = 0.6;      // of the weight, wins a vote; inclusive
  double high_confidence = 0.8; // of the highest weight: the newest of these wins
  double validator_bonus = 0.1; // of the confidence, per validator
  double validator_bonus_max = 0.2;
  double eligible_confidence = 0.7; // of a record whose miner may be selected
  double boost = 0.2;               // of availability, times the confidence
  uint64_t fallback_s = 900;        // a single report serves for so long, window_s to 86400
  uint64_t validator_stale_s = 600; // a validator is stale after, 1 to 86400
  uint64_t active_s = 3600;         // and active when it reported in the last, 1 to 86400
  uint64_t cache_s = 60;            // an answer of a route is not older, 1 to 3600
  availability_formula availability = availability_formula::boosted;
  double availability_min = 0.1;
  double default_performance = 0.5;
  double default_load = 0;     // tasks
  double default_capacity = 5; // tasks, 0 to 1e6
  double stake_full = 1000;    // TAO that earn the whole part of `full`, above 0
  confidence_terms confidence;
  weight_terms weights;
  health_terms health;
  consensus_task_terms tasks;
  SLUICE_FIELDS(policy, min_validators, window_s, max_conflict, vote_share, high_confidence,
                validator_bonus, validator_bonus_max, eligible_confidence, boost, fallback_s,
                validator_stale_s, active_s, cache_s, availability, availability_min,
                default_performance, default_load, default_capacity, stake_full, confidence,
                weights, health, tasks)
  bool operator==(const consensus_settings&) const = default;
};

} // namespace sluice
