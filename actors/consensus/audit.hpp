/// Recalculates what is stored of consensus from its stored reports.
#pragma once

#include "rules/audit_finding.hpp"
#include "rules/result.hpp"
#include "storage/data_dir.hpp"

#include <vector>

namespace sluice {

/// Records: the statistics that the node stored, against those of the reports that it stored,
/// merged anew; counts of validators; signatures' digests; work of miners against the tasks.
/// Faults: what the disk reports.
result<std::vector<audit_finding>> audit_consensus(const storage::data_dir& disk);

} // namespace sluice
