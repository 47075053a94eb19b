/// Tables of miner statuses: reports that are used, what is known of validators, evidence.
#pragma once

#include "rules/consensus/evidence.hpp"
#include "rules/consensus/report.hpp"
#include "storage/coded_rows.hpp"
#include "storage/consensus/records.hpp"
#include "storage/schema.hpp"
#include "storage/table.hpp"

namespace sluice::storage {

/// These tables; those of tasks and steps are on their own pages. There is no older version.
schema_part consensus_schema();

} // namespace sluice::storage

namespace sluice::storage::tables {

/// Reports of which an item is its validator's latest about that miner, at most an hour old. The
/// others are erased in the batch of the report that takes their place.
///   key    : number of the report, from 1
///   value  : status_report
///   writer : consensus intake, before the validator is answered
///   order  : as they were taken
inline constexpr table<uint64_t, status_report> consensus_reports{node_store, "consensus_reports"};

/// The last report_heads_max reports, used or not, without their items.
///   key    : number of the report modulo report_heads_max
///   value  : report_head
///   writer : consensus intake, in the batch of the report
///   order  : none
inline constexpr table<uint64_t, report_head> consensus_heads{node_store, "consensus_heads"};

/// What is known of validators: counts, the last signed report, reputation.
///   key    : history_key: hotkey, or "uid:N"
///   value  : validator_history
///   writer : consensus intake, in the batch of the report
///   order  : by hotkey
/// At most status_limits::validators_max rows.
inline constexpr table<std::string, validator_history> consensus_validators{node_store,
                                                                            "consensus_validators"};

/// Different signed reports of one validator for one epoch.
///   key    : evidence_key {validator, place}
///   value  : report_evidence
///   writer : consensus intake
///   order  : by validator
inline constexpr table<evidence_key, report_evidence> consensus_evidence{node_store,
                                                                         "consensus_evidence"};

/// Counts of reports.
///   key    : "now"
///   value  : report_counts
///   writer : consensus intake, in the batch of the report
///   order  : one row
inline constexpr table<std::string, report_counts> consensus_counts{node_store, "consensus_counts"};
inline const std::string consensus_counts_key = "now";

} // namespace sluice::storage::tables

namespace sluice::storage {

SLUICE_ROWS_CODED_ELSEWHERE(status_report)
SLUICE_ROWS_CODED_ELSEWHERE(report_head)
SLUICE_ROWS_CODED_ELSEWHERE(validator_history)
SLUICE_ROWS_CODED_ELSEWHERE(report_evidence)
SLUICE_ROWS_CODED_ELSEWHERE(report_counts)

} // namespace sluice::storage
