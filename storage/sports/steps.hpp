/// Tables of the steps of the sports mechanism: what a node did, step by step.
#pragma once

#include "storage/coded_rows.hpp"
#include "storage/schema.hpp"
#include "storage/sports/records.hpp"
#include "storage/table.hpp"

#include <vector>

namespace sluice::storage {

/// These tables, for the sports mechanism's part of the schema.
std::vector<table_name> sports_step_tables();

} // namespace sluice::storage

namespace sluice::storage::tables {

/// Steps that were played.
///   key    : number of the step, from 1
///   value  : sports_step
///   writer : sports, with which the step is done
///   order  : oldest first
/// Errors: as for every table.
inline constexpr table<uint64_t, sports_step> sports_steps{node_store, "sports_steps"};

} // namespace sluice::storage::tables

namespace sluice::storage {

SLUICE_ROWS_CODED_ELSEWHERE(sports_step)

} // namespace sluice::storage
