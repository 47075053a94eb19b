/// Reputation of validators from what their reports agree with, and thresholds that follow it.
#pragma once

#include "rules/consensus/config.hpp"
#include "rules/consensus/evidence.hpp"
#include "rules/consensus/record.hpp"

#include <cstdint>
#include <span>

namespace sluice {

/// Compared values of one report that agree with the merged record, and that do not.
struct agreement {
  uint32_t agreed = 0;
  uint32_t differed = 0;
};

/// Only with a quorum, and only fields of which the record has a value: numbers agree within
/// `tolerance` of the larger one, all others when they are the same.
agreement agreement_with(const miner_status& x, const consensus_record& record, double tolerance);

/// The history after one report: reputation moves by `rate` per report towards the fraction that
/// agreed; nothing compared: it stays. From `lowest` to 1.
void count_agreement(validator_history& x, const agreement& of_report, const weight_terms& terms);

/// The history after a contradiction: reputation times `evidence`, not below `lowest`.
void count_contradiction(validator_history& x, const weight_terms& terms);

/// What a vote needs and how much conflict is accepted, by the mean reputation (0 to 1) of who
/// reports: from vote_share and max_conflict at 1 to vote_highest and conflict_lowest at 0. Without
/// `reputation` in the settings always the first.
struct consensus_thresholds {
  double vote_share = 0.6;
  double max_conflict = 0.3;
};
consensus_thresholds thresholds_of(double mean_reputation, const consensus_settings& settings);

} // namespace sluice
