/// Many reports about one miner to one record: the rules of facts/mechanisms C3.3 to C3.5.
#pragma once

#include "rules/consensus/config.hpp"
#include "rules/consensus/record.hpp"

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace sluice {

/// The weighted mean; without any weight the plain one. Values and weights are paired; not empty;
/// weights 0 and above. No error.
double weighted_mean(std::span<const double> values, std::span<const double> weights);

/// A value of a vote: `key` is what is counted.
struct vote_entry {
  std::string_view key;
  double weight = 0; // 0 and above
  uint64_t received_ms = 0;
  uint16_t validator_uid = 0;
};
struct vote_result {
  size_t winner = 0; // place of an entry that has the value; the newest of these
  bool conflict = false;
};
/// The value with `share` of the whole weight, inclusive with a slack of 1e-12. None: in conflict,
/// and the heaviest value; ties by the most recent report, then the lower validator uid. Not empty.
vote_result weighted_vote(std::span<const vote_entry> entries, double share);

/// The place of the newest of the entries whose weight is `part` of the highest or more; ties by
/// weight, then the lower validator uid. Not empty. `key` does not matter.
size_t newest_of_high(std::span<const vote_entry> entries, double part);

/// Ratio of the fields in conflict, and the consensus' confidence: min(1, mean + bonus - ratio),
/// not below 0. `mean`: of the reports' confidence.
struct consensus_measure {
  double conflict_ratio = 0;
  double confidence = 0;
  bool eligible = false; // quorum, ratio and confidence are enough to be selected
};
consensus_measure measure_consensus(double mean, size_t validators, size_t conflicts,
                                    size_t compared, const consensus_settings& settings = {});

/// The record of `uid` at `now_ms` (milliseconds since 1970). `latest`: the latest report of each
/// validator, by validator uid, also those that are too old. `changed_ms` is `now_ms`; `version`
/// is 0. No error.
consensus_record merge_reports(miner_uid uid, std::span<const weighed_report> latest,
                               uint64_t now_ms, const consensus_settings& settings);

/// Every field of that record: reports, weights, rule.
std::vector<field_explanation> explain_merge(miner_uid uid, std::span<const weighed_report> latest,
                                             uint64_t now_ms, const consensus_settings& settings);

} // namespace sluice
