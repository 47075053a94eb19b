/// The leads mechanism's tables on one page: key, value, who writes it, how it is ordered.
#pragma once

#include "storage/coded_rows.hpp"
#include "storage/leads/records.hpp"
#include "storage/schema.hpp"
#include "storage/table.hpp"

namespace sluice::storage {

/// These tables. There is no older version of them.
schema_part leads_schema();

} // namespace sluice::storage

namespace sluice::storage::tables {

/// Curation results, the truth that shares are calculated from.
///   key    : lead_result_key {request_id, number}
///   value  : stored_result
///   writer : curation, before the buyer is answered; `leads import`
///   order  : by request, then in the order in which they came
inline constexpr table<lead_result_key, stored_result> lead_results{node_store, "lead_results"};

/// Sourced leads that passed the checks.
///   key    : e-mail address in lower case
///   value  : pool_lead
///   writer : sourced intake; `leads import`
///   order  : by address
inline constexpr table<std::string, pool_lead> lead_pool{node_store, "lead_pool"};

/// Attempts to publish.
///   key    : number of the attempt, from 1
///   value  : lead_publish
///   writer : leads (when it begins, then how it ended)
///   order  : oldest first
inline constexpr table<uint64_t, lead_publish> lead_publishes{node_store, "lead_publishes"};

/// What of the flow outlives the process.
///   key    : "now"
///   value  : flow_record
///   writer : leads
///   order  : one row
inline constexpr table<std::string, flow_record> lead_flow{node_store, "lead_flow"};

/// Counts: "results" and "pool" (rows of those tables, the next arrival), and one of each verdict
/// of the intake, "intake_accepted" and so on. A missing row is 0.
///   key    : name
///   value  : uint64
///   writer : whoever writes what is counted, in the same batch
///   order  : by name
inline constexpr table<std::string, uint64_t> lead_counters{node_store, "lead_counters"};

/// Names: "k_miner" is the hotkey whose sourced lead passed the checks last.
///   key    : name
///   value  : text
///   writer : whoever writes the pool, in the same batch
///   order  : by name
inline constexpr table<std::string, std::string> lead_names{node_store, "lead_names"};

/// Keys of the last three.
inline const std::string lead_flow_key = "now";
inline const std::string lead_results_key = "results";
inline const std::string lead_pool_key = "pool";
inline const std::string lead_k_miner_key = "k_miner";
/// "intake_" and the verdict's name.
std::string intake_key(intake_verdict x);

} // namespace sluice::storage::tables

namespace sluice::storage {

SLUICE_ROWS_CODED_ELSEWHERE(stored_result)
SLUICE_ROWS_CODED_ELSEWHERE(pool_lead)
SLUICE_ROWS_CODED_ELSEWHERE(lead_publish)
SLUICE_ROWS_CODED_ELSEWHERE(flow_record)

} // namespace sluice::storage
