/// Recalculates what is stored of tasks: places, best responses, what every miner did.
#pragma once

#include "rules/audit_finding.hpp"
#include "rules/result.hpp"
#include "storage/data_dir.hpp"

namespace sluice {

/// Every task against its place in the list of its state; accuracy of its responses by agreement
/// and the best of them by their scores; counts of miners' work against all stored tasks, where
/// none has been erased yet (else that they are not below). Faults: what the disk reports.
result<audit_finding> audit_tasks(const storage::data_dir& disk);

} // namespace sluice
