/// Tables of the steps of the leads mechanism: what a node did, step by step.
#pragma once

#include "rules/leads/step.hpp"
#include "storage/coded_rows.hpp"
#include "storage/schema.hpp"
#include "storage/table.hpp"

namespace sluice::storage {

/// In the table of names: the operator who holds sourced leads back; absent when nobody does.
inline const std::string intake_held_key = "intake_held";

/// These tables, for the leads mechanism's part of the schema.
std::vector<table_name> step_tables();

} // namespace sluice::storage

namespace sluice::storage::tables {

/// Steps that were played.
///   key    : number of the step, from 1
///   value  : lead_step
///   writer : leads, with which the step is done
///   order  : oldest first
/// Steps in which nothing was due are not here. Errors: as for every table.
inline constexpr table<uint64_t, lead_step> lead_steps{node_store, "lead_steps"};

/// What a step of a world took from its miners.
///   key    : number of the step, from 1
///   value  : intake_report
///   writer : sourced intake, in the batch with the leads that it took
///   order  : oldest first
/// Errors: as for every table.
inline constexpr table<uint64_t, intake_report> lead_intakes{node_store, "lead_intakes"};

} // namespace sluice::storage::tables

namespace sluice::storage {

SLUICE_ROWS_CODED_ELSEWHERE(lead_step)
SLUICE_ROWS_CODED_ELSEWHERE(intake_report)

} // namespace sluice::storage
