/// What all records together show, and whether that is healthy. Source: facts/mechanisms C3c.
#pragma once

#include "rules/consensus/config.hpp"
#include "rules/fields.hpp"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace sluice {

/// Counts from 0; rates 0 to 1, 0 when there is nothing to divide by.
struct consensus_statistics {
  uint64_t reports = 0;         // taken since the data folder is there
  uint64_t miners_reported = 0; // that have a record
  uint64_t agreed = 0;          // of these
  uint64_t conflicted = 0;
  uint64_t pending = 0;
  uint64_t stale = 0;
  uint64_t active_validators = 0; // reported in the last active_s
  uint64_t serving = 0;           // records with is_serving
  double total_stake = 0;         // TAO, over records that are served
  double coverage = 0;            // agreed / reported
  double conflict_rate = 0;       // conflicted / (agreed + conflicted)
  double mean_confidence = 0;     // over those two
  bool by_consensus = false;      // processing_mode: one record or more is agreed
  SLUICE_FIELDS(reports, miners_reported, agreed, conflicted, pending, stale, active_validators,
                serving, total_stake, coverage, conflict_rate, mean_confidence, by_consensus)
  bool operator==(const consensus_statistics&) const = default;
};

/// "consensus", "individual"
std::string_view processing_mode(const consensus_statistics& x);

/// One check: what is measured, its limit, and a sentence for whoever has to act.
struct consensus_check {
  std::string name; // "coverage", "participation", "conflict_rate", "mean_confidence"
  bool healthy = true;
  double value = 0;
  double limit = 0;
  std::string says;
  SLUICE_FIELDS(name, healthy, value, limit, says)
  bool operator==(const consensus_check&) const = default;
};

/// The four. Before anybody reported all are healthy but participation.
std::vector<consensus_check> check_health(const consensus_statistics& x, const health_terms& terms);

} // namespace sluice
