/// Tables of the steps of the consensus mechanism, and of how the intake of reports stands.
#pragma once

#include "rules/consensus/report.hpp"
#include "rules/consensus/step.hpp"
#include "storage/coded_rows.hpp"
#include "storage/schema.hpp"
#include "storage/table.hpp"

namespace sluice::storage {

/// These tables, for the consensus mechanism's part of the schema.
std::vector<table_name> consensus_step_tables();

/// FNV-1a (64 bits) of the row as it is stored. No error.
uint64_t report_checksum(const status_report& x);

} // namespace sluice::storage

namespace sluice::storage::tables {

/// Steps that were played.
///   key    : number of the step, from 1
///   value  : consensus_step
///   writer : consensus, with which the step is done
///   order  : oldest first
/// Errors: as for every table.
inline constexpr table<uint64_t, consensus_step> consensus_steps{node_store, "consensus_steps"};

/// How the intake of reports stands.
///   key    : "now"
///   value  : intake_status
///   writer : consensus intake, in the batch with the reports that it took
///   order  : one row
/// Errors: as for every table.
inline constexpr table<std::string, intake_status> consensus_status{node_store, "consensus_status"};
inline const std::string consensus_status_key = "now";

/// By which a changed byte of a stored report is seen.
///   key    : number of the report
///   value  : uint64, storage::report_checksum
///   writer : consensus intake, in the batch that writes or erases the report
///   order  : by number
/// Errors: as for every table.
inline constexpr table<uint64_t, uint64_t> consensus_checksums{node_store, "consensus_checksums"};

} // namespace sluice::storage::tables

namespace sluice::storage {

SLUICE_ROWS_CODED_ELSEWHERE(consensus_step)
SLUICE_ROWS_CODED_ELSEWHERE(intake_status)

} // namespace sluice::storage
