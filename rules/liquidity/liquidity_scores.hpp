/// From the scoreboards of all jobs to the mechanism's scores (facts/liquidity §5).
#pragma once

#include "rules/liquidity/miner_cluster.hpp"
#include "rules/liquidity/scoreboard.hpp"
#include "rules/result.hpp"
#include "rules/weights/mechanism_scores.hpp"

#include <map>
#include <optional>
#include <span>
#include <vector>

namespace sluice {

enum class score_policy : uint8_t {
  winner_per_job = 0, // only each job's best eligible miner counts
  proportional,       // all eligible with a score above 0, a cluster as one
};

/// One job and its miners whose record counts, as the mechanism's scores see them.
struct job_standing {
  job_id job;
  /// What the weights use of them (scoreboard::weight_score), of any sign, best first.
  std::vector<std::pair<miner_uid, double>> eligible;
  double revenue = 0; // fees of its vault, in the emission's unit, 0 or more
  std::vector<miner_cluster> clusters{};
  bool failed = false; // cannot go on: what its miners count with is burned
  SLUICE_FIELDS(job, eligible, revenue, clusters, failed)
  bool operator==(const job_standing&) const = default;
};

/// Whose record on `board` counts of those who are still registered, best first (ties: lower uid).
/// `registered` states which hotkey holds which uid now: a hotkey that lost its slot keeps its
/// scores but earns nothing. Scores have no unit; no error.
std::vector<std::pair<miner_uid, double>>
standing_of(const scoreboard& board, const std::map<miner_uid, hotkey>& registered);

/// What each of a job's miners counts with, all above 0: with `winner_per_job` the best one with
/// its score, with `proportional` everybody, a cluster with one part. That is the mean of the
/// scores of its members that are eligible, those below 0 counted as 0; the member that takes it
/// gets all of it when it is eligible, else it is divided equally among those who are. Scores have
/// no unit; no error.
std::map<miner_uid, double> parts_of(const job_standing& standing, score_policy policy);

/// The vaults' fees over the look-back, all jobs together, in the emission's unit. No error; the
/// standings are not checked here.
double total_revenue(std::span<const job_standing> standings);

/// How much of the emission is burned.
struct burn_terms {
  miner_uid burn_uid;      // 0 to limits::miners_max - 1
  double profit_ratio = 1; // 0 to 1: miner_ratio = clamp(revenue / emission, 0, profit_ratio)
  SLUICE_FIELDS(burn_uid, profit_ratio)
  bool operator==(const burn_terms&) const = default;
};

/// The scores of the mechanism "liquidity", adding up to 1: miners share `miner_ratio` by their raw
/// scores (the sum of `parts_of` over the jobs), the burn uid gets the rest. The parts of a job
/// that failed go to the burn uid: nobody earns for a job that is not played, and nobody gets more
/// because another job failed; its revenue counts as long as it is part of the sum.
/// Fails with ec::refused and the reason when an input is missing, not finite, negative or
/// (emission) 0: never "100 % burn because a query failed". No standing at all gives no scores.
/// `revenue` and `emission` are of the same time, both in the emission's unit. ec::refused as well
/// for a profit_ratio above 1.
result<mechanism_scores>
liquidity_scores(epoch_no epoch, std::span<const job_standing> standings, score_policy policy,
                 const burn_terms& burn, std::optional<double> revenue,
                 std::optional<double> emission);

} // namespace sluice
