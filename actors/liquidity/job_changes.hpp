/// Which changes of its jobs a folder may go on with: what their rounds were played with stays.
#pragma once

#include "io/config/config_change.hpp"
#include "rules/liquidity/config.hpp"
#include "rules/result.hpp"
#include "storage/data_dir.hpp"

#include <vector>

namespace sluice {

/// Refuses every frozen setting of a job that has played (rules/liquidity/job_change.hpp) and says
/// what the others mean; of a folder that does not know its configuration the differences come from
/// the stored jobs. Faults: what the disk reports.
result<nothing> judge_job_changes(const storage::data_dir& disk, const std::vector<job_config>& now,
                                  std::vector<io::config_change>& all);

} // namespace sluice
