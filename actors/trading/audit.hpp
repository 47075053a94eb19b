/// Recomputes the ledger from its stored events, and the scores from the ledger.
#pragma once

#include "rules/audit_finding.hpp"
#include "rules/result.hpp"
#include "storage/data_dir.hpp"

#include <vector>

namespace sluice {

/// Every book from its events in memory, compared row by row; the last step's standing; the stored
/// mechanism scores, when the last step handed them in. Nothing when there is no ledger. Faults:
/// what the disk reports.
result<std::vector<audit_finding>> audit_trading(const storage::data_dir& disk);

} // namespace sluice
