/// The book of reports out of a data folder.
#pragma once

#include "rules/consensus/report_book.hpp"
#include "rules/result.hpp"
#include "storage/data_dir.hpp"

#include <vector>

namespace sluice::storage {

/// The book that the stored reports make, at the time of the last one; call expire() with today's.
/// With `settings.weights.reputation` it is the same as before after refresh() of both. Faults:
/// what the disk reports.
result<report_book> recall_reports(const data_dir& disk, const consensus_settings& settings,
                                   const std::vector<consensus_validator>& validators = {});

} // namespace sluice::storage
